// A process that is killed while it writes or syncs: whatever it had reported as saved or taken is
// there, once, and the replica opens without any repair.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "client/replica/replica.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::client {
namespace {

using testing::Create;
using testing::RecordNamed;

bool Save(Replica& replica, uint64_t n) {
  auto saved = replica.Write(
      [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
        Replica::Draft draft;
        RecordId record = RecordNamed("activity " + std::to_string(n));
        draft.edits = {Create(record, "activity"),
                       testing::Write(record, "activity", "title", merge::StringValue("Title"))};
        return draft;
      },
      kTime);
  return saved.ok() && !saved->refusal;
}

class KillTest : public ::testing::Test {
 protected:
  KillTest() {
    Identity ana = ledger_.Enrol("ana", "Exampleton");
    auto replica = *Replica::Create(folder_ / "ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(*replica->LockSync());
    EXPECT_TRUE(replica->ApplyEntries(ledger_.EntriesAfter(0)).ok());
  }

  // Runs `work` in another process; it reports each step that is done. Killed some way into the
  // step after `steps` of them; returns how many it had reported by then.
  template <typename Work>
  uint64_t KillAfter(uint64_t steps, Work work) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      work([&] { return write(ends[1], "x", 1) == 1; });
      _exit(0);
    }
    close(ends[1]);
    uint64_t done = 0;
    char report;
    while (done < steps && read(ends[0], &report, 1) == 1) ++done;
    kill(child, SIGKILL);
    while (read(ends[0], &report, 1) == 1) ++done;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return done;
  }

  TemporaryFolder folder_;
  TestLedger ledger_;
  std::mt19937 random_{20310328};
};

TEST_F(KillTest, WhatWasSavedIsThereOnceAndWithoutAGap) {
  uint64_t saved = 0;
  for (int round = 0; round < 20; ++round) {
    saved += KillAfter(random_() % 8, [&](auto report) {
      auto replica = Replica::Open(folder_ / "ana");
      if (!replica.ok()) return;
      for (uint64_t n = (*replica)->last_number() + 1; Save(**replica, n) && report(); ++n) {
      }
    });
    auto replica = Replica::Open(folder_ / "ana");
    ASSERT_TRUE(replica.ok()) << MessageOf(replica.status());
    // One more than reported: it was killed between COMMIT and report.
    ASSERT_GE((*replica)->last_number(), saved);
    ASSERT_LE((*replica)->last_number(), saved + 1);
    saved = (*replica)->last_number();
    auto changes = (*replica)->ReadOutbox(0, ledger::kFrameRoom);
    ASSERT_TRUE(changes.ok()) << MessageOf(changes.status());
    ASSERT_EQ(changes->size(), saved);
  }
}

TEST_F(KillTest, EntriesAreTakenWholeOrNotAtAllAndTheOutboxFits) {
  {
    auto replica = *Replica::Open(folder_ / "ana");
    for (uint64_t n = 1; n <= 60; ++n) ASSERT_TRUE(Save(*replica, n));
    ledger_.Push(*replica);
  }
  Sequence last = 0;
  while (last < ledger_.head()) {
    KillAfter(random_() % 4, [&](auto report) {
      auto replica = Replica::Open(folder_ / "ana");
      if (!replica.ok() || !*(*replica)->LockSync()) return;
      while ((*replica)->head().sequence < ledger_.head()) {
        v1::Entries next = ledger_.EntriesAfter((*replica)->head().sequence);
        int few = std::min(next.entries_size(), 3);
        next.mutable_entries()->DeleteSubrange(few, next.entries_size() - few);
        if (!(*replica)->ApplyEntries(next).ok() || !report()) return;
        (void)(*replica)->Checkpoint(false);
      }
    });
    auto replica = Replica::Open(folder_ / "ana");
    ASSERT_TRUE(replica.ok()) << MessageOf(replica.status());
    ASSERT_GE((*replica)->head().sequence, last);
    last = (*replica)->head().sequence;
    ASSERT_EQ((*replica)->outbox(), ledger_.head() - last);
    ASSERT_EQ((*replica)->last_number(), 60u);
  }
  auto replica = *Replica::Open(folder_ / "ana");
  EXPECT_EQ(replica->Digest(), ledger_.plan().Digest());
}

}  // namespace
}  // namespace twinning::client

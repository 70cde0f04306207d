#include "server/sequencer/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "common/base/status.h"
#include "server/ledger/memory_ledger.h"

namespace twinning::server {
namespace {

const LedgerId kLedger = *LedgerId::Of("partnership-0001");

class FailingLedger : public MemoryLedger {
 public:
  absl::Status Append(std::span<const Batch>) override {
    return absl::UnknownError("a commit failed");
  }
};

// A disk without room, until there is some.
class FullLedger : public MemoryLedger {
 public:
  absl::Status Append(std::span<const Batch> batches) override {
    if (full) return absl::ResourceExhaustedError("no room");
    return MemoryLedger::Append(batches);
  }
  bool full = true;  // the committer's thread only
};

int64_t Noon() { return 1932473100000; }

TEST(Committer, WhatATaskSequencesIsDurableAfterIt) {
  MemoryLedger ledger;
  Committer committer(ledger, Noon, [](const absl::Status&) {});
  std::promise<absl::Status> durable;
  committer.Post([&](Sequencer& sequencer) {
    ASSERT_TRUE(sequencer.Found(kLedger, "Link").ok());
    sequencer.WhenDurable(kLedger, 1,
                          [&](const absl::Status& status) { durable.set_value(status); });
  });
  EXPECT_TRUE(durable.get_future().get().ok());
  committer.Stop();
  EXPECT_EQ(ledger.HeadOf(kLedger)->sequence, 1u);
}

TEST(Committer, StoppingCarriesOutWhatWasPostedBefore) {
  MemoryLedger ledger;
  Committer committer(ledger, Noon, [](const absl::Status&) {});
  ASSERT_TRUE(committer.Post(
      [](Sequencer& sequencer) { ASSERT_TRUE(sequencer.Found(kLedger, "Link").ok()); }));
  committer.Stop();
  EXPECT_EQ(ledger.HeadOf(kLedger)->sequence, 1u);
  EXPECT_FALSE(committer.Post([](Sequencer&) {}));
}

TEST(Committer, AFailedLedgerIsReportedOnceAndNothingIsTakenAnyMore) {
  FailingLedger ledger;
  std::promise<absl::Status> failed;
  Committer committer(ledger, Noon, [&](const absl::Status& why) { failed.set_value(why); });
  std::promise<absl::Status> told;
  committer.Post([&](Sequencer& sequencer) {
    ASSERT_TRUE(sequencer.Found(kLedger, "Link").ok());
    sequencer.WhenDurable(kLedger, 1, [&](const absl::Status& status) { told.set_value(status); });
  });
  EXPECT_EQ(failed.get_future().get().code(), absl::StatusCode::kUnknown);
  EXPECT_FALSE(told.get_future().get().ok());
  EXPECT_FALSE(committer.Post([](Sequencer&) {}));
}

TEST(Committer, AFullDiskIsWaitedForAndNothingIsAcknowledgedMeanwhile) {
  FullLedger ledger;
  int given_up = 0;
  std::promise<void> noticed;
  bool room = false;
  Committer committer(ledger, Noon,
                      [](const absl::Status&) { ADD_FAILURE() << "the ledger has not failed"; }, {},
                      {[&] {
                         if (++given_up == 1) noticed.set_value();
                       },
                       [&] { return room; }});
  std::promise<absl::Status> durable;
  bool told = false;
  committer.Post([&](Sequencer& sequencer) {
    ASSERT_TRUE(sequencer.Found(kLedger, "Link").ok());
    sequencer.WhenDurable(kLedger, 1, [&](const absl::Status& status) {
      told = true;
      durable.set_value(status);
    });
  });
  noticed.get_future().get();
  committer.Post([&](Sequencer& sequencer) {
    EXPECT_TRUE(sequencer.full());
    EXPECT_FALSE(told);
    ledger.full = false;
  });
  EXPECT_TRUE(durable.get_future().get().ok());
  EXPECT_EQ(given_up, 1);
  // What has been begun is finished; new changes wait for the reserve.
  std::promise<bool> still;
  committer.Post([&](Sequencer& sequencer) {
    still.set_value(sequencer.full());
    room = true;
  });
  EXPECT_TRUE(still.get_future().get());
  committer.Post([](Sequencer&) {});
  std::promise<bool> over;
  committer.Post([&](Sequencer& sequencer) { over.set_value(sequencer.full()); });
  EXPECT_FALSE(over.get_future().get());
}

}  // namespace
}  // namespace twinning::server

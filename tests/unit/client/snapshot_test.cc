// A new replica that receives the plan before its history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/replica/replica.h"
#include "common/base/status.h"
#include "common/merge/record_codec.h"
#include "common/plan/codec.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::client {
namespace {

using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;

v1::Edit Titled(const std::string& name, const std::string& title) {
  return testing::Write(RecordNamed(name), "activity", "title", merge::StringValue(title));
}

// The snapshot of a plan, in two parts.
std::vector<v1::Snapshot> PartsOf(const plan::Plan& plan) {
  std::vector<v1::Snapshot> parts(2);
  parts[0].set_facts(plan::EncodeFacts(plan));
  parts[1].set_last(true);
  for (v1::Snapshot& part : parts) {
    part.mutable_at()->set_sequence(plan.head().sequence);
    part.mutable_at()->set_hash(std::string(plan.head().hash.bytes()));
    part.set_records_total(plan.records().size());
  }
  size_t at = 0;
  plan.records().ForEach([&](const merge::Record& record) {
    parts[at++ % 2].add_records(merge::EncodeRecord(record));
  });
  return parts;
}

class SnapshotTest : public ::testing::Test {
 protected:
  SnapshotTest() {
    Identity ana = ledger_.Enrol("ana", "Exampleton");
    ledger_.Enrol("ben", "Exempleville");
    ledger_.Write("ben", {Create(RecordNamed("market"), "activity"), Titled("market", "Market")});
    replica_ = *Replica::Create(folder_ / "ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(*replica_->LockSync());
  }

  void TakeSnapshot() {
    for (const v1::Snapshot& part : PartsOf(ledger_.plan())) {
      absl::Status status = replica_->ApplySnapshot(part);
      ASSERT_TRUE(status.ok()) << MessageOf(status);
    }
  }

  absl::StatusOr<Saved> Save(std::vector<v1::Edit> edits) {
    return replica_->Write(
        [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
          Replica::Draft draft;
          draft.edits = edits;
          return draft;
        },
        kTime);
  }

  void Fetch() {
    auto intake = replica_->ApplyEntries(ledger_.EntriesAfter(replica_->head().sequence));
    ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
    EXPECT_FALSE(intake->snapshot_wrong);
  }

  void Reopen() {
    replica_.reset();
    replica_ = *Replica::Open(folder_ / "ana");
    ASSERT_TRUE(*replica_->LockSync());
  }

  TemporaryFolder folder_;
  TestLedger ledger_;
  std::unique_ptr<Replica> replica_;
};

TEST_F(SnapshotTest, OneThatBreaksOffIsForgottenWhenTheNextBegins) {
  ASSERT_TRUE(replica_->ApplySnapshot(PartsOf(ledger_.plan()).front()).ok());
  ledger_.Write("ben", {Titled("market", "Winter market")});
  TakeSnapshot();
  EXPECT_EQ(replica_->confirmed().head(), ledger_.plan().head());
}

TEST_F(SnapshotTest, ThePlanIsReadAndWrittenBeforeItsHistoryHasCome) {
  TakeSnapshot();
  EXPECT_FALSE(replica_->sync_state().history_complete);
  EXPECT_EQ(replica_->head().sequence, 0u);
  EXPECT_EQ(replica_->confirmed().head(), ledger_.plan().head());
  auto saved = Save({Titled("market", "Producers' market")});
  ASSERT_TRUE(saved.ok()) << MessageOf(saved.status());
  EXPECT_FALSE(saved->refusal);
  Reopen();
  EXPECT_EQ(replica_->outbox(), 1u);
  EXPECT_NE(replica_->view().Find(RecordNamed("market")), nullptr);
}

TEST_F(SnapshotTest, AgreeingAndSettlingWaitForTheHistory) {
  TakeSnapshot();
  v1::Edit settle;
  settle.set_record(std::string(RecordNamed("market").bytes()));
  settle.mutable_settle()->set_existence(true);
  auto saved = Save({settle});
  EXPECT_TRUE(absl::IsFailedPrecondition(saved.status()));
  EXPECT_THAT(MessageOf(saved.status()), HasSubstr("history"));
  v1::Edit agree;
  agree.set_record(std::string(RecordNamed("market").bytes()));
  agree.mutable_agree();
  EXPECT_TRUE(absl::IsFailedPrecondition(Save({agree}).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Save({Create(RecordNamed("resolution"), "ratification")}).status()));
  EXPECT_EQ(replica_->outbox(), 0u);
}

TEST_F(SnapshotTest, HistoryThatLeadsToTheSamePlanCompletesIt) {
  TakeSnapshot();
  ASSERT_TRUE(Save({Titled("market", "Producers' market")}).ok());
  auto other = *Replica::Open(folder_ / "ana");
  Fetch();
  EXPECT_TRUE(replica_->sync_state().history_complete);
  EXPECT_EQ(replica_->head(), ledger_.plan().head());
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
  ledger_.Push(*replica_);
  Fetch();
  EXPECT_EQ(replica_->outbox(), 0u);
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
  ASSERT_TRUE(other->Refresh().ok());
  EXPECT_TRUE(other->sync_state().history_complete);
  EXPECT_EQ(other->Digest(), ledger_.plan().Digest());
  Reopen();
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(SnapshotTest, HistoryMayComeInPiecesWithARestartInBetween) {
  TakeSnapshot();
  v1::Entries some = ledger_.EntriesAfter(0);
  some.mutable_entries()->DeleteSubrange(3, some.entries_size() - 3);
  ASSERT_TRUE(replica_->ApplyEntries(some).ok());
  EXPECT_EQ(replica_->head().sequence, 3u);
  EXPECT_FALSE(replica_->sync_state().history_complete);
  Reopen();
  EXPECT_EQ(replica_->head().sequence, 3u);
  EXPECT_EQ(replica_->confirmed().head(), ledger_.plan().head());
  Fetch();
  EXPECT_TRUE(replica_->sync_state().history_complete);
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(SnapshotTest, ASnapshotOfAnotherPlanIsFoundOutByTheHistory) {
  std::vector<v1::Snapshot> parts = PartsOf(ledger_.plan());
  merge::Record market = *ledger_.plan().Find(RecordNamed("market"));
  market.registers.clear();
  for (v1::Snapshot& part : parts) {
    for (std::string& record : *part.mutable_records()) {
      if (merge::DecodeRecord(record, false)->id == market.id) record = merge::EncodeRecord(market);
    }
    ASSERT_TRUE(replica_->ApplySnapshot(part).ok());
  }
  auto intake = replica_->ApplyEntries(ledger_.EntriesAfter(0));
  ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
  EXPECT_TRUE(intake->snapshot_wrong);
  EXPECT_EQ(replica_->Digest(), ledger_.plan().Digest());
}

TEST_F(SnapshotTest, DamagedOrForeignPartsAreNotTaken) {
  std::vector<v1::Snapshot> parts = PartsOf(ledger_.plan());
  v1::Snapshot damaged = parts[0];
  damaged.set_facts("no facts");
  EXPECT_FALSE(replica_->ApplySnapshot(damaged).ok());
  ASSERT_TRUE(replica_->ApplySnapshot(parts[0]).ok());
  parts[1].mutable_at()->set_sequence(1);
  EXPECT_FALSE(replica_->ApplySnapshot(parts[1]).ok());
  EXPECT_TRUE(replica_->empty());
  TakeSnapshot();
  EXPECT_FALSE(replica_->empty());
}

TEST_F(SnapshotTest, NothingIsWrittenBeforeAPlanIsThere) {
  auto saved = Save({Create(RecordNamed("visit"), "activity")});
  EXPECT_TRUE(absl::IsFailedPrecondition(saved.status()));
}

}  // namespace
}  // namespace twinning::client

// A replica whose server was put back: it offers what it holds and takes the other history, with
// its outbox and drawer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/replica/replica.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::client {
namespace {

using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;
using testing::Write;

std::vector<v1::Edit> NewObjective(const std::string& name) {
  return {Create(RecordNamed(name), "objective"),
          Write(RecordNamed(name), "objective", "title", merge::StringValue(name))};
}

// Ana's replica follows `lost_`; `here_` is what the server has after it was put back to entry 6.
class ReplicaRecoveryTest : public ::testing::Test {
 protected:
  ReplicaRecoveryTest() {
    Identity ana = lost_.Enrol("ana", "Exampleton");
    here_.Enrol("ana", "Exampleton");
    for (TestLedger* ledger : {&lost_, &here_}) {
      ledger->Enrol("ben", "Exempleville");
      ledger->Enrol("bea", "Exempleville");
    }
    replica_ = *Replica::Create(folder_.path() + "/ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(*replica_->LockSync());
    EXPECT_TRUE(replica_->ApplyEntries(lost_.EntriesAfter(0)).ok());
    Say("lost by ana");
    lost_.Push(*replica_);
    lost_.Write("ben", NewObjective("lost by ben"));
    EXPECT_TRUE(replica_->ApplyEntries(lost_.EntriesAfter(6)).ok());
    here_.Write("bea", NewObjective("new by bea"));
  }

  void Say(const std::string& what) {
    auto saved = replica_->Write(
        [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
          return Replica::Draft{NewObjective(what), {}, {}};
        },
        kTime);
    ASSERT_TRUE(saved.ok() && !saved->refusal);
  }

  ledger::Head Common() { return (*replica_->HashesAt({6})).front(); }
  bool Has(const std::string& what) { return replica_->view().Find(RecordNamed(what)) != nullptr; }

  TemporaryFolder folder_;
  TestLedger lost_;
  TestLedger here_;
  std::unique_ptr<Replica> replica_;
};

TEST_F(ReplicaRecoveryTest, ShowsAndOffersWhatItHolds) {
  auto heads = replica_->HashesAt({1, 8});
  ASSERT_TRUE(heads.ok());
  EXPECT_EQ((*heads)[1], replica_->head());
  EXPECT_FALSE(replica_->HashesAt({9}).ok());
  auto entries = replica_->EntriesAfter(6);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->entries_size(), 2);
  EXPECT_EQ(entries->entries(1).sequence(), 8u);
}

TEST_F(ReplicaRecoveryTest, TakesTheOtherHistoryInOneStepAndKeepsItsOutbox) {
  Say("unsent");
  here_.Readmit(lost_, 6);
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  EXPECT_EQ(*replica_->KeepApart(here_.EntriesAfter(6)), 9u);
  // Nothing is replaced yet.
  EXPECT_EQ(replica_->head().sequence, 8u);
  EXPECT_FALSE(Has("new by bea"));
  auto intake = replica_->ReplaceHistory();
  ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
  EXPECT_EQ(replica_->head().sequence, 9u);
  EXPECT_EQ(replica_->acknowledged(), 1u);
  EXPECT_EQ(replica_->outbox(), 1u);
  for (const char* what : {"lost by ana", "lost by ben", "new by bea", "unsent"}) {
    EXPECT_TRUE(Has(what)) << what;
  }
  EXPECT_EQ(replica_->Digest(), here_.plan().Digest());
  // And what was made on the lost history is taken once that is back.
  here_.Push(*replica_);
  EXPECT_NE(here_.plan().Find(RecordNamed("unsent")), nullptr);
}

TEST_F(ReplicaRecoveryTest, AHistoryThatLacksWhatWasAcknowledgedIsNotTaken) {
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  ASSERT_TRUE(replica_->KeepApart(here_.EntriesAfter(6)).ok());
  EXPECT_THAT(MessageOf(replica_->ReplaceHistory().status()), HasSubstr("lacks change 1"));
  EXPECT_EQ(replica_->head().sequence, 8u);
  EXPECT_TRUE(Has("lost by ana"));
  EXPECT_EQ(replica_->Digest(), lost_.plan().Digest());
}

TEST_F(ReplicaRecoveryTest, GapsAndOtherHistoriesAreRefused) {
  EXPECT_FALSE(replica_->BeginReplacement({6, Sha256("another")}).ok());
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  EXPECT_FALSE(replica_->KeepApart(here_.EntriesAfter(5)).ok());
}

TEST_F(ReplicaRecoveryTest, WhatComesBackTooLateForThePlanGoesToTheDrawer) {
  TestLedger revoked;
  revoked.Enrol("ana", "Exampleton");
  revoked.Enrol("ben", "Exempleville");
  revoked.Enrol("bea", "Exempleville");
  revoked.Revoke("ana");
  revoked.Readmit(lost_, 6);
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  ASSERT_TRUE(replica_->KeepApart(revoked.EntriesAfter(6)).ok());
  auto intake = replica_->ReplaceHistory();
  ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
  EXPECT_EQ(intake->refused, 1u);
  auto drawer = replica_->Refused();
  ASSERT_TRUE(drawer.ok());
  ASSERT_EQ(drawer->size(), 1u);
  EXPECT_EQ(drawer->front().reason, v1::NOT_MEMBER);
  EXPECT_FALSE(Has("lost by ana"));
  EXPECT_TRUE(Has("lost by ben"));
}

TEST_F(ReplicaRecoveryTest, ARefusalThatWasLostKeepsItsPlaceInTheDrawer) {
  Say("refused");
  lost_.RefuseNext(*replica_, "no");
  ASSERT_TRUE(replica_->ApplyEntries(lost_.EntriesAfter(8)).ok());
  ASSERT_EQ(replica_->Refused()->front().sequence, 9u);
  here_.Readmit(lost_, 6);
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  ASSERT_TRUE(replica_->KeepApart(here_.EntriesAfter(6)).ok());
  ASSERT_TRUE(replica_->ReplaceHistory().ok());
  ASSERT_EQ(replica_->Refused()->size(), 1u);
  EXPECT_EQ(replica_->Refused()->front().sequence, 10u);
  EXPECT_EQ(replica_->Refused()->front().detail, "no");
}

TEST_F(ReplicaRecoveryTest, SurvivesBeingKilledBeforeTheStep) {
  here_.Readmit(lost_, 6);
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  ASSERT_TRUE(replica_->KeepApart(here_.EntriesAfter(6)).ok());
  replica_.reset();
  replica_ = *Replica::Open(folder_.path() + "/ana");
  ASSERT_TRUE(*replica_->LockSync());
  EXPECT_EQ(replica_->head().sequence, 8u);
  ASSERT_TRUE(replica_->BeginReplacement(Common()).ok());
  ASSERT_TRUE(replica_->KeepApart(here_.EntriesAfter(6)).ok());
  ASSERT_TRUE(replica_->ReplaceHistory().ok());
  EXPECT_EQ(replica_->Digest(), here_.plan().Digest());
}

TEST_F(ReplicaRecoveryTest, AnOutboxOnKnownHistoryIsLeftAlone) {
  Say("unsent");
  auto rebased = replica_->RebaseOutbox();
  ASSERT_TRUE(rebased.ok());
  EXPECT_FALSE(*rebased);
}

}  // namespace
}  // namespace twinning::client

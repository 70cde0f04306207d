// What a server does when a replica turns out to have copies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/joining.h"
#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using ledger::cast::KeyOf;
using ledger::cast::ReplicaOf;

Hash HashOf(const v1::AuthoredChange& change) { return ledger::ChangeHash(change.change()); }

// Ana's replica, of which "cleo" is to be the copy.
Copy CopyOfAna(std::vector<Hash> hashes, Number first = 1) {
  std::string key = KeyOf("cleo").public_key();
  return {ReplicaOf("ana"), key,
          ledger::SignContinuing(KeyOf("ana"), ledger::cast::Partnership(), key), first,
          std::move(hashes)};
}

class Copies : public ::testing::Test {
 protected:
  Copies() {
    table_->OpenAtHead(kAna, "ana");
    for (const char* name : {"one", "two", "three"}) {
      changes_.push_back(ana_.Change(NewObjective(name)));
    }
  }
  // Ana has sent her first two changes.
  void SendTwo() {
    table_->Hear(kAna, ana_.Push({changes_[0], changes_[1]}));
    table_->Settle();
  }
  ServerPartnership& server() { return table_->server(); }
  v1::Refusal LastRefusal() {
    v1::Refusal refusal;
    const v1::Entry& entry = table_->durable().back().entry;
    EXPECT_EQ(entry.kind(), v1::REFUSAL);
    EXPECT_TRUE(refusal.ParseFromString(entry.body()));
    return refusal;
  }

  std::unique_ptr<Table> table_ = Table::WithAnaAndBen();
  Pen ana_{"ana"};
  std::vector<v1::AuthoredChange> changes_;
};

TEST_F(Copies, PartAfterTheLastChangeThatBothHaveAlike) {
  SendTwo();
  absl::StatusOr<Parted> parted = server().Continue(
      CopyOfAna({HashOf(changes_[0]), HashOf(changes_[1]), Sha256("its own")}), kNow);
  ASSERT_TRUE(parted.ok()) << parted.status();
  EXPECT_EQ(parted->number, 2u);
  EXPECT_EQ(parted->hash, HashOf(changes_[1]));
  const plan::Member* copy = server().plan().FindMember(ReplicaOf("cleo"));
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(copy->continues, ReplicaOf("ana"));
  EXPECT_EQ(copy->name, "ana");
  EXPECT_EQ(copy->role, v1::COORDINATOR);
}

TEST_F(Copies, GoOnWhereTheyPartedAndAreTakenAfterARestart) {
  SendTwo();
  ASSERT_TRUE(server().Continue(CopyOfAna({HashOf(changes_[0]), Sha256("its own")}), kNow).ok());
  table_->Settle();
  ASSERT_TRUE(table_->Restart().ok());
  Pen cleo("cleo");
  cleo.GoOnAfter(1, HashOf(changes_[0]));
  cleo.See(server().head());
  table_->OpenAtHead(kBen, "cleo");
  table_->Hear(kBen, cleo.Push({cleo.Change(NewObjective("four"))}));
  table_->Settle();
  EXPECT_EQ(table_->ClosedWith(kBen), v1::CLOSE_REASON_UNSPECIFIED);
  EXPECT_EQ(table_->durable().back().entry.kind(), v1::CHANGE);
}

TEST_F(Copies, AskingTwiceGivesOneMember) {
  SendTwo();
  Copy copy = CopyOfAna({HashOf(changes_[0])});
  absl::StatusOr<Parted> first = server().Continue(copy, kNow);
  absl::StatusOr<Parted> second = server().Continue(copy, kNow);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->sequence, second->sequence);
  EXPECT_EQ(first->number, second->number);
  EXPECT_EQ(first->hash, second->hash);
}

TEST_F(Copies, NobodyMakesACopyWithoutTheKey) {
  Copy copy = CopyOfAna({});
  copy.signature = ledger::SignContinuing(KeyOf("ben"), ledger::cast::Partnership(), copy.key);
  EXPECT_TRUE(absl::IsPermissionDenied(server().Continue(copy, kNow).status()));
  copy = CopyOfAna({});
  copy.original = ReplicaOf("mallory");
  EXPECT_TRUE(absl::IsNotFound(server().Continue(copy, kNow).status()));
}

TEST_F(Copies, OfARevokedReplicaAreNotTaken) {
  ASSERT_TRUE(server().Revoke(ReplicaOf("ana"), kNow).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(server().Continue(CopyOfAna({}), kNow).status()));
}

TEST_F(Copies, ThatHaveWhatTheServerLostAreToldToSyncFirst) {
  SendTwo();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      server().Continue(CopyOfAna({Sha256("seven"), Sha256("eight")}, 7), kNow).status()));
}

TEST_F(Copies, WhatBothHadNotSentIsTakenOnce) {
  SendTwo();
  // The copy had been made with the third change waiting; it comes before the original sends it.
  ASSERT_TRUE(server().Continue(CopyOfAna({HashOf(changes_[0]), HashOf(changes_[1])}), kNow).ok());
  table_->OpenAtHead(kBen, "cleo");
  Pen cleo("cleo");
  cleo.GoOnAfter(2, HashOf(changes_[1]));
  table_->Hear(kBen, cleo.Push({cleo.Change(NewObjective("three"))}));
  table_->Settle();
  EXPECT_EQ(table_->durable().back().entry.kind(), v1::CHANGE);
  table_->Hear(kAna, ana_.Push({changes_[2]}));
  table_->Settle();
  EXPECT_EQ(LastRefusal().reason(), v1::REPEATED);
  EXPECT_EQ(LastRefusal().replica(), ReplicaOf("ana").bytes());
}

TEST_F(Copies, TheNewestClaimIsToldAndEndsTheOlderConnection) {
  v1::ClientMessage claim;
  claim.mutable_claim()->set_claim("claim-of-copy-01");
  table_->OpenAtHead(kBen, "ana");
  table_->Hear(kBen, claim);
  EXPECT_EQ(table_->ClosedWith(kAna), v1::FENCED);
  table_->Open(3, Table::Hello("ana"));
  table_->Settle();
  EXPECT_EQ(table_->sent[3].front().welcome().claimed(), "claim-of-copy-01");
}

}  // namespace
}  // namespace twinning::sync

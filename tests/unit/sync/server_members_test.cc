// What the server's half of the protocol makes of a town's word on its members.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ledger/joining.h"
#include "common/plan/mandate.h"
#include "tests/unit/sync/server_table.h"

namespace twinning::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Decision = v1::MandateStatement;

class ServerMembers : public ::testing::Test {
 protected:
  ServerMembers() : table_(Table::WithAnaAndBen()) { table_->OpenAtHead(kAna, "ana"); }

  ServerPartnership& server() { return table_->server(); }
  const plan::Member* Find(const std::string& person) {
    return server().plan().FindMember(ledger::cast::ReplicaOf(person));
  }

  v1::Edit Edit(const std::string& key, Decision::Decision decision, v1::Role role) {
    v1::MandateStatement said;
    said.set_decision(decision);
    said.set_key(key);
    said.set_role(role);
    return plan::MandateEdit(server().plan(), *Find("ana"), ledger::cast::KeyOf("ana"), kTown,
                             said);
  }
  void Say(const std::string& key, Decision::Decision decision, v1::Role role) {
    ana_.See(server().durable());
    table_->Hear(kAna, ana_.Push({ana_.Change({Edit(key, decision, role)})}));
    table_->Settle();
  }

  NewMember Invited(const std::string& person) {
    const std::string key = ledger::cast::KeyOf(person).public_key();
    return {kTown,
            person,
            key,
            v1::COORDINATOR,
            invitation_.public_key(),
            ledger::SignInvited(invitation_, ledger::cast::Partnership(), key)};
  }

  static inline const TownId kTown = twinning::testing::RecordNamed("Exampleton");
  std::unique_ptr<Table> table_;
  Pen ana_{"ana"};
  SigningKey invitation_ = ledger::cast::KeyOf("an invitation");
};

TEST_F(ServerMembers, ATownsFirstIsEnrolledAsItsCoordinator) {
  EXPECT_EQ(Find("ana")->role, v1::COORDINATOR);
  EXPECT_TRUE(Find("ben")->confirmed());
}

TEST_F(ServerMembers, WhomATownDismissesIsClosedOutAndToldOfOnceThatIsDurable) {
  const std::string key = ledger::cast::KeyOf("amy").public_key();
  ASSERT_TRUE(server().Enrol({kTown, "amy", key, v1::EDITOR}, kNow).ok());
  table_->Commit();
  table_->OpenAtHead(3, "amy");
  ana_.See(server().durable());
  table_->Hear(kAna, ana_.Push({ana_.Change({Edit(key, Decision::DISMISS, {})})}));
  EXPECT_THAT(server().TakeDismissed(), IsEmpty()) << "nothing is durable yet";
  table_->Settle();
  EXPECT_EQ(table_->ClosedWith(3), v1::REVOKED);
  EXPECT_THAT(server().TakeDismissed(), ElementsAre(ledger::cast::ReplicaOf("amy")));
  EXPECT_THAT(server().TakeDismissed(), IsEmpty());
  table_->Open(4, Table::Hello("amy"));
  EXPECT_EQ(table_->ClosedWith(4), v1::REVOKED);
}

TEST_F(ServerMembers, AnInvitationIsForWhomItsKeySignedAndForOne) {
  EXPECT_TRUE(absl::IsNotFound(server().Enrol(Invited("amy"), kNow).status())) << "not made yet";
  Say(invitation_.public_key(), Decision::INVITE, v1::EDITOR);
  NewMember forged = Invited("amy");
  forged.key = ledger::cast::KeyOf("mallory").public_key();
  EXPECT_TRUE(absl::IsPermissionDenied(server().Enrol(forged, kNow).status()));
  ASSERT_TRUE(server().Enrol(Invited("amy"), kNow).ok());
  EXPECT_EQ(Find("amy")->role, v1::EDITOR);
  EXPECT_EQ(Find("amy")->confirmed_by, ledger::cast::ReplicaOf("ana"));
  EXPECT_TRUE(absl::IsNotFound(server().Enrol(Invited("abe"), kNow).status()));
}

TEST_F(ServerMembers, ALedgerWhereNobodyInvitedDoesNotFollow) {
  Say(invitation_.public_key(), Decision::INVITE, v1::EDITOR);
  ASSERT_TRUE(server().Enrol(Invited("amy"), kNow).ok());
  table_->Settle();
  v1::Membership membership;
  ASSERT_TRUE(membership.ParseFromString(table_->durable().back().entry.body()));
  membership.set_invited(std::string(64, 'x'));
  ledger::Chain chain([&](Sequence at) { return table_->durable()[at - 1].hash; },
                      [](const ReplicaId&, Number) { return std::nullopt; });
  for (size_t i = 0; i + 1 < table_->durable().size(); ++i) {
    ASSERT_TRUE(chain.Follow(table_->durable()[i].entry).ok());
  }
  v1::Entry forged = table_->durable().back().entry;
  forged.set_body(membership.SerializeAsString());
  EXPECT_THAT(MessageOf(chain.Follow(forged).status()), HasSubstr("did not sign"));
  EXPECT_TRUE(chain.Follow(table_->durable().back().entry).ok());
}

// After a file copy, with no operator who knows: what the town itself said comes back.
TEST_F(ServerMembers, WhatTheTownSaidComesBackWithoutTheOperatorsWord) {
  const size_t backup = table_->durable().size();
  Say(invitation_.public_key(), Decision::INVITE, v1::EDITOR);
  ASSERT_TRUE(server().Enrol(Invited("amy"), kNow).ok());
  table_->Settle();
  const std::vector<ChainedEntry> all = table_->durable();
  table_->durable().resize(backup);
  ASSERT_TRUE(table_->Restart().ok());
  v1::ClientMessage hello = Table::Hello("ana", all.back().head());
  hello.mutable_hello()->set_protocol_max(2);
  table_->sent.clear();
  table_->Open(7, hello);
  table_->Settle();
  size_t answered = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<v1::ServerMessage>& sent = table_->sent[7];
    if (answered == sent.size()) break;
    const v1::ServerMessage message = sent[answered++];
    v1::ClientMessage answer;
    for (Sequence at : message.compare().sequences()) {
      *answer.mutable_hashes()->add_at() = ledger::BaseOf(all[at - 1].head());
    }
    if (message.has_wanted()) {
      for (Sequence at = message.wanted().after(); at < all.size(); ++at) {
        *answer.mutable_lost()->add_entries() = all[at].entry;
      }
    }
    if (answer.message_case() == v1::ClientMessage::MESSAGE_NOT_SET) continue;
    table_->Hear(7, answer);
    table_->Settle();
  }
  ASSERT_EQ(table_->durable().size(), all.size());
  EXPECT_EQ(table_->durable().back().hash, all.back().hash);
  EXPECT_TRUE(Find("amy")->confirmed());
}

}  // namespace
}  // namespace twinning::sync

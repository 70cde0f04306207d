// Who speaks for a town: what an operator adds alone says nothing in its name.
#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/plan/attention.h"
#include "common/plan/mandate.h"
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Decision = v1::MandateStatement;

class Members : public Twins {
 protected:
  const Member& Of(std::string_view name) {
    return *world_.server().FindMember(world_[name].replica());
  }
  v1::MandateStatement Said(Decision::Decision decision, std::string_view about,
                            v1::Role role = v1::ROLE_UNSPECIFIED) {
    v1::MandateStatement said;
    said.set_decision(decision);
    said.set_key(world_[about].key().public_key());
    said.set_role(role);
    return said;
  }
  v1::Edit Edit(std::string_view by, const v1::MandateStatement& said, std::string_view of) {
    return Mandate(world_[by], world_[of].town(), said);
  }
  // Tries by the own plan and, forced past it, at the server.
  v1::RefusalReason Refused(std::string_view name, std::vector<v1::Edit> edits) {
    std::optional<Refusal> refusal = world_[name].Write(edits);
    if (!refusal) return v1::REFUSAL_REASON_UNSPECIFIED;
    world_[name].Force(std::move(edits));
    world_.Sync(name);
    EXPECT_EQ(world_.Refused(name).back().second.reason, refusal->reason);
    return refusal->reason;
  }
  void SyncEverybody() {
    world_.SyncAll();
    world_.SyncAll();
  }
  void OperatorSays(v1::Membership::Action action, std::string_view name,
                    v1::Role role = v1::ROLE_UNSPECIFIED) {
    v1::Membership statement;
    statement.set_action(action);
    statement.set_replica(std::string(world_[name].replica().bytes()));
    statement.set_role(role);
    world_.Say(statement);
    SyncEverybody();
  }
  // Amy, whom the operator enrolled alone.
  void EnrolAmy() {
    world_.Enrol("amy", "Exampleton");
    SyncEverybody();
  }
  // Everything that is said in a town's name.
  std::vector<std::vector<v1::Edit>> Speeches(std::string_view name) {
    const Person& person = world_[name];
    const merge::Kind& kind = *plan().schema().KindByName("ratification");
    std::vector<v1::Edit> ratifies = {Create(RecordNamed("signed"), kind.name)};
    return {{Agree(person, kSeminar)},
            {Withdraw(kSeminar)},
            *StatePosition(person.view(), person.town(), kObjective, v1::SUPPORTS, "", "en"),
            ratifies,
            {Settled()},
            {Reopen(kSeminar, Sha256("a conflict"))}};
  }
  static v1::Edit Settled() {
    v1::Edit edit = Delete(kSeminar);
    edit.mutable_settle()->add_candidates()->set_number(1);
    return edit;
  }
};
INSTANTIATE_TEST_SUITE_P(One, Members, ::testing::Values("ana"));

TEST_P(Members, TheFirstOfATownIsItsCoordinator) {
  EXPECT_EQ(Of("ana").role, v1::COORDINATOR);
  EXPECT_EQ(Of("ana").confirmed_by, world_["ana"].replica());
  EXPECT_EQ(Of("ben").role, v1::COORDINATOR);
}

TEST_P(Members, WhomTheOperatorAddsAloneEditsAndSaysNothingForTheTown) {
  EnrolAmy();
  EXPECT_FALSE(Of("amy").confirmed());
  Must("amy", {Write(kSeminar, "activity", "place", merge::StringValue("Town hall"))});
  world_.Sync("amy");
  EXPECT_EQ(shown(kSeminar, "title"), merge::StringValue("Teacher seminar"));
  for (std::vector<v1::Edit>& speech : Speeches("amy")) {
    const std::string what = speech.front().ShortDebugString();
    EXPECT_EQ(Refused("amy", std::move(speech)), v1::NOT_CONFIRMED) << what;
  }
}

TEST_P(Members, WhatItsCoordinatorConfirmsSpeaks) {
  EnrolAmy();
  Must("ana", {Appoint(world_["ana"], Of("amy"), v1::REPRESENTATIVE)});
  SyncEverybody();
  EXPECT_EQ(Of("amy").confirmed_by, world_["ana"].replica());
  Must("amy", {Agree(world_["amy"], kSeminar)});
  Must("ben", {Agree(world_["ben"], kSeminar)});
  SyncEverybody();
  EXPECT_TRUE(AgreementOf(plan(), record(kSeminar)).agreed);
}

// A server that takes what it must refuse: every replica passes it over and says so.
TEST_P(Members, AFalseRepresentativesAgreementIsInNoPlan) {
  EnrolAmy();
  Must("ben", {Agree(world_["ben"], kSeminar)});
  SyncEverybody();
  world_["amy"].Force({Agree(world_["amy"], kSeminar)});
  MemoryEntries past = world_.ledger();
  Plan honest(past);
  Hash hash;
  auto apply = [&](const v1::Entry& entry) {
    hash = ledger::EntryHash(world_.server().ledger(), hash, entry);
    return *honest.Apply(entry, hash);
  };
  for (const v1::Entry& entry : world_.ledger().entries) apply(entry);
  v1::Entry forged;
  forged.set_sequence(honest.head().sequence + 1);
  forged.set_kind(v1::CHANGE);
  forged.set_body(world_["amy"].outbox().back().authored.bytes);
  past.entries.push_back(forged);
  Applied applied = apply(forged);
  ASSERT_TRUE(applied.ignored);
  EXPECT_EQ(applied.ignored->reason, v1::NOT_CONFIRMED);
  EXPECT_FALSE(AgreementOf(honest, *honest.Find(kSeminar)).agreed);
}

TEST_P(Members, OnlyACoordinatorOfTheTownDecidesOnItsMembers) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  EXPECT_EQ(Refused("amy", {Edit("amy", Said(Decision::APPOINT, "amy", v1::COORDINATOR), "ana")}),
            v1::NO_RIGHT);
  EXPECT_EQ(Refused("amy", {Edit("amy", Said(Decision::DISMISS, "ana"), "ana")}), v1::NO_RIGHT);
  EXPECT_EQ(Refused("ben", {Edit("ben", Said(Decision::APPOINT, "amy", v1::COORDINATOR), "amy")}),
            v1::NO_RIGHT);
  EXPECT_EQ(Refused("ben", {Edit("ben", Said(Decision::DISMISS, "ana"), "ana")}), v1::NO_RIGHT);
  EXPECT_EQ(Refused("ben", {Edit("ben", Said(Decision::DISMISS, "ana"), "ben")}),
            v1::UNKNOWN_RECORD);
}

TEST_P(Members, AnUnconfirmedCoordinatorIsNone) {
  EnrolAmy();
  OperatorSays(v1::Membership::CHANGE_ROLE, "amy", v1::COORDINATOR);
  EXPECT_EQ(Refused("amy", {Edit("amy", Said(Decision::APPOINT, "amy", v1::COORDINATOR), "ana")}),
            v1::NOT_CONFIRMED);
  EXPECT_EQ(Refused("amy", {Edit("amy", Said(Decision::VOUCH, "ben"), "ben")}), v1::NOT_CONFIRMED);
}

TEST_P(Members, ATownIsNeverLeftWithoutACoordinatorByItsOwnWord) {
  EXPECT_EQ(Refused("ana", {Edit("ana", Said(Decision::DISMISS, "ana"), "ana")}), v1::NO_RIGHT);
  EXPECT_EQ(Refused("ana", {Edit("ana", Said(Decision::APPOINT, "ana", v1::EDITOR), "ana")}),
            v1::NO_RIGHT);
}

TEST_P(Members, WhoIsDismissedWritesNoMore) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  Must("ana", {Edit("ana", Said(Decision::DISMISS, "amy"), "ana")});
  world_.Sync("ana");
  EXPECT_GT(Of("amy").revoked, 0u);
  world_.Fetch("amy");
  EXPECT_EQ(Refused("amy", {Delete(kSeminar)}), v1::NOT_MEMBER);
}

TEST_P(Members, ACopyIsWhatItIsACopyOf) {
  world_.Join("amy", "Exampleton");
  SigningKey key = *SigningKey::OfSeed(Sha256("a copy").bytes());
  v1::Membership copy;
  copy.set_action(v1::Membership::ENROL);
  copy.set_town(std::string(world_["amy"].town().bytes()));
  copy.set_replica(std::string(ReplicaOfKey(key.public_key()).bytes()));
  copy.set_key(key.public_key());
  copy.set_member("amy");
  copy.set_role(v1::COORDINATOR);  // more than the original has
  copy.set_continues(std::string(world_["amy"].replica().bytes()));
  world_.Say(copy);
  SyncEverybody();
  const Member& made = *world_.server().roster().FindKey(key.public_key());
  EXPECT_TRUE(made.confirmed());
  EXPECT_EQ(made.role, v1::REPRESENTATIVE);
  Must("ana", {Edit("ana", Said(Decision::DISMISS, "amy"), "ana")});
  world_.Sync("ana");
  EXPECT_GT(world_.server().roster().FindKey(key.public_key())->revoked, 0u);
}

class Invites : public Members {
 protected:
  SigningKey invitation_ = *SigningKey::OfSeed(Sha256("an invitation").bytes());

  v1::Edit Invite(std::string_view by, v1::Role role) {
    v1::MandateStatement said;
    said.set_decision(Decision::INVITE);
    said.set_key(invitation_.public_key());
    said.set_role(role);
    return Edit(by, said, by);
  }
  const Member& Redeem(const std::string& name) {
    SigningKey key = *SigningKey::OfSeed(Sha256(name).bytes());
    v1::Membership statement;
    statement.set_action(v1::Membership::ENROL);
    statement.set_town(std::string(world_["ana"].town().bytes()));
    statement.set_replica(std::string(ReplicaOfKey(key.public_key()).bytes()));
    statement.set_key(key.public_key());
    statement.set_member(name);
    statement.set_role(v1::COORDINATOR);  // as the server says; the invitation says otherwise
    statement.set_invitation(invitation_.public_key());
    statement.set_invited(
        ledger::SignInvited(invitation_, world_.server().ledger(), key.public_key()));
    world_.Say(statement);
    return *world_.server().roster().FindKey(key.public_key());
  }
};
INSTANTIATE_TEST_SUITE_P(One, Invites, ::testing::Values("ana"));

TEST_P(Invites, WhomACoordinatorInvitesIsConfirmedInTheRoleThatWasMeant) {
  Must("ana", {Invite("ana", v1::EDITOR)});
  world_.Sync("ana");
  const Member& amy = Redeem("amy");
  EXPECT_EQ(amy.confirmed_by, world_["ana"].replica());
  EXPECT_EQ(amy.role, v1::EDITOR);
}

TEST_P(Invites, OneInvitationConfirmsOneReplica) {
  Must("ana", {Invite("ana", v1::EDITOR)});
  world_.Sync("ana");
  Redeem("amy");
  EXPECT_FALSE(Redeem("abe").confirmed());
}

TEST_P(Invites, WithdrawnItConfirmsNobody) {
  Must("ana", {Invite("ana", v1::EDITOR)});
  v1::MandateStatement said;
  said.set_decision(Decision::WITHDRAW_INVITE);
  said.set_key(invitation_.public_key());
  Must("ana", {Edit("ana", said, "ana")});
  world_.Sync("ana");
  EXPECT_FALSE(Redeem("amy").confirmed());
}

TEST_P(Invites, ThoseOfWhoWasRevokedConfirmNobody) {
  Must("ana", {Invite("ana", v1::EDITOR)});
  world_.Sync("ana");
  OperatorSays(v1::Membership::REVOKE, "ana");
  EXPECT_FALSE(Redeem("amy").confirmed());
}

TEST_P(Invites, OnlyCoordinatorsMakeThem) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  EXPECT_EQ(Refused("amy", {Invite("amy", v1::EDITOR)}), v1::NO_RIGHT);
}

TEST_P(Members, TheOperatorTakesRightsAwayAndGivesNone) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  OperatorSays(v1::Membership::CHANGE_ROLE, "amy", v1::EDITOR);
  EXPECT_TRUE(Of("amy").confirmed());
  EXPECT_EQ(Refused("amy", {Agree(world_["amy"], kSeminar)}), v1::NO_RIGHT);
  OperatorSays(v1::Membership::CHANGE_ROLE, "amy", v1::REPRESENTATIVE);
  EXPECT_EQ(Refused("amy", {Agree(world_["amy"], kSeminar)}), v1::NOT_CONFIRMED);
}

TEST_P(Members, RepresentativesDecideWhereNoCoordinatorIsLeft) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  OperatorSays(v1::Membership::REVOKE, "ana");
  Must("amy", {Edit("amy", Said(Decision::APPOINT, "amy", v1::COORDINATOR), "amy")});
  world_.Sync("amy");
  EXPECT_EQ(Of("amy").role, v1::COORDINATOR);
}

TEST_P(Members, AnotherTownVouchesWhereNobodyIsLeft) {
  EnrolAmy();
  OperatorSays(v1::Membership::CHANGE_ROLE, "amy", v1::COORDINATOR);
  Must("ben", {Edit("ben", Said(Decision::VOUCH, "amy"), "amy")});
  world_.Sync("ben");
  EXPECT_FALSE(Of("amy").confirmed()) << "ana speaks for the town";
  OperatorSays(v1::Membership::REVOKE, "ana");
  Must("ben", {Edit("ben", Said(Decision::VOUCH, "amy"), "amy")});
  SyncEverybody();
  EXPECT_EQ(Of("amy").confirmed_by, world_["ben"].replica());
  EXPECT_EQ(RootOf(world_.server().roster(), Of("amy")), &Of("amy"));
}

TEST_P(Members, VouchingSaysWhoseKeysWereCompared) {
  world_.Join("amy", "Exampleton");
  SyncEverybody();
  const Roster& roster = world_.server().roster();
  EXPECT_FALSE(ComparedBy(roster, Of("amy"), world_["ben"].town()));
  Must("ben", {Edit("ben", Said(Decision::VOUCH, "ana"), "ana")});
  SyncEverybody();
  EXPECT_TRUE(ComparedBy(roster, Of("amy"), world_["ben"].town()));
  EXPECT_EQ(Refused("ben", {Edit("ben", Said(Decision::VOUCH, "amy"), "amy")}), v1::NO_RIGHT);
}

TEST_P(Members, WhatIsSaidMustBeSignedAndOfThisPartnership) {
  EnrolAmy();
  v1::Edit edit = Appoint(world_["ana"], Of("amy"), v1::EDITOR);
  v1::Edit unsigned_one = edit;
  unsigned_one.mutable_mandate()->set_signature(std::string(64, 'x'));
  EXPECT_EQ(Refused("ana", {unsigned_one}), v1::MALFORMED);
  v1::MandateStatement said;
  said.ParseFromString(edit.mandate().statement());
  said.set_ledger("another-ledger-1");
  v1::Edit other = edit;
  other.mutable_mandate()->set_statement(said.SerializeAsString());
  other.mutable_mandate()->set_signature(
      world_["ana"].key().Sign(SignedMandate(other.mandate().statement())));
  EXPECT_EQ(Refused("ana", {other}), v1::MALFORMED);
  EXPECT_EQ(Refused("ben", {edit}), v1::MALFORMED) << "signed by ana, sent by ben";
}

TEST_P(Members, WhoWaitsForATownsWordIsBroughtUpThere) {
  EnrolAmy();
  auto confirms = [&](std::string_view name) {
    std::vector<AttentionItem> items = Attention(plan(), world_[name].town(), 22000);
    return std::count_if(items.begin(), items.end(), [](const AttentionItem& item) {
      return item.need == Need::kConfirmMember;
    });
  };
  EXPECT_EQ(confirms("ana"), 1);
  EXPECT_EQ(confirms("ben"), 0);
}

}  // namespace
}  // namespace twinning::plan

// What a plan refuses, and that it changes nothing.
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class Refusals : public Twins {
 protected:
  // Ben tries; by his own client and, forced past it, by the ledger.
  void ExpectRefused(std::vector<v1::Edit> edits, v1::RefusalReason reason,
                     std::string_view sentence) {
    Hash before = world_.server().Digest();
    std::optional<Refusal> refusal = world_["ben"].Write(edits);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->reason, reason) << refusal->detail;
    EXPECT_THAT(refusal->detail, HasSubstr(std::string(sentence)));
    world_["ben"].Force(edits);
    world_.Sync("ben");
    ASSERT_FALSE(world_.Refused("ben").empty());
    EXPECT_EQ(world_.Refused("ben").back().second.reason, reason);
    EXPECT_EQ(world_.server().Digest(), before);
  }

  RecordId OwnObjectiveOfAna() {
    RecordId own = RecordNamed("own");
    Must("ana", {Create(own, "objective"),
                 Write(own, "objective", "title", merge::StringValue("Youth council")),
                 Write(own, "objective", "owner", merge::ReferenceValue(world_["ana"].town()))});
    world_.SyncAll();
    return own;
  }
};
INSTANTIATE_TEST_SUITE_P(One, Refusals, ::testing::Values("ana"));

TEST_P(Refusals, AnotherTownsObjective) {
  RecordId own = OwnObjectiveOfAna();
  ExpectRefused({Write(own, "objective", "title", merge::StringValue("Mine"))}, v1::NO_RIGHT,
                "belongs to Exampleton");
}

TEST_P(Refusals, TakingOverWhatIsShared) {
  ExpectRefused(
      {Write(kObjective, "objective", "owner", merge::ReferenceValue(world_["ben"].town()))},
      v1::NO_RIGHT, "cannot take it over");
}

TEST_P(Refusals, MakingAnotherTownTheOwner) {
  RecordId made = RecordNamed("made");
  ExpectRefused(
      {Create(made, "objective"), Write(made, "objective", "title", merge::StringValue("Yours")),
       Write(made, "objective", "owner", merge::ReferenceValue(world_["ana"].town()))},
      v1::NO_RIGHT, "only itself");
}

TEST_P(Refusals, APositionInAnotherTownsName) {
  auto edits = *StatePosition(world_["ana"].view(), world_["ana"].town(), kObjective, v1::SUPPORTS,
                              "", "en");
  ExpectRefused(edits, v1::NO_RIGHT, "only itself");
}

TEST_P(Refusals, AValueOfTheWrongKind) {
  ExpectRefused({Write(kSeminar, "activity", "deadline", merge::StringValue("soon"))},
                v1::MALFORMED, "not a calendar date");
}

TEST_P(Refusals, AReferenceToTheWrongKind) {
  ExpectRefused({Write(kSeminar, "activity", "lead", merge::ReferenceValue(kObjective))},
                v1::MALFORMED, "cannot name a objective");
}

TEST_P(Refusals, ARecordThatIsNotThere) {
  ExpectRefused({Write(RecordNamed("nothing"), "activity", "place", merge::StringValue("x"))},
                v1::UNKNOWN_RECORD, "no record");
}

TEST_P(Refusals, ANewRecordWithoutWhatItNeeds) {
  ExpectRefused({Create(RecordNamed("made"), "activity")}, v1::MALFORMED, "needs its title");
}

TEST_P(Refusals, ASpliceOutsideTheText) {
  ExpectRefused({Splice(kObjective, "objective", "statement", "en", {{20, 100, ""}})},
                v1::MALFORMED, "outside");
}

TEST_P(Refusals, TextThatIsNotUtf8) {
  v1::Edit edit = Splice(kObjective, "objective", "statement", "en", {{0, 0, "x"}});
  Person& ben = world_["ben"];
  Change change;
  change.readable = true;
  change.authored.replica = ben.replica();
  change.authored.base = ben.confirmed().head();
  edit.mutable_splice()->mutable_splices(0)->set_inserted("\xff");
  *change.edits.add_edits() = edit;
  ASSERT_TRUE(world_.server().Judge(change));
  EXPECT_EQ(world_.server().Judge(change)->reason, v1::MALFORMED);
}

TEST_P(Refusals, WritingInADeletedRecordThatOneKnowsOf) {
  Must("ana", {Delete(kSeminar)});
  world_.SyncAll();
  ExpectRefused({Write(kSeminar, "activity", "place", merge::StringValue("Lille"))}, v1::DELETED,
                "restore it first");
}

TEST_P(Refusals, ASignedCharterWithTheWayToAmendIt) {
  RecordId charter = RecordNamed("charter");
  Must("ana", {Create(charter, "charter"),
               Write(charter, "charter", "title", merge::StringValue("Charter"))});
  world_.SyncAll();
  for (const char* name : {"ana", "ben"}) {
    RecordId ratified = RecordNamed(std::string("ratified by ") + name);
    std::string digest(WordsDigest(plan(), record(charter)).bytes());
    Must(name, {Create(ratified, "ratification"),
                Write(ratified, "ratification", "town", merge::ReferenceValue(world_[name].town())),
                Write(ratified, "ratification", "charter", merge::ReferenceValue(charter)),
                Write(ratified, "ratification", "resolution", merge::StringValue("12")),
                Write(ratified, "ratification", "digest", merge::BytesValue(digest))});
  }
  world_.SyncAll();
  ASSERT_TRUE(Signed(plan(), record(charter)));
  ExpectRefused({Write(charter, "charter", "title", merge::StringValue("Other"))}, v1::FROZEN,
                "propose an amendment");
}

TEST_P(Refusals, AChangeThatBuildsOnARefusedOneAndNothingElse) {
  RecordId own = OwnObjectiveOfAna();
  Person& ben = world_["ben"];
  ben.Force({Write(own, "objective", "title", merge::StringValue("Mine"))});
  ben.Force({Write(own, "objective", "theme", merge::IntegerValue(1)),
             Write(kSeminar, "activity", "place", merge::StringValue("Lille"))});
  ben.Force({Write(kObjective, "objective", "theme", merge::IntegerValue(1))});
  world_.Sync("ben");
  ASSERT_THAT(world_.Refused("ben"), SizeIs(2));
  EXPECT_EQ(world_.Refused("ben")[1].second.reason, v1::BUILDS_ON_REFUSED);
  world_.SyncAll();
  EXPECT_EQ(shown(kObjective, "theme"), merge::IntegerValue(1));
  EXPECT_EQ(shown(kSeminar, "place"), "");
}

TEST_P(Refusals, AnAgreementToOtherWordsThanItsStatement) {
  v1::Edit agree = Agree(world_["ben"], kSeminar);
  v1::AgreementStatement statement;
  statement.ParseFromString(agree.agree().statement());
  statement.set_terms(std::string(32, 'x'));
  agree.mutable_agree()->set_statement(statement.SerializeAsString());
  ExpectRefused({agree}, v1::BAD_AGREEMENT, "signature");
}

TEST_P(Refusals, AgreeingWhileATermIsInConflict) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  ExpectRefused({Agree(world_["ben"], kSeminar)}, v1::OPEN_CONFLICT, "settle it first");
}

TEST_P(Refusals, SettlingWhatOneKnowsIsSettled) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  v1::Edit settle = *Settle(plan(), Conflicts(plan(), false)[0], {});
  Must("ana", {settle});
  world_.SyncAll();
  ExpectRefused({settle}, v1::ALREADY_SETTLED, "settled already");
}

}  // namespace
}  // namespace twinning::plan

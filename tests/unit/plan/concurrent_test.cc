// What concurrent edits of two towns come to, whoever syncs first.
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Concurrent = Twins;
INSTANTIATE_TEST_SUITE_P(EitherFirst, Concurrent, ::testing::Values("ana", "ben"));

TEST_P(Concurrent, EditsOfDifferentFieldsBothStand) {
  Must("ana", {Write(kSeminar, "activity", "title", merge::StringValue("Seminar"))});
  Must("ben", {Write(kSeminar, "activity", "place", merge::StringValue("Lille"))});
  SyncBoth();
  EXPECT_EQ(shown(kSeminar, "title"), merge::StringValue("Seminar"));
  EXPECT_EQ(shown(kSeminar, "place"), merge::StringValue("Lille"));
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
}

TEST_P(Concurrent, TwoDatesAreOneOpenConflictThatHoldsBoth) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  std::vector<Conflict> conflicts = Conflicts(plan(), true);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_THAT(candidates(conflicts[0]),
              UnorderedElementsAre(Date("2031-03-28"), Date("2031-04-04")));
  EXPECT_EQ(conflicts[0].candidates[0].author, GetParam());
  EXPECT_EQ(conflicts[0].candidates[1].value, shown(kSeminar, "deadline"));
}

TEST_P(Concurrent, TheSameDateTwiceIsNoConflict) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  SyncBoth();
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
}

TEST_P(Concurrent, SentencesMergeAndBothPositionsAreToBeConfirmedAgain) {
  for (const char* name : {"ana", "ben"}) {
    Must(name, *StatePosition(world_[name].view(), world_[name].town(), kObjective, v1::SUPPORTS,
                              "", "en"));
  }
  world_.SyncAll();
  ASSERT_TRUE(StandingOf(plan(), record(kObjective)).in_the_plan);
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{27, 0, " often"}})});
  SyncBoth();
  EXPECT_EQ(statement(kObjective), "Offer French. Visit schools often.");
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
  Standing standing = StandingOf(plan(), record(kObjective));
  EXPECT_FALSE(standing.in_the_plan);
  for (const TownPosition& position : standing.positions) EXPECT_FALSE(position.current);
}

TEST_P(Concurrent, WhoeverRewordsKeepsTheirPositionAndTheOtherConfirmsAgain) {
  for (const char* name : {"ana", "ben"}) {
    Must(name, *StatePosition(world_[name].view(), world_[name].town(), kObjective, v1::SUPPORTS,
                              "", "en"));
  }
  world_.SyncAll();
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  SyncBoth();
  Standing standing = StandingOf(plan(), record(kObjective));
  EXPECT_TRUE(standing.positions[0].current);
  EXPECT_FALSE(standing.positions[1].current);
}

TEST_P(Concurrent, AnEditAndEvenAReferenceWinsOverADeletion) {
  RecordId responsible = RecordNamed("responsible");
  Must("ana", {Delete(kSeminar)});
  Must("ben",
       {Create(responsible, "responsibility"),
        Write(responsible, "responsibility", "town", merge::ReferenceValue(world_["ben"].town())),
        Write(responsible, "responsibility", "activity", merge::ReferenceValue(kSeminar))});
  SyncBoth();
  EXPECT_TRUE(plan().Visible(record(kSeminar)));
  std::vector<Conflict> conflicts = Conflicts(plan(), true);
  ASSERT_THAT(conflicts, SizeIs(1));
  ASSERT_EQ(conflicts[0].kind, merge::ConflictKind::kDeletion);
  ASSERT_THAT(conflicts[0].candidates, SizeIs(2));
  for (const Candidate& candidate : conflicts[0].candidates) {
    EXPECT_EQ(candidate.author, candidate.deletes ? "ana" : "ben");
    EXPECT_EQ(candidate.edited, candidate.deletes ? RecordId() : responsible);
  }
}

TEST_P(Concurrent, ElementsAreAddedAndRemovedOneByOne) {
  Must("ana", {Add(kSeminar, "activity", "tags", merge::StringValue("Q"))});
  world_.SyncAll();
  Must("ana", {Add(kSeminar, "activity", "tags", merge::StringValue("music"))});
  Must("ben", {Add(kSeminar, "activity", "tags", merge::StringValue("youth")),
               Remove(kSeminar, "activity", "tags", merge::StringValue("Q"))});
  SyncBoth();
  const merge::SetField& tags = record(kSeminar).sets.begin()->second;
  EXPECT_THAT(tags.adds, SizeIs(2));
  EXPECT_EQ(tags.adds.count(merge::StringValue("Q")), 0u);
}

TEST_P(Concurrent, AWindowIsReplacedWhole) {
  auto window = [](std::string_view from, std::string_view to) {
    return merge::PairValue({{1, Date(from)}, {2, Date(to)}});
  };
  Must("ana", {Write(kSeminar, "activity", "window", window("2031-03-20", "2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "window", window("2031-03-03", "2031-03-18"))});
  SyncBoth();
  std::vector<Conflict> conflicts = Conflicts(plan(), true);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(shown(kSeminar, "window"), conflicts[0].candidates[1].value);
}

TEST_P(Concurrent, APassageThatBothRewroteIsAConflict) {
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{6, 6, "English"}})});
  SyncBoth();
  EXPECT_EQ(statement(kObjective), "Offer English. Visit schools.");
  std::vector<Conflict> conflicts = Conflicts(plan(), true);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_THAT(candidates(conflicts[0]), UnorderedElementsAre("Offer French. ", "Teach English. "));
}

TEST_P(Concurrent, AnAgreementLapsesWhenAWordChanges) {
  for (const char* name : {"ana", "ben"}) Must(name, {Agree(world_[name], kSeminar)});
  world_.SyncAll();
  ASSERT_TRUE(AgreementOf(plan(), record(kSeminar)).agreed);
  Must("ana", {Withdraw(kSeminar)});
  world_.SyncAll();
  EXPECT_FALSE(AgreementOf(plan(), record(kSeminar)).agreed);
  Must("ana", {Agree(world_["ana"], kSeminar)});
  Must("ben", {Write(kSeminar, "activity", "place", merge::StringValue("Lille"))});
  SyncBoth();
  Agreement agreement = AgreementOf(plan(), record(kSeminar));
  EXPECT_FALSE(agreement.agreed);
  EXPECT_EQ(agreement.towns[0].state, Consenting::kLapsed);
}

TEST_P(Concurrent, TwoSettlementsAreANewConflictBetweenThem) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  Hash first = Conflicts(plan(), false)[0].id;
  for (const char* name : {"ana", "ben"}) {
    Conflict open = Conflicts(world_[name].view(), false)[0];
    Choice choice;
    choice.keep = open.candidates[0].author == name ? 0 : 1;
    Must(name, {*Settle(world_[name].view(), open, choice)});
  }
  SyncBoth();
  std::vector<Conflict> all = Conflicts(plan(), true);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_NE(all[0].id, first);
  EXPECT_EQ(all[1].id, first);
  EXPECT_TRUE(all[1].settled->by_name);
  EXPECT_EQ(all[0].candidates[0].author, GetParam());
}

TEST_P(Concurrent, AReplicaThatKnowsOfAConflictSettlesItByName) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  std::optional<Refusal> refusal =
      world_["ben"].Write({Write(kSeminar, "activity", "deadline", Date("2031-05-01"))});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, v1::OPEN_CONFLICT);
  world_["ben"].Force({Write(kSeminar, "activity", "deadline", Date("2031-05-01"))});
  SyncBoth();
  ASSERT_THAT(world_.Refused("ben"), SizeIs(1));
  EXPECT_EQ(world_.Refused("ben")[0].second.reason, v1::OPEN_CONFLICT);
  EXPECT_THAT(Conflicts(plan(), false), SizeIs(1));
}

TEST_P(Concurrent, TwoRecordsMadeByOneRuleAreOne) {
  RecordId series = RecordNamed("series");
  Must("ana", {Create(series, "series"),
               Write(series, "series", "title", merge::StringValue("Committee"))});
  world_.SyncAll();
  RecordId meeting = OccurrenceId(series, "2031-10-10");
  for (const char* name : {"ana", "ben"}) {
    v1::Edit create = Create(meeting, "meeting");
    create.mutable_create()->set_rule(std::string(series.bytes()));
    Must(name, {create, Write(meeting, "meeting", "body", merge::StringValue("Committee")),
                Write(meeting, "meeting", "date", Date("2031-10-10"))});
  }
  SyncBoth();
  EXPECT_THAT(Conflicts(plan(), true), IsEmpty());
  EXPECT_EQ(shown(meeting, "date"), Date("2031-10-10"));
}

TEST_P(Concurrent, AnOutboxOverConfirmedStateShowsWhatTheLedgerWillSay) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  world_.Sync("ana");
  // Ben has not pushed, but sees ana's change under his own.
  Person& ben = world_["ben"];
  std::vector<plan::Change> outbox = ben.outbox();
  world_.Sync("ben");
  EXPECT_THAT(outbox, SizeIs(1));
  EXPECT_EQ(Conflicts(ben.view(), false)[0].provisional, false);
}

}  // namespace
}  // namespace twinning::plan

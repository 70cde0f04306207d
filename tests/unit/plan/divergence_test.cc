// Letting a record diverge, whoever syncs first.
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Diverging : public Twins {
 protected:
  void SetUp() override {
    Must("ana", {Write(kObjective, "objective", "title", merge::StringValue("Twelve schools"))});
    Must("ben", {Write(kObjective, "objective", "title", merge::StringValue("All schools"))});
    SyncBoth();
  }

  void Diverge(std::string_view name) {
    Choice choice;
    choice.kind = Choice::kDiverge;
    const Plan& view = world_[name].view();
    Must(name, {*Settle(view, Conflicts(view, false)[0], choice)});
  }

  RecordId BranchOf(std::string_view name) { return BranchId(kObjective, world_[name].town()); }
};
INSTANTIATE_TEST_SUITE_P(EitherFirst, Diverging, ::testing::Values("ana", "ben"));

TEST_P(Diverging, EachTownGoesOnWithWhatItWrote) {
  Diverge("ana");
  SyncBoth();
  EXPECT_FALSE(plan().Visible(record(kObjective)));
  EXPECT_EQ(shown(BranchOf("ana"), "title"), merge::StringValue("Twelve schools"));
  EXPECT_EQ(shown(BranchOf("ben"), "title"), merge::StringValue("All schools"));
  EXPECT_EQ(plan().OwnerOf(record(BranchOf("ben"))), world_["ben"].town());
  EXPECT_EQ(statement(BranchOf("ben")), "Teach French. Visit schools.");
  EXPECT_THAT(Conflicts(plan(), false), SizeIs(0));
  ASSERT_THAT(Conflicts(plan(), true), SizeIs(1));
  EXPECT_TRUE(Conflicts(plan(), true)[0].settled->diverged);
}

TEST_P(Diverging, AConcurrentEditGoesToItsAuthorsBranchOnly) {
  Diverge("ana");
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{27, 0, " often"}}),
               Write(kObjective, "objective", "theme", merge::IntegerValue(3))});
  SyncBoth();
  EXPECT_EQ(statement(BranchOf("ana")), "Teach French. Visit schools.");
  EXPECT_EQ(statement(BranchOf("ben")), "Teach French. Visit schools often.");
  EXPECT_EQ(shown(BranchOf("ana"), "theme"), "");
  EXPECT_EQ(shown(BranchOf("ben"), "theme"), merge::IntegerValue(3));
}

TEST_P(Diverging, ALaterEditOfTheSharedRecordGoesToTheBranchToo) {
  Diverge("ana");
  SyncBoth();
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  Must("ana", {Splice(BranchOf("ana"), "objective", "statement", "en", {{0, 5, "Learn"}})});
  SyncBoth();
  EXPECT_EQ(statement(BranchOf("ana")), "Learn French. Visit schools.");
  EXPECT_EQ(statement(BranchOf("ben")), "Offer French. Visit schools.");
}

TEST_P(Diverging, BothLettingItDivergeIsTheSameTwice) {
  Diverge("ana");
  Diverge("ben");
  SyncBoth();
  EXPECT_THAT(Conflicts(plan(), true), SizeIs(1));
  EXPECT_EQ(shown(BranchOf("ben"), "title"), merge::StringValue("All schools"));
}

TEST_P(Diverging, AConcurrentSettlementGoesOnInItsAuthorsBranch) {
  Diverge("ana");
  Conflict open = Conflicts(world_["ben"].view(), false)[0];
  Choice choice;
  choice.kind = Choice::kValue;
  choice.value = merge::StringValue("Every school");
  Must("ben", {*Settle(world_["ben"].view(), open, choice)});
  SyncBoth();
  EXPECT_EQ(shown(BranchOf("ana"), "title"), merge::StringValue("Twelve schools"));
  EXPECT_EQ(shown(BranchOf("ben"), "title"), merge::StringValue("Every school"));
  EXPECT_THAT(Conflicts(plan(), true), SizeIs(1));
}

// Its author counted in words that are gone then.
TEST_P(Diverging, TheChangeThatLetsItDivergeOrMakesItOneWritesNothingInItAfterwards) {
  Choice choice;
  choice.kind = Choice::kDiverge;
  v1::Edit diverge = *Settle(plan(), Conflicts(plan(), false)[0], choice);
  v1::Edit splice = Splice(kObjective, "objective", "statement", "en", {{27, 0, " often"}});
  std::optional<Refusal> refusal = world_["ana"].Write({diverge, splice});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, v1::MALFORMED) << refusal->detail;
  Must("ana", {splice, diverge});
  SyncBoth();
  v1::Edit rejoin = Reopen(kObjective, Conflicts(plan(), true)[0].id);
  world_["ana"].Force({rejoin, splice});
  world_.Sync("ana");
  ASSERT_FALSE(world_.Refused("ana").empty());
  EXPECT_EQ(world_.Refused("ana").back().second.reason, v1::MALFORMED);
}

TEST_P(Diverging, WhatBecameOneAgainDoesNotDivergeASecondTime) {
  Diverge("ana");
  SyncBoth();
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{27, 0, " often"}})});
  Must("ana", {Reopen(kObjective, Conflicts(plan(), true)[0].id)});
  SyncBoth();
  Choice choice;
  choice.kind = Choice::kDiverge;
  std::optional<Refusal> refusal =
      world_["ana"].Write({*Settle(plan(), Conflicts(plan(), false)[0], choice)});
  ASSERT_TRUE(refusal);
  EXPECT_THAT(refusal->detail, ::testing::HasSubstr("cannot diverge twice"));
}

TEST_P(Diverging, UndoneAQuietFieldShowsTheLatestOfTheBranches) {
  Diverge("ana");
  SyncBoth();
  Must("ana", {Write(kObjective, "objective", "order", merge::StringValue("a"))});
  SyncBoth();
  Must("ben", {Write(kObjective, "objective", "order", merge::StringValue("b"))});
  SyncBoth();
  Must("ana", {Reopen(kObjective, Conflicts(plan(), true)[0].id)});
  SyncBoth();
  EXPECT_EQ(shown(kObjective, "order"), merge::StringValue("b"));
  ASSERT_THAT(Conflicts(plan(), false), SizeIs(1));
  EXPECT_NE(Conflicts(plan(), false)[0].field,
            plan().KindOf(record(kObjective))->FieldByName("order")->number);
}

TEST_P(Diverging, UndoneTheBranchesAreCandidatesOfOneRecord) {
  Diverge("ana");
  SyncBoth();
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{0, 5, "Offer"}})});
  SyncBoth();
  Must("ana", {Reopen(kObjective, Conflicts(plan(), true)[0].id)});
  SyncBoth();
  EXPECT_TRUE(plan().Visible(record(kObjective)));
  EXPECT_FALSE(plan().Visible(record(BranchOf("ana"))));
  std::vector<Conflict> open = Conflicts(plan(), false);
  ASSERT_THAT(open, SizeIs(2));
  EXPECT_THAT(candidates(open[0]), UnorderedElementsAre(merge::StringValue("Twelve schools"),
                                                        merge::StringValue("All schools")));
  EXPECT_THAT(candidates(open[1]),
              UnorderedElementsAre("Teach French. Visit schools.", "Offer French. Visit schools."));
}

TEST_P(Diverging, WhatWasRefusedOnABranchIsSaidAgainOnTheOneRecord) {
  Diverge("ana");
  SyncBoth();
  Must("ana", {Reopen(kObjective, Conflicts(plan(), true)[0].id)});
  Must("ben", {Add(BranchOf("ben"), "objective", "tags", merge::StringValue("music"))});
  world_.Sync("ana");
  world_.SyncAll();
  ASSERT_THAT(world_.Refused("ben"), SizeIs(1));
  auto again = Again(world_["ben"].view(), world_["ben"].authored().back());
  ASSERT_TRUE(again.ok()) << again.status();
  Must("ben", *std::move(again));
  SyncBoth();
  EXPECT_THAT(record(kObjective).sets, SizeIs(1));
}

// Two of Exampleton and one of Exempleville have each given the objective a title and a statement.
class DivergingTown : public ::testing::Test {
 protected:
  DivergingTown()
      : world_({{"ana", "Exampleton"}, {"amy", "Exampleton"}, {"ben", "Exempleville"}}) {
    world_["ana"].Write({Create(kObjective, "objective"),
                         Write(kObjective, "objective", "title", merge::StringValue("French")),
                         Splice(kObjective, "objective", "statement", "en", {{0, 0, "Teach."}})});
    world_.SyncAll();
  }

  void Rename(std::string_view name, std::string_view title) {
    world_[name].Write({Write(kObjective, "objective", "title", merge::StringValue(title))});
  }
  void Reword(std::string_view name, std::string_view word) {
    world_[name].Write(
        {Splice(kObjective, "objective", "statement", "en", {{0, 5, std::string(word)}})});
  }

  absl::StatusOr<v1::Edit> LetDiverge() {
    Choice choice;
    choice.kind = Choice::kDiverge;
    return Settle(world_["ben"].view(), Conflicts(world_["ben"].view(), false)[0], choice);
  }
  std::vector<Conflict> OpenIn(std::string_view town) {
    const Plan& plan = world_["ben"].view();
    return ConflictsOf(plan, *plan.Find(BranchId(kObjective, world_.Town(town))), false);
  }

  World world_;
};

TEST_F(DivergingTown, WhereItsOwnPeopleDifferThatStaysAConflictOfItsBranch) {
  Rename("ana", "Twelve schools");
  Rename("amy", "Ten schools");
  Rename("ben", "All schools");
  world_.SyncAll();
  world_["ben"].Write({*LetDiverge()});
  world_.SyncAll();
  ASSERT_THAT(OpenIn("Exampleton"), SizeIs(1));
  EXPECT_THAT(OpenIn("Exampleton")[0].candidates, SizeIs(2));
  EXPECT_THAT(OpenIn("Exempleville"), SizeIs(0));
}

TEST_F(DivergingTown, TheSameHoldsForAPassage) {
  Reword("ana", "Offer");
  Reword("amy", "Learn");
  Reword("ben", "Speak");
  world_.SyncAll();
  world_["ben"].Write({*LetDiverge()});
  world_.SyncAll();
  ASSERT_THAT(OpenIn("Exampleton"), SizeIs(1));
  const Conflict left = OpenIn("Exampleton")[0];
  std::vector<std::string> versions;
  for (const Candidate& one : left.candidates) versions.push_back(one.value);
  EXPECT_THAT(versions, UnorderedElementsAre("Offer.", "Learn."));
  EXPECT_THAT(OpenIn("Exempleville"), SizeIs(0));
}

TEST_F(DivergingTown, OneTownAloneHasNothingToDivergeFrom) {
  Rename("ana", "Twelve schools");
  Rename("amy", "Ten schools");
  world_.SyncAll();
  EXPECT_TRUE(absl::IsFailedPrecondition(LetDiverge().status()));
}

TEST_P(Diverging, AThirdReplicaThatSawTheOthersEditTakesItAlong) {
  World world({{"ana", "Exampleton"}, {"amy", "Exampleton"}, {"ben", "Exempleville"}});
  world["ana"].Write({Create(kObjective, "objective"),
                      Write(kObjective, "objective", "title", merge::StringValue("French"))});
  world.SyncAll();
  world["ana"].Write({Write(kObjective, "objective", "title", merge::StringValue("A"))});
  world["ben"].Write({Write(kObjective, "objective", "title", merge::StringValue("B"))});
  world.SyncAll();
  Choice choice;
  choice.kind = Choice::kDiverge;
  const Plan& view = world["ana"].view();
  world["ana"].Write({*Settle(view, Conflicts(view, false)[0], choice)});
  world["ben"].Write({Splice(kObjective, "objective", "statement", "en", {{0, 0, "Words."}})});
  world.Sync("ben");
  world.Sync("amy");
  world["amy"].Write({Splice(kObjective, "objective", "statement", "en", {{6, 0, " More."}})});
  world.Sync("ana");
  world.SyncAll();
  const Plan& plan = world["ben"].view();
  const merge::Record* branch = plan.Find(BranchId(kObjective, world.Town("Exampleton")));
  ASSERT_NE(branch, nullptr);
  EXPECT_EQ(branch->texts.begin()->second.document.text(), "Words. More.");
  EXPECT_EQ(world["amy"].confirmed().Digest(), world["ben"].confirmed().Digest());
}

}  // namespace
}  // namespace twinning::plan

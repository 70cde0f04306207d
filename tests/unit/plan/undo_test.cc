// Undo takes back one's own and leaves what others did since.
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Undoing : public Twins {
 protected:
  Undo UndoLast(std::string_view name) {
    Person& person = world_[name];
    Change last = person.outbox().empty() ? last_ : person.outbox().back();
    absl::StatusOr<Undo> undo = UndoOf(person.view(), last);
    EXPECT_TRUE(undo.ok());
    if (!undo->edits.empty()) Must(name, undo->edits);
    return *undo;
  }
  void RememberLast(std::string_view name) { last_ = world_[name].outbox().back(); }

  Change last_;
};
INSTANTIATE_TEST_SUITE_P(One, Undoing, ::testing::Values("ana"));

TEST_P(Undoing, AWriteGivesTheEarlierValueBack) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  UndoLast("ana");
  EXPECT_EQ(shown(kSeminar, "deadline"), Date("2031-03-31"));
}

TEST_P(Undoing, UndoOfAnUndoDoesItAgain) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  UndoLast("ana");
  UndoLast("ana");
  EXPECT_EQ(shown(kSeminar, "deadline"), Date("2031-03-28"));
}

TEST_P(Undoing, AFieldThatAnotherChangedSinceIsLeftAlone) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28")),
               Write(kSeminar, "activity", "place", merge::StringValue("Lille"))});
  RememberLast("ana");
  world_.SyncAll();
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-05-01"))});
  world_.SyncAll();
  Undo undo = UndoLast("ana");
  EXPECT_EQ(shown(kSeminar, "deadline"), Date("2031-05-01"));
  EXPECT_EQ(shown(kSeminar, "place"), "");
  ASSERT_THAT(undo.left_alone, SizeIs(1));
  EXPECT_THAT(undo.left_alone[0], HasSubstr("by ben"));
}

TEST_P(Undoing, TypedWordsGoAndTheOthersStay) {
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{14, 0, "Sing songs. "}})});
  RememberLast("ana");
  world_.SyncAll();
  Must("ben",
       {Splice(kObjective, "objective", "statement", "en", {{39, 0, " often"}, {19, 0, "loud "}})});
  world_.SyncAll();
  UndoLast("ana");
  EXPECT_EQ(statement(kObjective), "Teach French. loud Visit schools often.");
}

TEST_P(Undoing, DeletedWordsComeBackWhereTheyWere) {
  Must("ana", {Splice(kObjective, "objective", "statement", "en", {{0, 14, ""}})});
  RememberLast("ana");
  world_.SyncAll();
  Must("ben", {Splice(kObjective, "objective", "statement", "en", {{13, 0, " often"}})});
  world_.SyncAll();
  UndoLast("ana");
  EXPECT_EQ(statement(kObjective), "Teach French. Visit schools often.");
}

TEST_P(Undoing, ACounterGetsTheOppositeIncrement) {
  RecordId outcome = RecordNamed("outcome");
  Must("ana", {Create(outcome, "outcome"),
               Write(outcome, "outcome", "title", merge::StringValue("Links"))});
  Must("ana", {Increment(outcome, "outcome", "achieved", 3)});
  RememberLast("ana");
  world_.SyncAll();
  Must("ben", {Increment(outcome, "outcome", "achieved", 2)});
  world_.SyncAll();
  UndoLast("ana");
  EXPECT_EQ(record(outcome).counters.begin()->second, 2);
}

TEST_P(Undoing, ADeletionIsRestored) {
  Must("ana", {Delete(kSeminar)});
  UndoLast("ana");
  EXPECT_TRUE(plan().Visible(record(kSeminar)));
}

TEST_P(Undoing, ASettlementIsOpenedAgain) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  SyncBoth();
  Must("ana", {*Settle(plan(), Conflicts(plan(), false)[0], {})});
  ASSERT_THAT(Conflicts(plan(), false), IsEmpty());
  UndoLast("ana");
  world_.SyncAll();
  EXPECT_THAT(Conflicts(plan(), false), SizeIs(1));
}

}  // namespace
}  // namespace twinning::plan

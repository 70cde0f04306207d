#include "common/merge/record.h"

#include <gmock/gmock.h>

#include "tests/unit/merge/authors.h"

namespace twinning::merge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<Value> ValuesOf(const Register& reg) {
  std::vector<Value> values;
  for (const Candidate& candidate : reg.candidates) values.push_back(candidate.value);
  return values;
}

TEST(Register, ConcurrentWritesBothStandAndTheLatestIsShown) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  Register& reg = record.registers[kDeadline];
  EXPECT_THAT(ValuesOf(reg), ElementsAre("s28", "s4"));
  EXPECT_EQ(reg.shown(), "s4");
  ASSERT_TRUE(reg.conflict);
  EXPECT_EQ(reg.conflict->opened, 3u);
}

TEST(Register, EqualWritesAreNoConflict) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s28");
  EXPECT_FALSE(record.registers[kDeadline].conflict);
}

TEST(Register, AWriteReplacesWhatItsAuthorHadSeen) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 2), "s4");
  EXPECT_THAT(ValuesOf(record.registers[kDeadline]), ElementsAre("s4"));
}

TEST(Register, AnEditThatDidNotKnowKeepsTheConflictsId) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  Hash id = record.registers[kDeadline].conflict->id;
  WriteRegister(record, kDeadline, false, By(kAna, 4, 1), "s29");
  EXPECT_EQ(record.registers[kDeadline].conflict->id, id);
  EXPECT_THAT(ValuesOf(record.registers[kDeadline]), ElementsAre("s4", "s29"));
}

TEST(Register, ConcurrentSettlementsAreANewConflict) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  Hash id = record.registers[kDeadline].conflict->id;
  SettleRegister(record, kDeadline, false, By(kAna, 4, 3), "s28");
  EXPECT_FALSE(record.registers[kDeadline].conflict);
  SettleRegister(record, kDeadline, false, By(kBen, 5, 3), "s4");
  ASSERT_TRUE(record.registers[kDeadline].conflict);
  EXPECT_NE(record.registers[kDeadline].conflict->id, id);
  ASSERT_THAT(record.settled, SizeIs(1));
  EXPECT_TRUE(record.settled[0].by_name);
}

TEST(Register, ASettlementSpeaksOfWhatItsAuthorHadSeenWhoeverComesFirst) {
  constexpr ReplicaIndex kCleo = 2;
  for (bool cleo_first : {true, false}) {
    Record record;
    WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
    WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
    if (cleo_first) WriteRegister(record, kDeadline, false, By(kCleo, 4, 1), "s11");
    SettleRegister(record, kDeadline, false, By(kAna, 5, 3), "s28");
    if (!cleo_first) WriteRegister(record, kDeadline, false, By(kCleo, 6, 1), "s11");
    ASSERT_THAT(record.settled, SizeIs(1));
    EXPECT_THAT(record.settled[0].candidates, SizeIs(2));
    ASSERT_TRUE(record.registers[kDeadline].conflict);
    EXPECT_THAT(ValuesOf(record.registers[kDeadline]), UnorderedElementsAre("s28", "s11"));
  }
}

TEST(Register, ASettlementDoesNotEndAConflictOfWhichItHadSeenNothing) {
  constexpr ReplicaIndex kCleo = 2;
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  WriteRegister(record, kDeadline, false, By(kCleo, 4, 1), "s11");
  SettleRegister(record, kDeadline, false, By(kAna, 5, 3), "s28");
  Hash id = record.registers[kDeadline].conflict->id;
  SettleRegister(record, kDeadline, false, By(kBen, 6, 3), "s4");
  EXPECT_THAT(record.settled, SizeIs(1));
  EXPECT_EQ(record.registers[kDeadline].conflict->id, id);
  EXPECT_THAT(ValuesOf(record.registers[kDeadline]), ElementsAre("s11", "s28", "s4"));
}

TEST(Register, ReopeningBringsTheCandidatesBack) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  Hash id = record.registers[kDeadline].conflict->id;
  SettleRegister(record, kDeadline, false, By(kAna, 4, 3), "s28");
  EXPECT_TRUE(Reopen(record, id, By(kBen, 5, 4)));
  EXPECT_THAT(ValuesOf(record.registers[kDeadline]), ElementsAre("s28", "s4"));
  EXPECT_FALSE(Reopen(record, id, By(kAna, 6, 5)));
}

TEST(Set, AnAddWinsOverAConcurrentRemove) {
  Record record;
  AddToSet(record, 6, By(kAna, 2, 1), "smusic");
  RemoveFromSet(record, 6, By(kBen, 3, 2), "smusic");
  EXPECT_TRUE(record.sets[6].adds.empty());
  AddToSet(record, 6, By(kAna, 4, 3), "smusic");
  AddToSet(record, 6, By(kAna, 5, 4), "smusic");
  RemoveFromSet(record, 6, By(kBen, 6, 4), "smusic");
  EXPECT_THAT(record.sets[6].adds, SizeIs(1));
}

TEST(Existence, AnEditWinsOverAConcurrentDeletion) {
  Record record;
  TouchRecord(record, By(kAna, 2, 1), record.id);
  DeleteRecord(record, By(kAna, 3, 2));
  EXPECT_TRUE(record.existence.deleted());
  TouchRecord(record, By(kBen, 4, 2), record.id);
  EXPECT_FALSE(record.existence.deleted());
  ASSERT_TRUE(record.existence.conflict);
  EXPECT_THAT(DeletionCandidates(record), SizeIs(2));
}

TEST(Existence, ADeletionThatComesSecondLosesToTheEditToo) {
  Record record;
  TouchRecord(record, By(kBen, 3, 2), record.id);
  DeleteRecord(record, By(kAna, 4, 2));
  EXPECT_FALSE(record.existence.deleted());
  EXPECT_TRUE(record.existence.conflict);
  SettleExistence(record, By(kBen, 5, 4), true);
  EXPECT_TRUE(record.existence.deleted());
}

// Ana deletes the record, ben edits it without knowing; a conflict.
Record Contested() {
  Record record;
  TouchRecord(record, By(kAna, 2, 1), record.id);
  DeleteRecord(record, By(kAna, 3, 2));
  TouchRecord(record, By(kBen, 4, 2), record.id);
  return record;
}

TEST(Existence, ThereAreNoCandidatesWithoutAConflict) {
  Record record = Contested();
  DeleteRecord(record, By(kBen, 5, 2));
  EXPECT_TRUE(record.existence.deleted());
  EXPECT_THAT(DeletionCandidates(record), SizeIs(0));
}

TEST(Existence, ASettlementIsWhatItsAuthorDecidedEvenWhenItIsChallengedAtOnce) {
  Record record = Contested();
  TouchRecord(record, By(kBen, 5, 2), record.id);
  SettleExistence(record, By(kAna, 6, 4), true);
  ASSERT_THAT(record.settled, SizeIs(1));
  EXPECT_EQ(record.settled[0].outcome, IntegerValue(0));
  EXPECT_TRUE(record.settled[0].by_name);
  EXPECT_FALSE(record.existence.deleted());
  ASSERT_TRUE(record.existence.conflict);
  EXPECT_NE(record.existence.conflict->id, record.settled[0].id);
}

TEST(Existence, ReopeningBringsDeletionAndEditBack) {
  for (bool deleted : {true, false}) {
    Record record = Contested();
    Hash id = record.existence.conflict->id;
    SettleExistence(record, By(kAna, 5, 4), deleted);
    EXPECT_EQ(record.existence.deleted(), deleted);
    EXPECT_TRUE(Reopen(record, id, By(kBen, 6, 5)));
    EXPECT_FALSE(record.existence.deleted());
    EXPECT_THAT(DeletionCandidates(record), SizeIs(2));
    EXPECT_EQ(record.existence.conflict->id, id);
    SettleExistence(record, By(kBen, 7, 6), true);
    EXPECT_TRUE(record.existence.deleted());
  }
}

TEST(Existence, WhatWasRestoredOrDeletedSinceIsNotReopened) {
  Record record = Contested();
  Hash id = record.existence.conflict->id;
  SettleExistence(record, By(kAna, 5, 4), true);
  RestoreRecord(record, By(kBen, 6, 5));
  EXPECT_FALSE(Reopen(record, id, By(kBen, 7, 6)));
  record = Contested();
  SettleExistence(record, By(kAna, 5, 4), false);
  DeleteRecord(record, By(kBen, 6, 5));
  EXPECT_FALSE(Reopen(record, id, By(kBen, 7, 6)));
  EXPECT_TRUE(record.existence.deleted());
}

TEST(Register, AConflictThatNobodyKnewOfLeavesNothingBehindWhenAllComeToAgree) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  Hash id = record.registers[kDeadline].conflict->id;
  WriteRegister(record, kDeadline, false, By(kBen, 4, 1), "s28");
  EXPECT_FALSE(record.registers[kDeadline].conflict);
  EXPECT_THAT(record.settled, IsEmpty());
  WriteRegister(record, kDeadline, false, By(kBen, 5, 1), "s5");
  EXPECT_EQ(record.registers[kDeadline].conflict->id, id);
}

TEST(Register, AConflictEndedByWhoKnewOfItIsKept) {
  Record record;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), "s28");
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), "s4");
  WriteRegister(record, kDeadline, false, By(kAna, 4, 3), "s28");
  EXPECT_FALSE(record.registers[kDeadline].conflict);
  ASSERT_THAT(record.settled, SizeIs(1));
  EXPECT_THAT(record.settled[0].candidates, SizeIs(2));
}

class RecordText : public ::testing::Test {
 protected:
  void Splice(const Author& author, text::Splice splice) {
    ASSERT_TRUE(SpliceText(record_, key_, author, {splice}).ok());
  }
  TextField& field() { return record_.texts[key_]; }

  Record record_;
  TextKey key_{2, "en"};
};

TEST_F(RecordText, WhoTypesAPassageAnewLetterByLetterIsACandidateWithAllOfIt) {
  Splice(By(kAna, 2, 1), {0, 0, "Pupils stay. Bring boots."});
  Splice(By(kAna, 3, 2), {0, 6, ""});
  Splice(By(kAna, 4, 2), {0, 0, "T"});
  Splice(By(kAna, 5, 2), {1, 0, "eams"});
  Splice(By(kBen, 6, 2), {0, 6, ""});
  Splice(By(kBen, 7, 2), {0, 0, "C"});
  Splice(By(kBen, 8, 2), {1, 0, "hildren"});
  ASSERT_THAT(field().conflicts, SizeIs(1));
  ASSERT_THAT(field().conflicts[0].candidates, SizeIs(2));
  EXPECT_EQ(field().conflicts[0].candidates[0].value, "Teams stay. ");
  EXPECT_EQ(field().conflicts[0].candidates[1].value, "Children stay. ");
}

TEST_F(RecordText, EditsOfDifferentSentencesMergeSilently) {
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Splice(By(kBen, 4, 2), {27, 0, " often"});
  EXPECT_EQ(field().document.text(), "Offer French. Visit schools often.");
  EXPECT_TRUE(field().conflicts.empty());
}

TEST_F(RecordText, APassageThatBothRewroteIsAConflictWithBothVersions) {
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Splice(By(kBen, 4, 2), {6, 6, "English"});
  ASSERT_THAT(field().conflicts, SizeIs(1));
  const PassageConflict& open = field().conflicts[0];
  EXPECT_EQ(open.candidates[0].value, "Offer French. ");
  EXPECT_EQ(open.candidates[1].value, "Teach English. ");
  EXPECT_EQ(field().document.text(), "Offer English. Visit schools.");
}

TEST_F(RecordText, ASettlementLeavesWhatItHadNotSeenInAConflictOfItsOwn) {
  constexpr ReplicaIndex kCleo = 2;
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Splice(By(kBen, 4, 2), {6, 6, "English"});
  Splice(By(kCleo, 5, 2), {6, 6, "German"});
  ASSERT_THAT(field().conflicts, SizeIs(1));
  Hash id = field().conflicts[0].conflict.id;
  std::vector<Stamp> named = {{3, kAna, 3}, {4, kBen, 4}};
  ASSERT_TRUE(SettlePassage(record_, key_, By(kAna, 6, 4), named, {{6, 7, "French"}}).ok());
  ASSERT_THAT(record_.settled, SizeIs(1));
  EXPECT_EQ(record_.settled[0].id, id);
  EXPECT_THAT(record_.settled[0].candidates, SizeIs(2));
  ASSERT_THAT(field().conflicts, SizeIs(1));
  EXPECT_NE(field().conflicts[0].conflict.id, id);
  EXPECT_EQ(field().conflicts[0].candidates[0].value, "Teach German. ");
  EXPECT_EQ(field().conflicts[0].candidates[1].stamp.sequence, 6u);
}

TEST_F(RecordText, WhoKnowOfAConflictAndBothGoOnRewritingAreBothItsCandidates) {
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Splice(By(kBen, 4, 2), {6, 6, "English"});
  Splice(By(kBen, 5, 4), {6, 7, "Spanish"});
  Splice(By(kAna, 6, 4), {0, 5, "Speak"});
  ASSERT_THAT(field().conflicts, SizeIs(1));
  const std::vector<Candidate>& candidates = field().conflicts[0].candidates;
  ASSERT_THAT(candidates, SizeIs(2));
  EXPECT_EQ(candidates[0].value, "Offer Spanish. ");
  EXPECT_EQ(candidates[1].value, "Speak English. ");
}

TEST_F(RecordText, ASettlementAndARewritingThatDidNotKnowOfItAreAConflictWhoeverComesFirst) {
  for (bool settled_first : {true, false}) {
    record_ = Record();
    Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
    Splice(By(kAna, 3, 2), {0, 5, "Offer"});
    Splice(By(kBen, 4, 2), {6, 6, "English"});
    std::vector<Stamp> named = {{3, kAna, 3}, {4, kBen, 4}};
    auto settle = [&](Sequence sequence) {
      Author ana = By(kAna, sequence, 4);
      EXPECT_TRUE(SettlePassage(record_, key_, ana, named, {{0, 5, "Teach"}}).ok());
    };
    if (settled_first) settle(5);
    Splice(By(kBen, 6, 4), {6, 7, "Spanish"});
    if (!settled_first) settle(7);
    ASSERT_THAT(record_.settled, SizeIs(1));
    EXPECT_THAT(record_.settled[0].candidates, SizeIs(2));
    ASSERT_THAT(field().conflicts, SizeIs(1));
    std::vector<Value> versions;
    for (const Candidate& one : field().conflicts[0].candidates) versions.push_back(one.value);
    EXPECT_THAT(versions, UnorderedElementsAre("Teach English. ", "Offer Spanish. "));
  }
}

TEST_F(RecordText, NeighbouringPassagesAreConflictsOfTheirOwn) {
  constexpr ReplicaIndex kCleo = 2;
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Author ben = By(kBen, 4, 2);
  ASSERT_TRUE(SpliceText(record_, key_, ben, {{20, 7, "towns"}, {6, 6, "English"}}).ok());
  Splice(By(kCleo, 5, 2), {14, 5, "See"});
  ASSERT_THAT(field().conflicts, SizeIs(2));
  EXPECT_EQ(field().conflicts[0].candidates[1].value, "Teach English. ");
  EXPECT_EQ(field().conflicts[1].candidates[0].value, "Visit towns.");
  EXPECT_EQ(field().conflicts[1].candidates[1].value, "See schools.");
}

TEST_F(RecordText, AReopenedPassageIsWhereItsSettledWordsStand) {
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {0, 5, "Offer"});
  Splice(By(kBen, 4, 2), {6, 6, "English"});
  Hash id = field().conflicts[0].conflict.id;
  std::vector<Stamp> named = {{3, kAna, 3}, {4, kBen, 4}};
  ASSERT_TRUE(SettlePassage(record_, key_, By(kAna, 5, 4), named, {}).ok());
  Splice(By(kAna, 6, 5), {0, 0, "Aims. "});
  Record replaced = record_;
  EXPECT_TRUE(Reopen(record_, id, By(kBen, 7, 6)));
  ASSERT_THAT(field().conflicts, SizeIs(1));
  EXPECT_EQ(field().conflicts[0].begin, 6);
  EXPECT_EQ(field().conflicts[0].end, 21);
  ASSERT_TRUE(SpliceText(replaced, key_, By(kAna, 7, 6), {{6, 5, "Teach"}}).ok());
  EXPECT_FALSE(Reopen(replaced, id, By(kBen, 8, 7)));
}

TEST_F(RecordText, TheSameWordsWrittenTwiceAreAConflictWhereTheyStandTwice) {
  Splice(By(kAna, 2, 1), {0, 0, "Teach French. Visit schools."});
  Splice(By(kAna, 3, 2), {6, 6, "German"});
  Splice(By(kBen, 4, 2), {6, 6, "German"});
  EXPECT_EQ(field().document.text(), "Teach GermanGerman. Visit schools.");
  EXPECT_THAT(field().conflicts, SizeIs(1));
}

// Ana rewrites a sentence as entry 3, ben as entry 4; both know of the conflict, and settle it
// without knowing of each other.
class RivalSettlements : public RecordText {
 protected:
  void SetUp() override {
    Splice(By(kAna, 2, 1), {0, 0, "Aims. Teach French. Visit schools."});
    Splice(By(kAna, 3, 2), {6, 5, "Offer"});
    Splice(By(kBen, 4, 2), {12, 6, "English"});
    ASSERT_THAT(field().conflicts, SizeIs(1));
  }
  void Settle(const Author& author, const std::vector<text::Splice>& splices) {
    std::vector<Stamp> named = {{3, kAna, 3}, {4, kBen, 4}};
    ASSERT_TRUE(SettlePassage(record_, key_, author, named, splices).ok());
  }
  void ExpectConflictBetween(const std::string& anas, const std::string& bens) {
    ASSERT_THAT(field().conflicts, SizeIs(1));
    const std::vector<Candidate>& candidates = field().conflicts[0].candidates;
    ASSERT_THAT(candidates, SizeIs(2));
    EXPECT_EQ(candidates[0].stamp, (Stamp{5, kAna, 5}));
    EXPECT_EQ(candidates[0].value, anas);
    EXPECT_EQ(candidates[1].stamp, (Stamp{6, kBen, 6}));
    EXPECT_EQ(candidates[1].value, bens);
    EXPECT_NE(field().conflicts[0].conflict.id, record_.settled[0].id);
  }
};

TEST_F(RivalSettlements, BothRewriteIt) {
  Settle(By(kAna, 5, 4), {{12, 7, "French"}});
  Settle(By(kBen, 6, 4), {{6, 5, "Teach"}});
  ExpectConflictBetween("Offer French. ", "Teach English. ");
}

TEST_F(RivalSettlements, OnlyTheSecondRewritesIt) {
  Settle(By(kAna, 5, 4), {});
  Settle(By(kBen, 6, 4), {{6, 5, "Teach"}});
  ExpectConflictBetween("Offer English. ", "Teach English. ");
}

TEST_F(RivalSettlements, OnlyTheFirstRewritesIt) {
  Settle(By(kAna, 5, 4), {{12, 7, "French"}});
  Settle(By(kBen, 6, 4), {});
  ExpectConflictBetween("Offer French. ", "Offer English. ");
}

TEST_F(RivalSettlements, NeitherRewritesIt) {
  Settle(By(kAna, 5, 4), {});
  Settle(By(kBen, 6, 4), {});
  EXPECT_THAT(field().conflicts, SizeIs(0));
}

TEST_F(RivalSettlements, AreOneConflictThatCanBeSettled) {
  Settle(By(kAna, 5, 4), {{12, 7, "French"}});
  Settle(By(kBen, 6, 4), {});
  std::vector<Stamp> named = {{5, kAna, 5}, {6, kBen, 6}};
  ASSERT_TRUE(SettlePassage(record_, key_, By(kAna, 7, 6), named, {}).ok());
  EXPECT_THAT(field().conflicts, SizeIs(0));
  EXPECT_THAT(record_.settled, SizeIs(2));
}

}  // namespace
}  // namespace twinning::merge

// Bad histories made by hand: a checker that lets one of them pass would let a bug pass.
#include "tests/simulation/history_checker.h"

#include <gmock/gmock.h>

namespace twinning::simulation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const ReplicaId kAna = *ReplicaId::Of("ana-------------");
const ReplicaId kBen = *ReplicaId::Of("ben-------------");

Hash Of(std::string_view what) { return Sha256(what); }

// Ana saved changes 1 and 2, Ben change 1, which was refused; everybody has heard of everything.
//
//   entry 1  founding      3  ana's change 2
//         2  ana's 1       4  ben's change 1, refused
class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() {
    outcome_.ledger = {EntryFact{1, Of("e1"), {}, 0, 0, {}, false},
                       EntryFact{2, Of("e2"), kAna, 1, 1, Of("ana 1"), false},
                       EntryFact{3, Of("e3"), kAna, 2, 2, Of("ana 2"), false},
                       EntryFact{4, Of("e4"), kBen, 1, 1, Of("ben 1"), true}};
    outcome_.digest = Of("plan");
    outcome_.conflicts = "one conflict";
    outcome_.standing = "one agreement";
    outcome_.replicas = {FactOf(kAna, "ana"), FactOf(kBen, "ben")};
    ben().drawer = {{1, Of("ben 1"), 4}};
    history_ = {{Seen::kOpened, kAna, 0, 1, {}},         {Seen::kOpened, kBen, 0, 1, {}},
                {Seen::kSaved, kAna, 1, 0, Of("ana 1")}, {Seen::kSaved, kAna, 2, 0, Of("ana 2")},
                {Seen::kSent, kAna, 0, 2, Of("e2")},     {Seen::kSent, kAna, 0, 3, Of("e3")},
                {Seen::kHolds, kAna, 0, 3, {}},          {Seen::kSaved, kBen, 1, 0, Of("ben 1")},
                {Seen::kSent, kBen, 0, 4, Of("e4")},     {Seen::kDigest, kAna, 0, 4, Of("plan")},
                {Seen::kDigest, {}, 0, 4, Of("plan")}};
  }

  ReplicaFact FactOf(const ReplicaId& id, const std::string& name) {
    ReplicaFact fact;
    fact.replica = id;
    fact.name = name;
    for (const EntryFact& entry : outcome_.ledger) fact.entries.push_back(entry.print);
    fact.digest = outcome_.digest;
    fact.conflicts = outcome_.conflicts;
    fact.standing = outcome_.standing;
    fact.synced = true;
    return fact;
  }

  ReplicaFact& ana() { return outcome_.replicas[0]; }
  ReplicaFact& ben() { return outcome_.replicas[1]; }
  std::vector<std::string> Broken() { return Check(history_, outcome_); }

  History history_;
  Outcome outcome_;
};

TEST_F(HistoryTest, AGoodOneHasNothingToSay) { EXPECT_THAT(Broken(), IsEmpty()); }

TEST_F(HistoryTest, AChangeThatNobodyWasToldOfMayBeThereOrNot) {
  history_.push_back({Seen::kMaybeSaved, kBen, 2, 0, {}});
  EXPECT_THAT(Broken(), IsEmpty());
  outcome_.ledger.push_back({5, Of("e5"), kBen, 2, 2, Of("ben 2"), false});
  ana().entries.push_back(Of("e5"));
  ben().entries.push_back(Of("e5"));
  EXPECT_THAT(Broken(), IsEmpty());
}

TEST_F(HistoryTest, ASavedChangeThatIsNowhereIsLost) {
  history_.push_back({Seen::kSaved, kBen, 2, 0, Of("ben 2")});
  EXPECT_THAT(Broken(), ElementsAre("change 2 of ben was saved and is not in the ledger"));
}

TEST_F(HistoryTest, ASavedChangeWithOtherContentIsLost) {
  outcome_.ledger[2].change = Of("something else");
  EXPECT_THAT(Broken(), ElementsAre("change 2 of ana is another one in the ledger than was saved"));
}

TEST_F(HistoryTest, ARefusedChangeThatIsInNoDrawerIsLost) {
  ben().drawer.clear();
  EXPECT_THAT(Broken(), ElementsAre("change 1 of ben was refused and is not in the drawer"));
}

TEST_F(HistoryTest, AReplicaThatComesUpWithoutItsLastChangeLostIt) {
  history_.push_back({Seen::kOpened, kAna, 1, 3, {}});
  EXPECT_THAT(Broken(), ElementsAre("ana had saved change 2, and came up with 1 changes"));
}

TEST_F(HistoryTest, AReplicaThatComesUpWithFewerEntriesWentBack) {
  history_.push_back({Seen::kOpened, kAna, 2, 2, {}});
  EXPECT_THAT(Broken(), ElementsAre("ana had said that it holds 3 entries, and came up with 2"));
}

TEST_F(HistoryTest, AnEntryThatWasSentAndIsNoLongerThereIsLost) {
  history_.push_back({Seen::kSent, kBen, 0, 5, Of("e5")});
  EXPECT_THAT(Broken(), ElementsAre("entry 5 was sent to ben and is not in the ledger"));
}

TEST_F(HistoryTest, AnEntryThatIsAnotherOneThanWasSentIsLost) {
  history_.push_back({Seen::kSent, kBen, 0, 2, Of("e2 before the crash")});
  EXPECT_THAT(Broken(), ElementsAre("entry 2 is another one in the ledger than was sent to ben"));
}

TEST_F(HistoryTest, AChangeMayNotBeThereTwice) {
  outcome_.ledger.push_back({5, Of("e5"), kAna, 2, 2, Of("ana 2"), false});
  ana().entries.push_back(Of("e5"));
  ben().entries.push_back(Of("e5"));
  EXPECT_THAT(Broken(), ElementsAre("change 2 of ana is in the ledger twice, again at entry 5"));
}

TEST_F(HistoryTest, SequencesHaveNoGaps) {
  outcome_.ledger[3].sequence = 5;
  EXPECT_THAT(Broken(), Contains("entry 5 stands where 4 should"));
}

TEST_F(HistoryTest, NumbersHaveNoGaps) {
  outcome_.ledger[2].first = outcome_.ledger[2].last = 3;
  EXPECT_THAT(Broken(), Contains("change 2 of ana is missing before entry 3"));
}

TEST_F(HistoryTest, WhatNobodyWroteIsInvented) {
  std::erase_if(history_, [](const Event& event) {
    return event.seen == Seen::kSaved && event.replica == kBen;
  });
  EXPECT_THAT(Broken(), ElementsAre("change 1 of ben at entry 4 was never written by anybody"));
}

TEST_F(HistoryTest, WhatWasSavedAfterAnEntryWasSentComesAfterIt) {
  history_.insert(history_.begin() + 2, {Seen::kSent, kBen, 0, 2, Of("e2")});
  EXPECT_THAT(Broken(),
              ElementsAre("change 1 of ana was saved after entry 2 was sent, and stands at 2"));
}

TEST_F(HistoryTest, OneSequenceHasOneDigest) {
  history_.push_back({Seen::kDigest, kBen, 0, 4, Of("another plan")});
  EXPECT_THAT(Broken(), ElementsAre("ben had another digest at entry 4 than the others"));
}

TEST_F(HistoryTest, EveryReplicaHoldsEveryEntry) {
  ben().entries.pop_back();
  EXPECT_THAT(Broken(), ElementsAre("ben holds 3 entries of 4"));
}

TEST_F(HistoryTest, EveryReplicaHoldsTheSameEntries) {
  ben().entries[2] = Of("e3 of another server");
  EXPECT_THAT(Broken(), ElementsAre("ben holds another entry 3"));
}

TEST_F(HistoryTest, EveryReplicaComesToTheSamePlan) {
  ana().digest = Of("another plan");
  EXPECT_THAT(Broken(), ElementsAre("ana holds another plan"));
}

TEST_F(HistoryTest, EveryReplicaShowsTheSameConflicts) {
  ana().conflicts = "none";
  EXPECT_THAT(Broken(), ElementsAre("ana shows other conflicts"));
}

TEST_F(HistoryTest, EveryReplicaShowsTheSameAgreements) {
  ana().standing = "none";
  EXPECT_THAT(Broken(), ElementsAre("ana shows other agreements"));
}

TEST_F(HistoryTest, AnOutboxThatNeverDrainsIsStuck) {
  ben().outbox = 1;
  EXPECT_THAT(Broken(), ElementsAre("1 changes of ben never left its outbox"));
}

TEST_F(HistoryTest, AReplicaThatNeverSaysThatItIsSyncedIsStuck) {
  ben().synced = false;
  EXPECT_THAT(Broken(), ElementsAre("ben does not say that it is synced"));
}

TEST_F(HistoryTest, WhatIsWrittenWhenAllIsWellArrivesEverywhere) {
  ben().missing = 2;
  EXPECT_THAT(Broken(), ElementsAre("ben lacks 2 of the last writes that everybody made"));
}

TEST_F(HistoryTest, ADrawerHoldsOnlyWhatWasRefused) {
  ana().drawer = {{2, Of("ana 2"), 3}};
  EXPECT_THAT(Broken(), ElementsAre(HasSubstr("lies in ana's drawer, and entry 3 did not")));
}

TEST_F(HistoryTest, ADrawerHoldsAChangeOnce) {
  ben().drawer.push_back(ben().drawer.front());
  EXPECT_THAT(Broken(), ElementsAre("change 1 lies in ben's drawer twice"));
}

}  // namespace
}  // namespace twinning::simulation

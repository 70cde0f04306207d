// What a restore lost comes back into the chain as what it was, once, and in its order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/ledger/readmission.h"
#include "tests/unit/ledger/scribe.h"

namespace twinning::ledger {
namespace {

using ::testing::HasSubstr;

// Ana and ben are members at entry 3. Lost: ana's changes 1 and 2 in one frame, then ben's 1 on
// them. Instead the ledger has ben's change of another day... none: an enrolment of cleo.
class ChainLost : public ::testing::Test {
 protected:
  ChainLost() {
    lost_.Found();
    lost_.Enrol("ana");
    lost_.Enrol("ben");
    here_ = lost_;
    lost_.AddFrame("ana", lost_.AuthorMany("ana", 2, lost_.head()));
    lost_.AddFrame("ben", {lost_.Author("ben", lost_.head())});
    here_.Enrol("cleo");
  }

  // A readmission of the lost ledger's entry `sequence`, as the next entry here.
  v1::Entry Back(Sequence sequence, bool idle = false) {
    return Back(lost_.entries()[sequence - 1], HashOfLost(sequence - 1), HashOfLost(sequence),
                idle);
  }
  v1::Entry Back(const v1::Entry& lost, const Hash& previous, const Hash& hash, bool idle) {
    uint32_t nested = lost.kind() == v1::READMISSION ? nested_ : 0;
    Returning returning{idle, nested};
    v1::Entry entry;
    entry.set_sequence(here_.head().sequence + 1);
    entry.set_kind(v1::READMISSION);
    entry.set_body(EncodeReadmission(lost, previous, hash, 0, returning));
    return entry;
  }
  Hash HashOfLost(Sequence sequence) const { return *lost_.HashAt()(sequence); }

  Chain ChainOfHere() {
    Chain chain(here_.HashAt(), here_.ChangeHashAt());
    for (const v1::Entry& entry : here_.entries()) EXPECT_TRUE(chain.Follow(entry).ok());
    return chain;
  }
  // Puts it in, and says why not when it does not follow.
  std::string Why(Chain& chain, const v1::Entry& entry) {
    absl::StatusOr<Hash> hash = chain.Follow(entry);
    if (!hash.ok()) return MessageOf(hash.status());
    here_.Add(entry.kind(), entry.body());
    return "";
  }

  Scribe lost_;
  Scribe here_;
  uint32_t nested_ = 1;  // what a readmission of a readmission is to say
};

TEST_F(ChainLost, LostEntriesComeBackInTheirOrder) {
  Chain chain = ChainOfHere();
  EXPECT_EQ(Why(chain, Back(4)), "");
  EXPECT_FALSE(chain.between_frames());
  EXPECT_EQ(Why(chain, Back(5)), "");
  EXPECT_TRUE(chain.between_frames());
  EXPECT_EQ(Why(chain, Back(6)), "");
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ana"))->number, 2u);
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ben"))->number, 1u);
  const Lost* last = chain.lineage().Find(lost_.head().hash);
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(last->fork, 3u);
  EXPECT_EQ(last->readmitted, 7u);
  std::map<ReplicaId, Number> numbers = chain.lineage().NumbersAt(last->hash);
  EXPECT_EQ(numbers[cast::ReplicaOf("ana")], 2u);
  EXPECT_EQ(numbers[cast::ReplicaOf("ben")], 1u);
  EXPECT_EQ(chain.lineage().NumbersAt(HashOfLost(4)).size(), 1u);
}

TEST_F(ChainLost, ABaseMayNameWhatCameBack) {
  ParsedChange next = lost_.Author("ana", lost_.head());
  Chain chain = ChainOfHere();
  EXPECT_EQ(chain.Judge(Pushed("ana", {next}), cast::ReplicaOf("ana")).kind, PushAnswer::kGap);
  for (Sequence sequence : {4, 5}) EXPECT_EQ(Why(chain, Back(sequence)), "");
  EXPECT_EQ(chain.Judge(Pushed("ana", {next}), cast::ReplicaOf("ana")).kind,
            PushAnswer::kUnknownBase);
  EXPECT_EQ(Why(chain, Back(6)), "");
  EXPECT_EQ(chain.Judge(Pushed("ana", {next}), cast::ReplicaOf("ana")).kind, PushAnswer::kNext);
}

TEST_F(ChainLost, WhatComesBackIsWhatItWas) {
  Chain chain = ChainOfHere();
  v1::Entry later = lost_.entries()[3];
  later.set_time_ms(later.time_ms() + 1);
  EXPECT_THAT(Why(chain, Back(later, HashOfLost(3), HashOfLost(4), false)),
              HasSubstr("not what it was"));
  EXPECT_THAT(Why(chain, Back(6)), HasSubstr("follows an entry that is not here"));
  EXPECT_THAT(Why(chain, Back(3)), HasSubstr("here already"));
}

TEST_F(ChainLost, AFrameThatIsNotItsAuthorsDoesNotComeBack) {
  v1::Entry forged = lost_.entries()[3];
  forged.set_signature(lost_.entries()[5].signature());
  Hash hash = EntryHash(cast::Partnership(), HashOfLost(3), forged);
  Chain chain = ChainOfHere();
  EXPECT_THAT(Why(chain, Back(forged, HashOfLost(3), hash, false)), HasSubstr("signature"));
}

TEST_F(ChainLost, NothingComesBackTwice) {
  Chain chain = ChainOfHere();
  for (Sequence sequence : {4, 5, 6}) EXPECT_EQ(Why(chain, Back(sequence)), "");
  EXPECT_THAT(Why(chain, Back(6)), HasSubstr("here already"));
}

TEST_F(ChainLost, AChangeThatIsHereAlreadyComesBackIdle) {
  // Ana pushed the same changes again before anybody offered what was lost.
  Scribe own = here_;
  own.AddFrame("ana", own.AuthorMany("ana", 2, {3, *own.HashAt()(3)}));
  here_ = own;
  Chain chain = ChainOfHere();
  EXPECT_THAT(Why(chain, Back(4)), HasSubstr("repeats"));
  EXPECT_EQ(Why(chain, Back(4, true)), "");
  EXPECT_EQ(Why(chain, Back(5, true)), "");
  EXPECT_EQ(chain.Find(cast::ReplicaOf("ana"))->number, 2u);
  EXPECT_EQ(chain.lineage().NumbersAt(HashOfLost(5))[cast::ReplicaOf("ana")], 2u);
  EXPECT_THAT(Why(chain, Back(6, true)), HasSubstr("passes over"));
}

TEST_F(ChainLost, AReadmissionThatIsLostComesBackToo) {
  Chain chain = ChainOfHere();
  for (Sequence sequence : {4, 5}) EXPECT_EQ(Why(chain, Back(sequence)), "");
  // That ledger is lost in its turn, back to before cleo came.
  lost_ = here_;
  here_ = Scribe();
  here_.Found();
  here_.Enrol("ana");
  here_.Enrol("ben");
  Chain again = ChainOfHere();
  ASSERT_EQ(lost_.head().sequence, 6u);
  for (Sequence sequence : {4, 5, 6}) EXPECT_EQ(Why(again, Back(sequence)), "");
  EXPECT_EQ(again.Find(cast::ReplicaOf("ana"))->number, 2u);
  EXPECT_NE(again.Find(cast::ReplicaOf("cleo")), nullptr);
  EXPECT_EQ(again.lineage().all().size(), 5u);
}

TEST_F(ChainLost, AnEncodedChainKnowsWhatCameBack) {
  Chain chain = ChainOfHere();
  for (Sequence sequence : {4, 5, 6}) EXPECT_EQ(Why(chain, Back(sequence)), "");
  absl::StatusOr<Chain> read = Chain::Decode(chain.Encode(), here_.HashAt(), here_.ChangeHashAt());
  ASSERT_TRUE(read.ok());
  ASSERT_NE(read->lineage().Find(lost_.head().hash), nullptr);
  EXPECT_EQ(read->lineage().NumbersAt(lost_.head().hash),
            chain.lineage().NumbersAt(lost_.head().hash));
}

TEST_F(ChainLost, ALongLostHistoryCountsItsNumbers) {
  Scribe lost = lost_;
  for (int i = 0; i < 300; ++i) lost.AddFrame("ben", {lost.Author("ben", lost.head())});
  lost_ = lost;
  Chain chain = ChainOfHere();
  for (Sequence sequence = 4; sequence <= 306; ++sequence) {
    ASSERT_EQ(Why(chain, Back(sequence)), "");
  }
  for (Sequence sequence : {6, 66, 67, 68, 200, 306}) {
    EXPECT_EQ(chain.lineage().NumbersAt(HashOfLost(sequence))[cast::ReplicaOf("ben")],
              sequence - 5);
  }
  EXPECT_TRUE(chain.lineage().Includes(HashOfLost(200), 150));
  EXPECT_FALSE(chain.lineage().Includes(HashOfLost(100), 150));
}

TEST_F(ChainLost, ACopyGoesOnWithTheNumbersOfItsOriginal) {
  here_ = lost_;
  v1::Membership membership;
  membership.set_action(v1::Membership::ENROL);
  membership.set_replica(std::string(cast::ReplicaOf("cleo").bytes()));
  membership.set_key(cast::KeyOf("cleo").public_key());
  membership.set_continues(std::string(cast::ReplicaOf("ana").bytes()));
  membership.set_continues_number(1);
  ParsedChange first = cast::ChangeOf("ana", 1, {}, {3, HashOfLost(3)});
  membership.set_continues_hash(std::string(first.hash.bytes()));
  membership.set_signature(
      SignContinuing(cast::KeyOf("ana"), cast::Partnership(), membership.key()));
  here_.Add(v1::MEMBERSHIP, membership.SerializeAsString());
  Chain chain = ChainOfHere();
  ParsedChange next = cast::ChangeOf("cleo", 2, first.hash, here_.head());
  EXPECT_EQ(chain.Judge(Pushed("cleo", {next}), cast::ReplicaOf("cleo")).kind, PushAnswer::kNext);
  membership.set_continues_number(3);
  membership.set_key(cast::KeyOf("dora").public_key());
  membership.set_replica(std::string(cast::ReplicaOf("dora").bytes()));
  v1::Entry beyond;
  beyond.set_sequence(here_.head().sequence + 1);
  beyond.set_kind(v1::MEMBERSHIP);
  beyond.set_body(membership.SerializeAsString());
  EXPECT_THAT(Why(chain, beyond), HasSubstr("not here"));
}

}  // namespace
}  // namespace twinning::ledger

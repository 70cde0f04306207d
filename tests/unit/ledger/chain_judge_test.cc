#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ledger/scribe.h"

namespace twinning::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Ana's changes 1 to 3 are entries 3 to 5.
class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() {
    scribe_.Found();
    scribe_.Enrol("ana");
    changes_ = scribe_.AuthorMany("ana", 3, scribe_.head());
    scribe_.AddFrame("ana", changes_);
    seen_ = scribe_.head();
    for (const ParsedChange& change : scribe_.AuthorMany("ana", 2, seen_)) {
      changes_.push_back(change);
    }
  }

  PushAnswer Judge(const v1::Frame& frame, std::string_view person = "ana") const {
    Chain chain(scribe_.HashAt(), scribe_.ChangeHashAt());
    for (const v1::Entry& entry : scribe_.entries()) EXPECT_TRUE(chain.Follow(entry).ok());
    return chain.Judge(frame, cast::ReplicaOf(person));
  }
  // Ana pushes her changes [first, last] by number.
  PushAnswer Push(size_t first, size_t last) const {
    return Judge(Pushed("ana", {changes_.begin() + static_cast<ptrdiff_t>(first) - 1,
                                changes_.begin() + static_cast<ptrdiff_t>(last)}));
  }

  Scribe scribe_;
  Head seen_;
  std::vector<ParsedChange> changes_;  // 1 to 5, of which the ledger has three
};

TEST_F(JudgeTest, WhatComesNextIsFresh) {
  PushAnswer answer = Push(4, 5);
  EXPECT_EQ(answer.kind, PushAnswer::kNext) << answer.detail;
  ASSERT_THAT(answer.fresh, SizeIs(2));
  EXPECT_EQ(answer.fresh[0].number, 4u);
  EXPECT_EQ(answer.fresh[1].hash, changes_[4].hash);
  EXPECT_THAT(answer.places, ElementsAre(0, 1));
}

TEST_F(JudgeTest, AResendOfWhatTheLedgerHasBringsNothing) {
  for (auto [first, last] : {std::pair(1, 3), {1, 2}, {2, 2}, {3, 3}}) {
    PushAnswer answer = Push(first, last);
    EXPECT_EQ(answer.kind, PushAnswer::kNext) << answer.detail;
    EXPECT_THAT(answer.fresh, IsEmpty());
  }
}

TEST_F(JudgeTest, AResendThatWasCutDifferentlyBringsWhatIsNew) {
  PushAnswer answer = Push(2, 5);
  EXPECT_EQ(answer.kind, PushAnswer::kNext) << answer.detail;
  ASSERT_THAT(answer.fresh, SizeIs(2));
  EXPECT_EQ(answer.fresh[0].number, 4u);
  EXPECT_THAT(answer.places, ElementsAre(2, 3));
}

TEST_F(JudgeTest, AGapIsOne) {
  PushAnswer answer = Push(5, 5);
  EXPECT_EQ(answer.kind, PushAnswer::kGap);
  EXPECT_THAT(answer.detail, HasSubstr("change 5"));
}

TEST_F(JudgeTest, AnOldNumberWithOtherContentIsAClone) {
  for (size_t number : {2u, 3u}) {
    ParsedChange other = cast::ChangeOf("ana", number, changes_[number - 2].hash,
                                        changes_[number - 1].base, "written elsewhere");
    EXPECT_EQ(Judge(Pushed("ana", {other})).kind, PushAnswer::kClone);
    ParsedChange next = cast::ChangeOf("ana", number + 1, other.hash, seen_);
    EXPECT_EQ(Judge(Pushed("ana", {other, next})).kind, PushAnswer::kClone);
    EXPECT_EQ(Judge(Pushed("ana", {next})).kind, PushAnswer::kClone);
  }
}

TEST_F(JudgeTest, ASignatureOfSomeoneElseIsBad) {
  v1::Frame frame = Pushed("ana", {changes_[3]});
  frame.set_signature(SignFrame(cast::KeyOf("ben"), FrameEnd::Of(changes_[3])));
  EXPECT_EQ(Judge(frame).kind, PushAnswer::kBadSignature);
  frame.clear_signature();
  EXPECT_EQ(Judge(frame).kind, PushAnswer::kBadSignature);
}

TEST_F(JudgeTest, ABaseThatTheLedgerDoesNotHaveIsUnknown) {
  for (Head base : {Head{9, Sha256("ninth")}, Head{seen_.sequence, Sha256("other")}}) {
    ParsedChange change = cast::ChangeOf("ana", 4, changes_[2].hash, base);
    EXPECT_EQ(Judge(Pushed("ana", {change})).kind, PushAnswer::kUnknownBase);
  }
}

TEST_F(JudgeTest, ABaseThatFallsIsMalformed) {
  scribe_.AddFrame("ana", {changes_[3]});
  ParsedChange change =
      cast::ChangeOf("ana", 5, changes_[3].hash, {2, scribe_.HashAt()(2).value()});
  PushAnswer answer = Judge(Pushed("ana", {change}));
  EXPECT_EQ(answer.kind, PushAnswer::kMalformed);
  EXPECT_THAT(answer.detail, HasSubstr("falls back"));
}

TEST_F(JudgeTest, AChangeOfAnotherPartnershipOrReplicaIsMalformed) {
  ParsedChange elsewhere = changes_[3];
  elsewhere.ledger = *LedgerId::Of("partnership-0002");
  elsewhere.bytes = EncodeChange(elsewhere);
  EXPECT_EQ(Judge(Pushed("ana", {elsewhere})).kind, PushAnswer::kMalformed);
  scribe_.Enrol("ben");
  EXPECT_EQ(Judge(Pushed("ana", {changes_[3]}), "ben").kind, PushAnswer::kMalformed);
  EXPECT_EQ(Judge(v1::Frame()).kind, PushAnswer::kMalformed);
}

TEST_F(JudgeTest, OnlyMembersPush) {
  EXPECT_EQ(Judge(Pushed("cleo", {cast::ChangeOf("cleo", 1)}), "cleo").kind,
            PushAnswer::kNotMember);
  scribe_.Revoke("ana");
  PushAnswer answer = Push(4, 4);
  EXPECT_EQ(answer.kind, PushAnswer::kNotMember);
  EXPECT_THAT(answer.detail, HasSubstr("revoked"));
}

TEST_F(JudgeTest, WhoCannotTellOldHashesTakesAResendAsOne) {
  Chain chain(scribe_.HashAt(),
              [](const ReplicaId&, Number) -> std::optional<Hash> { return std::nullopt; });
  for (const v1::Entry& entry : scribe_.entries()) ASSERT_TRUE(chain.Follow(entry).ok());
  ParsedChange other = cast::ChangeOf("ana", 2, changes_[0].hash, changes_[1].base, "elsewhere");
  EXPECT_EQ(chain.Judge(Pushed("ana", {other}), cast::ReplicaOf("ana")).kind, PushAnswer::kNext);
}

}  // namespace
}  // namespace twinning::ledger

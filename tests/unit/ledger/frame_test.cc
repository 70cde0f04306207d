#include "common/ledger/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "tests/unit/ledger/cast.h"

namespace twinning::ledger {
namespace {

using ::testing::HasSubstr;

v1::Frame FrameOf(const std::vector<ParsedChange>& changes) {
  v1::Frame frame;
  for (const ParsedChange& change : changes) frame.add_changes()->set_change(change.bytes);
  return frame;
}

absl::StatusOr<std::vector<ParsedChange>> Parse(const v1::Frame& frame) {
  return ParseFrame(frame, cast::Partnership(), cast::ReplicaOf("ana"));
}

std::string WhyNoFrame(const std::vector<ParsedChange>& changes) {
  return MessageOf(Parse(FrameOf(changes)).status());
}

TEST(FrameSignature, CoversLedgerReplicaNumberAndHash) {
  FrameEnd end = FrameEnd::Of(cast::ChangeOf("ana", 1));
  std::string signature = SignFrame(cast::KeyOf("ana"), end);
  std::string key = cast::KeyOf("ana").public_key();
  EXPECT_TRUE(VerifyFrame(key, end, signature));
  EXPECT_FALSE(VerifyFrame(cast::KeyOf("ben").public_key(), end, signature));
  FrameEnd other = end;
  other.ledger = *LedgerId::Of("partnership-0002");
  EXPECT_FALSE(VerifyFrame(key, other, signature));
  other = end;
  other.replica = cast::ReplicaOf("ben");
  EXPECT_FALSE(VerifyFrame(key, other, signature));
  other = end;
  other.number = 2;
  EXPECT_FALSE(VerifyFrame(key, other, signature));
  other = end;
  other.hash = Sha256("another change");
  EXPECT_FALSE(VerifyFrame(key, other, signature));
}

TEST(FrameSignature, IsOverTheBytesOfTheProtocol) {
  FrameEnd end = FrameEnd::Of(cast::ChangeOf("ana", 1));
  std::string message = end.message();
  EXPECT_EQ(message.size(), 18u + 16 + 16 + 8 + 32);
  EXPECT_EQ(message.substr(0, 18), std::string("twinning.frame.v1\0", 18));
}

TEST(Frame, GivesItsChangesInOrder) {
  ParsedChange first = cast::ChangeOf("ana", 1);
  ParsedChange second = cast::ChangeOf("ana", 2, first.hash);
  absl::StatusOr<std::vector<ParsedChange>> changes = Parse(FrameOf({first, second}));
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ((*changes)[0].hash, first.hash);
  EXPECT_EQ((*changes)[1].hash, second.hash);
}

TEST(Frame, MayBeginAtAnyNumber) {
  EXPECT_TRUE(Parse(FrameOf({cast::ChangeOf("ana", 9, Sha256("eighth"))})).ok());
}

TEST(Frame, WithoutChangesIsRefused) { EXPECT_THAT(WhyNoFrame({}), HasSubstr("without changes")); }

TEST(Frame, AChangeOfSomeoneElseIsRefused) {
  EXPECT_THAT(WhyNoFrame({cast::ChangeOf("ben", 1)}), HasSubstr("whose frame brings it"));
}

TEST(Frame, AChangeOfAnotherPartnershipIsRefused) {
  ParsedChange change = cast::ChangeOf("ana", 1);
  change.ledger = *LedgerId::Of("partnership-0002");
  change.bytes = EncodeChange(change);
  EXPECT_THAT(WhyNoFrame({change}), HasSubstr("another partnership"));
}

TEST(Frame, AGapARepeatAndABrokenLinkAreRefused) {
  ParsedChange first = cast::ChangeOf("ana", 1);
  EXPECT_THAT(WhyNoFrame({first, cast::ChangeOf("ana", 3, first.hash)}), HasSubstr("change 3"));
  EXPECT_THAT(WhyNoFrame({first, first}), HasSubstr("comes after number 1"));
  EXPECT_THAT(WhyNoFrame({first, cast::ChangeOf("ana", 2, Sha256("other"))}),
              HasSubstr("names another change as number 1"));
}

TEST(Frame, ABaseThatFallsIsRefused) {
  ParsedChange first = cast::ChangeOf("ana", 1, {}, {5, Sha256("fifth")});
  EXPECT_THAT(WhyNoFrame({first, cast::ChangeOf("ana", 2, first.hash, {4, Sha256("fourth")})}),
              HasSubstr("falls back to base 4 from 5"));
}

TEST(Frame, TooManyChangesOrBytesAreRefused) {
  v1::Frame many;
  for (size_t i = 0; i <= kMaxChangesPerFrame; ++i) many.add_changes();
  EXPECT_THAT(MessageOf(Parse(many).status()), HasSubstr("changes is over the limit"));
  v1::Frame large;
  for (int i = 0; i < 5; ++i) large.add_changes()->set_change(std::string(kMaxPayloadBytes, 'x'));
  EXPECT_THAT(MessageOf(Parse(large).status()), HasSubstr("bytes is over the limit"));
}

TEST(Frame, FilledToItsRoomIsWithinTheLimit) {
  v1::Frame frame;
  frame.set_signature(std::string(kSignatureSize, 's'));
  v1::AuthoredChange change;
  change.set_change(std::string(1000, 'x'));
  for (size_t room = kFrameRoom; room >= FrameRoomFor(change); room -= FrameRoomFor(change)) {
    *frame.add_changes() = change;
  }
  EXPECT_LE(frame.ByteSizeLong(), kMaxFrameBytes);
  EXPECT_GT(frame.ByteSizeLong(), kMaxFrameBytes - 8000);
}

TEST(Frame, TheLargestChangeFits) {
  v1::AuthoredChange change;
  change.set_change(std::string(kMaxChangeBytes, 'x'));
  for (size_t i = 0; i < kMaxPersonalValues; ++i) {
    *change.add_personal() =
        MakePersonal(std::string(kSaltSize, 's'), std::string(kMaxPersonalBytes, 'v'));
  }
  EXPECT_LE(FrameRoomFor(change), kFrameRoom);
}

TEST(Frame, APersonalValueThatDoesNotFitItsCommitmentIsRefused) {
  v1::Frame frame = FrameOf({cast::ChangeOf("ana", 1)});
  *frame.mutable_changes(0)->add_personal() = MakePersonal(std::string(kSaltSize, 's'), "Ana");
  EXPECT_TRUE(Parse(frame).ok());
  frame.mutable_changes(0)->mutable_personal(0)->set_value("Ben");
  EXPECT_THAT(MessageOf(Parse(frame).status()), HasSubstr("commitment"));
}

TEST(Personal, SaltsKeepEqualValuesApart) {
  EXPECT_NE(CommitmentTo(std::string(kSaltSize, 'a'), "Ana"),
            CommitmentTo(std::string(kSaltSize, 'b'), "Ana"));
}

TEST(Personal, OneByteMoreSaltAndOneLessValueIsNoOtherReading) {
  v1::PersonalValue personal = MakePersonal(std::string(kSaltSize, 's'), "Ana");
  personal.set_salt(personal.salt() + "A");
  personal.set_value("na");
  EXPECT_FALSE(CheckPersonal(personal).ok());
}

TEST(Personal, TooLargeOrTooManyAreRefused) {
  std::string salt(kSaltSize, 's');
  EXPECT_FALSE(CheckPersonal(MakePersonal(salt, std::string(kMaxPersonalBytes + 1, 'x'))).ok());
  google::protobuf::RepeatedPtrField<v1::PersonalValue> values;
  for (size_t i = 0; i <= kMaxPersonalValues; ++i) *values.Add() = MakePersonal(salt, "Ana");
  EXPECT_FALSE(CheckPersonal(values).ok());
}

}  // namespace
}  // namespace twinning::ledger

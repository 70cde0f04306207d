#include "common/ledger/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "tests/unit/ledger/cast.h"

namespace twinning::ledger {
namespace {

using ::testing::HasSubstr;

v1::Change Message() {
  v1::Change message;
  message.ParseFromString(cast::ChangeOf("ana", 2, Sha256("first"), {5, Sha256("fifth")}).bytes);
  return message;
}

std::string WhyRefused(const v1::Change& message) {
  return MessageOf(ParseChange(message.SerializeAsString()).status());
}

TEST(Change, IsReadAsItWasWritten) {
  ParsedChange written = cast::ChangeOf("ana", 2, Sha256("first"), {5, Sha256("fifth")}, "payload");
  absl::StatusOr<ParsedChange> read = ParseChange(written.bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->bytes, written.bytes);
  EXPECT_EQ(read->hash, written.hash);
  EXPECT_EQ(read->ledger, cast::Partnership());
  EXPECT_EQ(read->replica, cast::ReplicaOf("ana"));
  EXPECT_EQ(read->number, 2u);
  EXPECT_EQ(read->previous, Sha256("first"));
  EXPECT_EQ(read->base, (Head{5, Sha256("fifth")}));
  EXPECT_EQ(read->payload, "payload");
}

TEST(Change, FieldsOfANewerProtocolStayInItsBytes) {
  std::string newer = cast::ChangeOf("ana", 1).bytes + "\xfa\x3e\x03new";  // field 1007
  absl::StatusOr<ParsedChange> read = ParseChange(newer);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->bytes, newer);
  EXPECT_EQ(read->hash, ChangeHash(newer));
}

TEST(Change, BytesThatAreNoMessageAreRefused) {
  EXPECT_FALSE(ParseChange("\xff\xff").ok());
  EXPECT_FALSE(ParseChange("").ok());
}

TEST(Change, IdsOfAnotherSizeAreRefused) {
  v1::Change message = Message();
  message.set_ledger("short");
  EXPECT_THAT(WhyRefused(message), HasSubstr("ledger id is not 16 bytes"));
  message = Message();
  message.set_replica(std::string(17, 'r'));
  EXPECT_THAT(WhyRefused(message), HasSubstr("replica id"));
  message = Message();
  message.clear_change_set();
  EXPECT_THAT(WhyRefused(message), HasSubstr("change-set id"));
}

TEST(Change, NumberZeroIsRefused) {
  v1::Change message = Message();
  message.set_number(0);
  EXPECT_THAT(WhyRefused(message), HasSubstr("numbers begin at 1"));
}

TEST(Change, ExactlyTheFirstHasNoPrevious) {
  v1::Change message = Message();
  message.set_number(1);
  EXPECT_THAT(WhyRefused(message), HasSubstr("previous change has 32 bytes instead of 0"));
  message = Message();
  message.clear_previous();
  EXPECT_THAT(WhyRefused(message), HasSubstr("previous change has 0 bytes instead of 32"));
}

TEST(Change, ABaseHasAHashExactlyAfterTheStart) {
  v1::Change message = Message();
  message.mutable_base()->clear_hash();
  EXPECT_THAT(WhyRefused(message), HasSubstr("base has 0 bytes instead of 32"));
  message = Message();
  message.mutable_base()->clear_sequence();
  EXPECT_THAT(WhyRefused(message), HasSubstr("base has 32 bytes instead of 0"));
  message.clear_base();
  EXPECT_TRUE(ParseChange(message.SerializeAsString()).ok());
}

TEST(Change, APayloadOfUnknownEncodingOrTooLargeIsRefused) {
  v1::Change message = Message();
  message.set_encoding(static_cast<v1::PayloadEncoding>(7));
  EXPECT_THAT(WhyRefused(message), HasSubstr("encoding 7 is not known"));
  message = Message();
  message.set_payload(std::string(kMaxPayloadBytes, 'x'));
  EXPECT_TRUE(ParseChange(message.SerializeAsString()).ok());
  message.set_payload(std::string(kMaxPayloadBytes + 1, 'x'));
  EXPECT_THAT(WhyRefused(message), HasSubstr("over the limit"));
}

TEST(Change, AnEnvelopeStuffedWithUnknownFieldsIsRefused) {
  EXPECT_FALSE(ParseChange(std::string(kMaxChangeBytes + 1, 'x')).ok());
}

}  // namespace
}  // namespace twinning::ledger

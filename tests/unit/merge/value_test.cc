#include "common/merge/value.h"

#include <gtest/gtest.h>

namespace twinning::merge {
namespace {

TEST(Value, ComesBackAsItWasWritten) {
  EXPECT_EQ(StringOf(StringValue("Hêtres")), "Hêtres");
  EXPECT_EQ(IntegerOf(IntegerValue(-620)), -620);
  EXPECT_EQ(DateOf(DateValue(-1)), -1);
  RecordId record = *RecordId::Of("0123456789abcdef");
  EXPECT_EQ(ReferenceOf(ReferenceValue(record)), record);
}

TEST(Value, OfAnotherTypeIsNone) {
  EXPECT_FALSE(DateOf(IntegerValue(3)));
  EXPECT_FALSE(IntegerOf(StringValue("3")));
  EXPECT_FALSE(ReferenceOf("r123"));
}

TEST(Value, RefusesWhatIsNotCanonical) {
  EXPECT_FALSE(IntegerOf(std::string_view("i\x80\x00", 3)));
  EXPECT_FALSE(IntegerOf("i\x02\x02"));
  EXPECT_FALSE(StringOf("s\xff"));
  EXPECT_FALSE(StringOf(std::string_view("sa\0b", 4)));
}

TEST(Value, PairsHoldMembersInOrderAndOnlySetOnes) {
  Value pair = PairValue({{1, IntegerValue(65000)}, {2, ""}, {3, StringValue("EUR")}});
  PairMembers members = *PairOf(pair);
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[1].first, 3u);
  Value reversed = PairValue({{3, StringValue("EUR")}, {1, IntegerValue(65000)}});
  EXPECT_FALSE(PairOf(reversed));
}

TEST(Value, PairsThatDifferOnlyInADigestSayTheSame) {
  auto stance = [](int64_t kind, std::string_view words) {
    return PairValue({{1, IntegerValue(kind)}, {2, BytesValue(words)}});
  };
  EXPECT_TRUE(SayTheSame(stance(1, "these"), stance(1, "others")));
  EXPECT_FALSE(SayTheSame(stance(1, "these"), stance(2, "these")));
  EXPECT_FALSE(SayTheSame(StringValue("a"), StringValue("b")));
  EXPECT_FALSE(SayTheSame(BytesValue("a"), BytesValue("b")));
}

}  // namespace
}  // namespace twinning::merge

#include "common/base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace twinning {
namespace {

TEST(Bytes, VarintsComeBack) {
  for (uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 63,
                         std::numeric_limits<uint64_t>::max()}) {
    std::string bytes;
    AppendVarint(value, bytes);
    ByteReader reader(bytes);
    EXPECT_EQ(reader.Varint(), value);
    EXPECT_TRUE(reader.done());
  }
}

TEST(Bytes, RefusesVarintsThatAreNotShortest) {
  EXPECT_FALSE(ByteReader(std::string_view("\x80\x00", 2)).Varint());
}

TEST(Bytes, RefusesVarintsThatOverflowOrEndEarly) {
  EXPECT_FALSE(ByteReader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02").Varint());
  EXPECT_FALSE(ByteReader("\xff").Varint());
}

TEST(Bytes, RefusesStringsLongerThanWhatIsLeft) {
  std::string bytes;
  AppendPrefixed("abc", bytes);
  EXPECT_EQ(ByteReader(bytes).Prefixed(), "abc");
  bytes.pop_back();
  EXPECT_FALSE(ByteReader(bytes).Prefixed());
}

TEST(Bytes, ZigZagKeepsTheExtremes) {
  for (int64_t value : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                        std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(UnZigZag(ZigZag(value)), value);
  }
}

}  // namespace
}  // namespace twinning

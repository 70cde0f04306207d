#include "common/base/ids.h"

#include <gtest/gtest.h>

namespace twinning {
namespace {

TEST(Id, IsSixteenBytesOrNone) {
  EXPECT_TRUE(RecordId::Of("0123456789abcdef"));
  EXPECT_FALSE(RecordId::Of("0123456789abcde"));
  EXPECT_TRUE(RecordId().empty());
}

TEST(Id, HexComesBack) {
  RecordId id = *RecordId::Of("0123456789abcdef");
  EXPECT_EQ(RecordId::Of(*BytesOfHex(id.hex())), id);
  EXPECT_FALSE(BytesOfHex("0g"));
  EXPECT_FALSE(BytesOfHex("012"));
}

}  // namespace
}  // namespace twinning

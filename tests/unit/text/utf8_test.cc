#include "common/text/utf8.h"

#include <gtest/gtest.h>

namespace twinning::text {
namespace {

TEST(Utf8, AcceptsEveryLength) { EXPECT_TRUE(IsValidUtf8("aé€\U0001F600")); }

TEST(Utf8, RefusesWhatIsNotACodePoint) {
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(IsValidUtf8("\xE0\x80\xAF"));      // overlong
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(IsValidUtf8("\x80"));
  EXPECT_FALSE(IsValidUtf8("\xE2\x82"));  // cut short
  EXPECT_FALSE(IsValidUtf8("\xFF"));
}

TEST(Utf8, ConvertsBetweenBytesCodePointsAndUtf16Units) {
  const std::string text = "aé\U0001F600z";
  EXPECT_EQ(CodePoints(text), 4);
  EXPECT_EQ(Utf16Units(text), 5);
  EXPECT_EQ(ByteOfCodePoint(text, 3), 7);
  EXPECT_EQ(CodePointOfByte(text, 7), 3);
  EXPECT_EQ(CodePointOfByte(text, 5), 2);  // inside the emoji
  EXPECT_EQ(Utf16OfCodePoint(text, 3), 4);
  EXPECT_EQ(CodePointOfUtf16(text, 4), 3);
  EXPECT_EQ(CodePointOfUtf16(text, 3), 2);  // inside the emoji
  EXPECT_EQ(CodePointOfUtf16(text, 5), 4);
  EXPECT_EQ(CodePointOfUtf16(text, 99), 4);
  EXPECT_EQ(SubstringOfCodePoints(text, 1, 2), "é\U0001F600");
  EXPECT_EQ(ToUtf8(ToCodePoints(text)), text);
}

}  // namespace
}  // namespace twinning::text

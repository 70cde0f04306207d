#include "common/text/rope.h"

#include <gtest/gtest.h>

#include <random>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

std::string Sample(std::mt19937& random, size_t code_points) {
  std::u32string text(code_points, U' ');
  for (char32_t& c : text) c = U"abc \né€\U0001F600"[random() % 8];
  return ToUtf8(text);
}

void ExpectSame(const Rope& rope, const std::u32string& expected, std::mt19937& random) {
  const std::string text = ToUtf8(expected);
  ASSERT_EQ(rope.text(), text);
  ASSERT_EQ(rope.code_points(), static_cast<int64_t>(expected.size()));
  ASSERT_EQ(rope.bytes(), static_cast<int64_t>(text.size()));
  ASSERT_EQ(rope.utf16_units(), Utf16Units(text));
  const auto at = static_cast<int64_t>(random() % (expected.size() + 1));
  const int64_t unit = Utf16OfCodePoint(text, at);
  const int64_t byte = ByteOfCodePoint(text, at);
  ASSERT_EQ(rope.Utf16OfCodePoint(at), unit);
  ASSERT_EQ(rope.CodePointOfUtf16(unit), at);
  ASSERT_EQ(rope.ByteOfCodePoint(at), byte);
  ASSERT_EQ(rope.CodePointOfByte(byte), at);
  std::string part;
  rope.AppendTo(at, static_cast<int64_t>(expected.size()) - at, part);
  ASSERT_EQ(part, text.substr(byte));
}

TEST(Rope, HoldsWhatAPlainStringWouldHold) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::u32string plain = ToCodePoints(Sample(random, random() % 5000));
    Rope rope(ToUtf8(plain));
    for (int i = 0; i < 300; ++i) {
      size_t position = random() % (plain.size() + 1);
      if (random() % 8 == 0) position = 0;
      if (random() % 2 == 0) {
        const std::string text =
            Sample(random, random() % 10 == 0 ? random() % 4000 : random() % 9);
        rope.Insert(static_cast<int64_t>(position), text);
        plain.insert(position, ToCodePoints(text));
      } else {
        const size_t most = random() % 10 == 0 ? 3000 : 9;
        const size_t count = std::min<size_t>(plain.size() - position, random() % most);
        std::string removed;
        rope.Erase(static_cast<int64_t>(position), static_cast<int64_t>(count), &removed);
        ASSERT_EQ(removed, ToUtf8(plain.substr(position, count)));
        plain.erase(position, count);
      }
      ExpectSame(rope, plain, random);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Rope, FindsPlacesNearTheLastOneWhateverTheCharacters) {
  std::mt19937 random(7);
  std::u32string plain;
  Rope rope;
  size_t position = 0;
  for (int i = 0; i < 4000; ++i) {
    // A few hundred characters that are all ASCII now and then.
    position = std::min(plain.size(), position + random() % 7 - std::min<size_t>(position, 3));
    if (random() % 2 == 0 && plain.size() < 300) {
      const std::u32string text(1, i % 400 < 200 ? U'a' : U"é€\U0001F600"[random() % 3]);
      rope.Insert(static_cast<int64_t>(position), ToUtf8(text));
      plain.insert(position, text);
    } else {
      const size_t count = std::min<size_t>(plain.size() - position, random() % 4);
      rope.Erase(static_cast<int64_t>(position), static_cast<int64_t>(count), nullptr);
      plain.erase(position, count);
    }
    ASSERT_EQ(rope.text(), ToUtf8(plain)) << i;
  }
}

TEST(Rope, StaysSmallWhenMuchIsTypedAndDeleted) {
  Rope rope;
  for (int i = 0; i < 200; ++i) {
    rope.Insert(0, std::string(3000, 'a'));
    rope.Erase(0, 3000, nullptr);
  }
  EXPECT_EQ(rope.text(), "");
  rope.Insert(0, "x");
  EXPECT_EQ(rope.text(), "x");
}

}  // namespace
}  // namespace twinning::text

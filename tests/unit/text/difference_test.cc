#include "common/text/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

using testing::ElementsAre;

std::string Applied(std::string_view from, const std::vector<Splice>& splices) {
  std::u32string text = ToCodePoints(from);
  for (const Splice& s : splices) text.replace(s.position, s.removed, ToCodePoints(s.inserted));
  return ToUtf8(text);
}

TEST(Difference, IsEmptyBetweenEqualTexts) {
  EXPECT_THAT(Difference("same", "same"), ElementsAre());
}

TEST(Difference, ReplacesWholeWords) {
  EXPECT_THAT(Difference("the red house stands", "the green house falls"),
              ElementsAre(Splice{4, 3, "green"}, Splice{16, 6, "falls"}));
}

TEST(Difference, CorrectsSingleLetters) {
  EXPECT_THAT(Difference("colour here and color", "color here and colour"),
              ElementsAre(Splice{4, 1, ""}, Splice{19, 0, "u"}));
}

TEST(Difference, CountsCodePoints) {
  EXPECT_THAT(Difference("\U0001F600 a", "\U0001F600 b"), ElementsAre(Splice{2, 1, "b"}));
}

TEST(Difference, LeadsFromAnyTextToAnyOther) {
  std::mt19937 random(7);
  const auto make = [&random] {
    std::u32string text(random() % 60, U' ');
    for (char32_t& c : text) c = U"ab é. \U0001F600\n"[random() % 8];
    return ToUtf8(text);
  };
  for (int i = 0; i < 500; ++i) {
    const std::string from = make();
    const std::string to = make();
    ASSERT_EQ(Applied(from, Difference(from, to)), to) << from << " -> " << to;
  }
}

TEST(Difference, FallsBackToOneSpliceForTextsWithLittleInCommon) {
  std::string from;
  std::string to;
  for (int i = 0; i < 3000; ++i) {
    from += std::to_string(i) + " ";
    to += std::to_string(100000 - i) + "-";
  }
  EXPECT_EQ(Applied(from, Difference(from, to)), to);
  EXPECT_EQ(Difference(from, to).size(), 1u);
}

}  // namespace
}  // namespace twinning::text

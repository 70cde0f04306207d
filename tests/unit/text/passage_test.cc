#include "common/text/passage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

using testing::ElementsAre;

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> out;
  for (const Range& r : Passages(text)) {
    out.emplace_back(SubstringOfCodePoints(text, r.begin, r.end - r.begin));
  }
  return out;
}

TEST(Passages, AreSentencesWithTheSpaceThatFollows) {
  EXPECT_THAT(Texts("We meet. You pay?  All agree!"),
              ElementsAre("We meet. ", "You pay?  ", "All agree!"));
}

TEST(Passages, EndAtEveryLineFeed) {
  EXPECT_THAT(Texts("one\ntwo.\n\nthree"), ElementsAre("one\n", "two.\n", "\n", "three"));
}

TEST(Passages, KeepClosingQuotesAndBrackets) {
  EXPECT_THAT(Texts("(He said “yes.”) Then"), ElementsAre("(He said “yes.”) ", "Then"));
}

TEST(Passages, DoNotEndInsideNumbersAndNames) {
  EXPECT_THAT(Texts("3.5 km to example.org now"), ElementsAre("3.5 km to example.org now"));
}

TEST(Passages, CoverTheTextAndAreNoneWhenItIsEmpty) {
  EXPECT_THAT(Texts(""), ElementsAre());
  EXPECT_THAT(Texts("...?! a"), ElementsAre("...?! ", "a"));
}

TEST(Passages, LastOneIsOpenWithoutATerminator) {
  EXPECT_FALSE(LastPassageIsClosed(U""));
  EXPECT_FALSE(LastPassageIsClosed(U"One. Two"));
  EXPECT_TRUE(LastPassageIsClosed(U"One. Two."));
  EXPECT_TRUE(LastPassageIsClosed(U"One\n"));
}

}  // namespace
}  // namespace twinning::text

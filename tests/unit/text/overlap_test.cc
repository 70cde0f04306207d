#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/document.h"

namespace twinning::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OverlapTest : public testing::Test {
 protected:
  void Start(std::string text) {
    Append(cleo, {}, {{0, 0, std::move(text)}});
    prefix = document.operations();
    base = document.version();
  }
  void Append(Author author, const Version& parents, std::vector<Splice> splices) {
    const auto merged = document.Append(author, parents, splices);
    ASSERT_TRUE(merged.ok()) << merged.status();
  }
  // ana's edit arrives first, then ben's is judged; both saw the start only.
  std::vector<Overlap> Judge(std::vector<Splice> by_ana, std::vector<Splice> by_ben) {
    Append(ana, base, std::move(by_ana));
    const Operation first = document.operations();
    Append(ben, base, std::move(by_ben));
    const auto overlaps = document.FindOverlaps(prefix, first, document.operations());
    EXPECT_TRUE(overlaps.ok()) << overlaps.status();
    return overlaps.value_or(std::vector<Overlap>());
  }

  Document document;
  Author ana = document.AddAuthor("ana");
  Author ben = document.AddAuthor("ben");
  Author cleo = document.AddAuthor("cleo");
  Version base;
  Operation prefix = 0;
};

TEST_F(OverlapTest, DifferentPassagesReportNothing) {
  Start("First. Second. Third.");
  EXPECT_THAT(Judge({{0, 5, "One"}}, {{15, 5, "Three"}}), IsEmpty());
}

TEST_F(OverlapTest, OnePassageRewrittenByBothReportsBothReadings) {
  Start("First. Second. Third.");
  EXPECT_THAT(Judge({{0, 0, "Hm. "}, {11, 6, "Two"}}, {{10, 3, "ONDE"}}),
              ElementsAre(Overlap{7, 15, 11, 20, "SecONDE. ", "Two. ", 33}));
  EXPECT_EQ(document.text(), "Hm. First. TwoONDE. Third.");
}

TEST_F(OverlapTest, WhatTakesThePlaceOfAPassagesBeginningIsInIt) {
  Start("First. Second.");
  Append(ana, base, {{7, 6, "Two"}});
  Append(ben, base, {{7, 6, ""}});
  const Operation first = document.operations();
  Append(ben, {first - 1}, {{7, 0, "2nd"}});
  const auto overlaps = document.FindOverlaps(prefix, first, document.operations());
  ASSERT_TRUE(overlaps.ok());
  ASSERT_EQ(overlaps->size(), 1u);
  EXPECT_EQ(overlaps->front().ours, "2nd.");
  EXPECT_EQ(overlaps->front().theirs, "Two.");
}

TEST_F(OverlapTest, InsertingOnABoundaryTouchesNeitherSide) {
  Start("First. Second.");
  EXPECT_THAT(Judge({{7, 0, "New. "}}, {{7, 6, "2nd"}}), IsEmpty());
}

TEST_F(OverlapTest, AppendingToAnUnfinishedLastPassageTouchesIt) {
  Start("First. Secon");
  EXPECT_THAT(Judge({{12, 0, "d."}}, {{12, 0, "dly."}}),
              ElementsAre(Overlap{7, 12, 7, 18, "Secondly.", "Second.", 13}));
}

TEST_F(OverlapTest, AppendingToAFinishedTextTouchesNothing) {
  Start("First.");
  EXPECT_THAT(Judge({{6, 0, " A."}}, {{6, 0, " B."}}), IsEmpty());
}

TEST_F(OverlapTest, AnEmptyTextIsOnePassage) {
  Start("");
  EXPECT_THAT(Judge({{0, 0, "A. B."}}, {{0, 0, "C."}}),
              ElementsAre(Overlap{0, 0, 0, 7, "C.", "A. B.", 4}));
}

TEST_F(OverlapTest, DeletingWhatTheOtherDeletedTouchesThePassage) {
  Start("First. Second.");
  EXPECT_THAT(Judge({{0, 7, ""}}, {{0, 7, ""}}), ElementsAre(Overlap{0, 7, 0, 0, "", "", 20}));
}

TEST_F(OverlapTest, OnesOwnEarlierEditsAreNoOtherSide) {
  Start("First.");
  Append(ben, base, {{0, 0, "a"}});
  Append(ben, document.version(), {{0, 1, ""}});
  const Operation first = document.operations();
  Append(ben, document.version(), {{1, 0, "x"}});
  EXPECT_THAT(*document.FindOverlaps(prefix, first, document.operations()), IsEmpty());
}

TEST_F(OverlapTest, OneEntryCanOverlapInSeveralPassages) {
  Start("One. Two.");
  EXPECT_THAT(
      Judge({{1, 1, ""}, {5, 1, ""}}, {{2, 1, ""}, {5, 1, ""}}),
      ElementsAre(Overlap{0, 5, 0, 3, "On. ", "Oe. ", 9}, Overlap{5, 9, 3, 6, "To.", "To.", 10}));
}

TEST_F(OverlapTest, WhatArrivesLaterMovesOnlyThePlace) {
  Start("First. Second.");
  const auto before = Judge({{8, 1, ""}}, {{9, 1, ""}});
  ASSERT_EQ(before.size(), 1u);
  const Operation end = document.operations();
  Append(cleo, document.version(), {{0, 7, "!"}});
  const auto after = document.FindOverlaps(prefix, end - 1, end);
  ASSERT_TRUE(after.ok());
  ASSERT_EQ(after->size(), 1u);
  Overlap moved = before[0];
  moved.begin = 1;
  moved.end = 6;
  EXPECT_EQ((*after)[0], moved);
}

TEST_F(OverlapTest, RefusesUnknownOperations) {
  Start("First.");
  EXPECT_FALSE(document.FindOverlaps(0, 0, 7).ok());
  EXPECT_FALSE(document.FindOverlaps(3, 2, 4).ok());
  EXPECT_FALSE(document.FindOverlaps(-1, 2, 4).ok());
  EXPECT_THAT(*document.FindOverlaps(6, 6, 6), IsEmpty());
}

}  // namespace
}  // namespace twinning::text

// Where concurrent insertions land: test vectors. The order is a promise; none of these may change.
#include <gtest/gtest.h>

#include "common/text/document.h"

namespace twinning::text {
namespace {

class OrderTest : public testing::Test {
 protected:
  // Returns the version after the edit alone.
  Version Edit(Author author, const Version& parents, std::vector<Splice> splices) {
    EXPECT_TRUE(document.Append(author, parents, splices).ok());
    return {document.operations() - 1};
  }
  // Types `text` character by character from `position`, forwards.
  Version Type(Author author, Version parents, int64_t position, std::string_view text) {
    for (char c : text) parents = Edit(author, parents, {{position++, 0, std::string(1, c)}});
    return parents;
  }
  // Types `text` so that each character goes before the one typed last.
  Version TypeBackwards(Author author, Version parents, int64_t position, std::string_view text) {
    for (auto c = text.rbegin(); c != text.rend(); ++c) {
      parents = Edit(author, parents, {{position, 0, std::string(1, *c)}});
    }
    return parents;
  }

  Document document;
  Author ana = document.AddAuthor("ana");
  Author ben = document.AddAuthor("ben");
  Author cleo = document.AddAuthor("cleo");
};

TEST_F(OrderTest, SmallerAuthorComesFirstInEitherOrderOfArrival) {
  Type(ana, {}, 0, "a");
  Type(ben, {}, 0, "b");
  EXPECT_EQ(document.text(), "ab");

  Document other;
  const Author b = other.AddAuthor("ben");
  const Author a = other.AddAuthor("ana");
  ASSERT_TRUE(other.Append(b, {}, std::vector<Splice>{{0, 0, "b"}}).ok());
  ASSERT_TRUE(other.Append(a, {}, std::vector<Splice>{{0, 0, "a"}}).ok());
  EXPECT_EQ(other.text(), "ab");
}

TEST_F(OrderTest, TwoRunsTypedAtOnePlaceStayWhole) {
  const Version base = Type(ana, {}, 0, "[]");
  Type(ben, base, 1, "ben");
  Type(ana, base, 1, "ana");
  Type(cleo, base, 1, "cleo");
  EXPECT_EQ(document.text(), "[anabencleo]");
}

TEST_F(OrderTest, TwoRunsTypedBackwardsStayWhole) {
  const Version base = Type(ana, {}, 0, "[]");
  TypeBackwards(ben, base, 1, "ben");
  TypeBackwards(ana, base, 1, "ana");
  EXPECT_EQ(document.text(), "[anaben]");
}

TEST_F(OrderTest, AForwardAndABackwardRunStayWhole) {
  const Version base = Type(ana, {}, 0, "[]");
  Type(ben, base, 1, "ben");
  TypeBackwards(ana, base, 1, "ana");
  EXPECT_EQ(document.text(), "[anaben]");
}

TEST_F(OrderTest, WhatFollowsOnesOwnTextStaysWithIt) {
  const Version base = Type(ana, {}, 0, "xy");
  const Version b = Type(ben, base, 1, "bb");
  Type(ana, base, 1, "aa");
  Type(ben, b, 3, "BB");
  EXPECT_EQ(document.text(), "xaabbBBy");
}

TEST_F(OrderTest, TheRightNeighbourDecidesBeforeTheAuthor) {
  // ben types before Y, which he has seen; ana types at the same place without having seen Y.
  const Version base = Type(ana, {}, 0, "xz");
  const Version y = Type(cleo, base, 1, "Y");
  Type(ben, y, 1, "b");
  Type(ana, base, 1, "a");
  EXPECT_EQ(document.text(), "xabYz");
}

TEST_F(OrderTest, ThreeBranchesMergeTheSameInAnyOrder) {
  const auto merged = [](std::vector<int> order) {
    Document d;
    const Author base = d.AddAuthor("base");
    EXPECT_TRUE(d.Append(base, {}, std::vector<Splice>{{0, 0, "12"}}).ok());
    const std::vector<Splice> edits = {{1, 0, "aa"}, {0, 2, "bb"}, {1, 1, "cc"}};
    for (int i : order) {
      const Author author = d.AddAuthor(std::string(1, static_cast<char>('a' + i)));
      EXPECT_TRUE(d.Append(author, {1}, std::vector<Splice>{edits[i]}).ok());
    }
    return d.text();
  };
  const std::string expected = merged({0, 1, 2});
  EXPECT_EQ(merged({0, 2, 1}), expected);
  EXPECT_EQ(merged({1, 0, 2}), expected);
  EXPECT_EQ(merged({1, 2, 0}), expected);
  EXPECT_EQ(merged({2, 0, 1}), expected);
  EXPECT_EQ(merged({2, 1, 0}), expected);
}

}  // namespace
}  // namespace twinning::text

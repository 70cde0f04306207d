#include "common/text/chains.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace twinning::text {
namespace {

// A history of empty content by a few authors at random versions.
History RandomHistory(std::mt19937& random, int edits) {
  History history;
  for (int i = 0; i < 4; ++i) history.AddAuthor(std::to_string(i));
  for (int i = 0; i < edits; ++i) {
    Version parents;
    for (unsigned n = random() % 4; n > 0 && history.operations() > 0; --n) {
      parents.push_back(static_cast<Operation>(random() % history.operations()));
    }
    if (random() % 3 == 0) parents = history.version();
    std::sort(parents.begin(), parents.end());
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    history.Begin(random() % 4, history.Minimal(parents));
    history.Add(Kind::kInsert, 0, 1 + static_cast<int32_t>(random() % 3), "");
  }
  return history;
}

std::set<Op> Members(const std::vector<OpRange>& ranges) {
  std::set<Op> members;
  for (const OpRange& range : ranges) {
    for (Op o = range.begin; o < range.end; ++o) EXPECT_TRUE(members.insert(o).second);
  }
  return members;
}

Version Some(std::mt19937& random, const History& history) {
  const Version one = {static_cast<Operation>(random() % history.operations())};
  return random() % 2 == 0 ? one : history.VersionAt(static_cast<Op>(one[0]));
}

TEST(Chains, KnowTheDifferenceOfAnyTwoVersions) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const History history = RandomHistory(random, 2 + static_cast<int>(random() % 40));
    Chains chains(-1);
    Standpoint at;
    chains.Start(at);
    Op next = 0;
    chains.CatchUp(history, next, at);
    for (int i = 0; i < 20; ++i) {
      const Version to = Some(random, history);
      History::Split expected;
      history.Diff(at.version, to, expected);
      History::Split split;
      chains.MoveTo(history, to, at, split);
      ASSERT_EQ(Members(split.only_a), Members(expected.only_a));
      ASSERT_EQ(Members(split.only_b), Members(expected.only_b));
      const auto later = [](const OpRange& a, const OpRange& b) { return a.begin > b.begin; };
      ASSERT_TRUE(std::is_sorted(split.only_a.begin(), split.only_a.end(), later));
      ASSERT_TRUE(std::is_sorted(split.only_b.rbegin(), split.only_b.rend(), later));
    }
  }
}

TEST(Chains, KnowWhatIsBehindAnOperation) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const History history = RandomHistory(random, 2 + static_cast<int>(random() % 30));
    Chains chains(-1);
    Standpoint at;
    chains.Start(at);
    Op next = 0;
    chains.CatchUp(history, next, at);
    for (Op head = 0; head < history.operations(); ++head) {
      const Op other = static_cast<Op>(random() % history.operations());
      History::Split split;
      history.Diff({other}, {head}, split);
      ASSERT_EQ(chains.Has(head, other), split.only_a.empty()) << head << " and " << other;
    }
  }
}

}  // namespace
}  // namespace twinning::text

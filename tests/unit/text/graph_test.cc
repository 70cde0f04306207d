#include "common/text/graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/text/history.h"

namespace twinning::text {
namespace {

using Operations = std::set<Operation>;

// A history without content and, the plain way, what each of its operations has behind it.
class Made {
 public:
  explicit Made(int authors) {
    for (int i = 0; i < authors; ++i) history_.AddAuthor(std::to_string(i));
  }

  void Add(Author author, const Version& version, int32_t length) {
    Seen seen;
    const Version frontier = history_.graph().Resolve(version, seen);
    Operations behind = Closure(version);
    EXPECT_EQ(frontier, FrontierOf(behind));
    history_.Begin(author, frontier, &seen);
    for (int32_t k = 0; k < length; ++k) {
      behind.insert(history_.operations() + k);
      behind_.push_back(behind);
    }
    history_.Add(Kind::kInsert, 0, length, "");
  }

  // With those of the version itself.
  Operations Closure(const Version& version) const {
    Operations all;
    for (Operation o : version) all.insert(behind_[o].begin(), behind_[o].end());
    return all;
  }

  Version FrontierOf(const Operations& operations) const {
    Version frontier;
    for (Operation o : operations) {
      const bool last = std::none_of(operations.upper_bound(o), operations.end(),
                                     [&](Operation later) { return behind_[later].contains(o); });
      if (last) frontier.push_back(o);
    }
    return frontier;
  }

  const History& history() const { return history_; }
  const Graph& graph() const { return history_.graph(); }

 private:
  History history_;
  std::vector<Operations> behind_;
};

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  unsigned Below(unsigned n) { return random_() % n; }

  // Ascending, without repetition.
  Version Some(const Made& made, unsigned most) {
    std::set<Operation> version;
    for (unsigned n = Below(most + 1); n > 0 && made.history().operations() > 0; --n) {
      version.insert(Below(made.history().operations()));
    }
    return {version.begin(), version.end()};
  }

  Made AnyHistory() {
    Made made(4);
    for (unsigned edits = 2 + Below(40); edits > 0; --edits) {
      const bool all = Below(3) == 0;
      made.Add(Below(4), all ? made.history().version() : Some(made, 3),
               1 + static_cast<int32_t>(Below(3)));
    }
    return made;
  }

  // Few of whose versions are a prefix: many authors, who take in what some others did.
  Made Wide(unsigned authors, unsigned edits) {
    Made made(static_cast<int>(authors));
    std::vector<Version> heads(authors);
    for (; edits > 0; --edits) {
      const unsigned author = Below(authors);
      Version version = heads[author];
      for (Operation o : heads[Below(authors)]) version.push_back(o);
      std::sort(version.begin(), version.end());
      version.erase(std::unique(version.begin(), version.end()), version.end());
      made.Add(author, version, 1);
      heads[author] = {made.history().operations() - 1};
    }
    return made;
  }

 private:
  std::mt19937 random_;
};

Operations Members(const std::vector<OpRange>& ranges) {
  Operations members;
  for (const OpRange& range : ranges) {
    for (Op o = range.begin; o < range.end; ++o) EXPECT_TRUE(members.insert(o).second);
  }
  return members;
}

Operations Without(const Operations& a, const Operations& b) {
  Operations rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(rest, rest.end()));
  return rest;
}

void ExpectDifference(const Made& made, const Version& a, const Version& b) {
  Seen seen_a;
  Seen seen_b;
  EXPECT_EQ(made.graph().Resolve(a, seen_a), made.FrontierOf(made.Closure(a)));
  EXPECT_EQ(made.graph().Resolve(b, seen_b), made.FrontierOf(made.Closure(b)));
  const Operations in_a = made.Closure(a);
  for (Op o = 0; o < seen_a.prefix; ++o) ASSERT_TRUE(in_a.contains(o));
  Split split;
  ASSERT_TRUE(made.graph().Diff(seen_a, seen_b, SIZE_MAX, split));
  split.Sort();
  ASSERT_EQ(Members(split.only_a), Without(made.Closure(a), made.Closure(b)));
  ASSERT_EQ(Members(split.only_b), Without(made.Closure(b), made.Closure(a)));
  const auto later = [](const OpRange& x, const OpRange& y) { return x.begin > y.begin; };
  ASSERT_TRUE(std::is_sorted(split.only_a.begin(), split.only_a.end(), later));
  ASSERT_TRUE(std::is_sorted(split.only_b.rbegin(), split.only_b.rend(), later));
  const Op end = made.history().operations();
  std::vector<OpRange> lacking;
  ASSERT_TRUE(made.graph().Lacking(seen_a, end, SIZE_MAX, lacking));
  ASSERT_EQ(Members(lacking), Without(made.Closure(made.history().version()), in_a));
  for (size_t i = 1; i < lacking.size(); ++i) ASSERT_LT(lacking[i - 1].end, lacking[i].begin);
  const bool few = lacking.size() <= 2;
  ASSERT_EQ(made.graph().Lacking(seen_a, end, 2, lacking), few);
  Split near;
  if (made.graph().Diff(seen_a, seen_b, 10, near)) {
    ASSERT_EQ(Members(near.only_a), Members(split.only_a));
    ASSERT_EQ(Members(near.only_b), Members(split.only_b));
  }
}

TEST(Graph, KnowsTheDifferenceOfAnyTwoVersions) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Made made = random.AnyHistory();
    for (int i = 0; i < 20; ++i) ExpectDifference(made, random.Some(made, 3), random.Some(made, 3));
  }
}

TEST(Graph, TellsVersionsOfManyAuthorsApart) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Made made = random.Wide(2 + random.Below(60), 200);
    for (int i = 0; i < 40; ++i) {
      ExpectDifference(made, random.Some(made, 60), random.Some(made, 60));
    }
  }
}

TEST(Graph, KnowsWhatIsBehindAnOperation) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Made made = random.AnyHistory();
    for (Op head = 0; head < made.history().operations(); ++head) {
      const auto other = static_cast<Op>(random.Below(made.history().operations()));
      Seen seen;
      made.graph().Resolve({head}, seen);
      ASSERT_EQ(made.graph().Has(seen, other), made.Closure({head}).contains(other))
          << head << " and " << other;
    }
  }
}

TEST(Graph, KnowsTheFrontierOfEveryPrefix) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Made made = random.AnyHistory();
    Operations prefix;
    for (Op count = 1; count <= made.history().operations(); ++count) {
      prefix.insert(count - 1);
      ASSERT_EQ(made.graph().VersionAt(count), made.FrontierOf(prefix)) << count;
    }
  }
}

// Two camps of authors, of which each takes in only what their own camp did.
TEST(Graph, WalksWhereItDoesNotRemember) {
  constexpr Op kAuthors = 60;
  constexpr Op kRounds = 20;
  Graph graph(200);
  for (Op round = 0; round < kRounds; ++round) {
    for (Op i = 0; i < kAuthors; ++i) {
      Version parents;
      for (Op k = i % 2; round > 0 && k < kAuthors; k += 2) {
        if (k != i) parents.push_back((round - 1) * kAuthors + k);
      }
      Seen seen;
      ASSERT_EQ(graph.Resolve(parents, seen), parents);
      const Op first = round * kAuthors + i;
      graph.Open(first, i, parents, kAuthors, seen);
      graph.Grow(first + 1);
    }
  }
  EXPECT_GT(graph.generation(), 2u);
  for (Op head = 0; head < kRounds * kAuthors; head += 7) {
    Seen seen;
    graph.Resolve({head}, seen);
    const Op round = head / kAuthors;
    for (Op other = 0; other < kRounds * kAuthors; other += 11) {
      const Op ago = round - other / kAuthors;
      const bool same_camp = other % 2 == head % 2;
      const bool own = other % kAuthors == head % kAuthors;
      const bool behind = other == head || (same_camp && (own ? ago > 1 : ago > 0));
      ASSERT_EQ(graph.Has(seen, other), behind) << head << " and " << other;
    }
  }
}

}  // namespace
}  // namespace twinning::text

// Whoever lacks only recent operations is placed without a view; here everybody gets one, and the
// outcome is the same.
#include "common/text/tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/text/engine.h"
#include "common/text/utf8.h"
#include "tests/bench/generate.h"
#include "tests/support/text_oracle.h"
#include "tests/unit/text/random_graph.h"

namespace twinning::text {
namespace {

void Append(Engine& engine, Author author, const Version& parents,
            const std::vector<Splice>& splices) {
  engine.Begin(author, Ascending(parents), nullptr);
  for (const Splice& s : splices) {
    engine.Delete(s.position, s.removed);
    engine.Insert(s.position, s.inserted, CodePoints(s.inserted));
  }
}

// Takes in a run at the current version, and does to the text what the tracker says.
void TakeIn(Tracker& tracker, const History& history, const Run& run, std::u32string& text) {
  const std::u32string content = ToCodePoints(history.ContentOfRun(history.RunOf(run.first)));
  const auto length = static_cast<int32_t>(run.length);
  if (run.kind() == Kind::kInsert) {
    text.insert(tracker.Insert(history, run.first, run.position, length), content);
    return;
  }
  const int32_t step = run.kind() == Kind::kDelete ? 0 : 1;
  for (int32_t k = 0; k < length; ++k) {
    std::vector<Removal> removals;
    tracker.Delete(history, run.first + k, run.position - step * k, 1, removals);
    ASSERT_EQ(removals.size(), 1u);
    if (removals[0].position >= 0) text.erase(removals[0].position, 1);
  }
}

// By views alone: to nobody is the merged text any help.
std::string TakeInByViews(const History& history, Tracker& tracker) {
  std::u32string text;
  for (size_t run = 0; run < history.runs().size(); ++run) {
    const Op first = history.runs()[run].first;
    Version version;
    history.graph().Before(first, version);
    tracker.MoveTo(history, version);
    TakeIn(tracker, history, history.runs()[run], text);
  }
  return ToUtf8(text);
}

struct Place {
  Op character = 0;
  bool merged = false;
  friend bool operator==(const Place&, const Place&) = default;
};

std::vector<Place> Places(const Tracker& tracker) {
  std::vector<Place> places;
  tracker.Read(-1, [&](const Tracker::Stretch& stretch) {
    for (int32_t k = 0; k < stretch.length && stretch.first < kBaseText; ++k) {
      places.push_back({stretch.first + k, stretch.merged});
    }
    return true;
  });
  return places;
}

// Of a tracker and a graph that keep next to nothing of what they can work out again, and take in
// the history entry by entry.
std::vector<Place> PlacesOfTheForgetful(const History& whole) {
  History history(400);
  for (const std::string& author : whole.authors()) history.AddAuthor(author);
  Tracker tracker(-1, {.stands = 8, .nodes = 16, .on_the_way = 3, .smallest_collection = 16});
  size_t run = 0;
  for (const Entry& entry : whole.entries()) {
    run = history.AddEntryOf(whole, entry, run);
    if (!tracker.CatchUp(history)) return {};
  }
  return Places(tracker);
}

void ExpectTheSameByViews(Engine& engine) {
  engine.Settle();
  const History& history = engine.history();
  Tracker by_views(-1);
  ASSERT_EQ(TakeInByViews(history, by_views), engine.rope().text());
  Tracker tracker(-1);
  ASSERT_TRUE(tracker.CatchUp(history));
  ASSERT_EQ(Places(tracker), Places(by_views));
  ASSERT_EQ(PlacesOfTheForgetful(history), Places(by_views));
  for (const Run& run : history.runs()) {
    for (Op o = run.first; run.kind() != Kind::kInsert && o < run.end(); ++o) {
      ASSERT_EQ(tracker.TargetOf(o), by_views.TargetOf(o)) << o;
    }
  }
  // Whoever makes a view of where it was placed without finds there what belongs there.
  tracker.MakeView(history);
  by_views.MoveTo(history, tracker.version());
  ASSERT_EQ(tracker.GrowthAtVersion(), by_views.GrowthAtVersion());
}

void ExpectTheSameByViews(const bench::Trace& trace) {
  Engine engine;
  for (size_t i = 0; i < trace.agents; ++i) engine.AddAuthor(bench::AuthorName(i));
  for (const Edit& edit : bench::EditsOf(trace)) {
    Append(engine, edit.author, edit.parents, edit.splices);
  }
  ExpectTheSameByViews(engine);
}

// Ana deletes backwards with everything seen, so that all of it is taken in at once when somebody
// edits who has seen some of it.
TEST(TrackerTest, BackspacesAreTakenBackOneByOne) {
  for (Op seen = 1; seen <= 3; ++seen) {
    Engine engine;
    const Author ana = engine.AddAuthor("ana");
    const Author ben = engine.AddAuthor("ben");
    const Author cyd = engine.AddAuthor("cyd");
    Append(engine, ana, {}, {{0, 0, "0123456789"}});
    Append(engine, ben, {9}, {{10, 0, "!"}});
    Append(engine, ana, {9}, {{0, 0, "?"}});  // now what is recent is noted
    Append(engine, ana, {10, 11}, {{8, 1, ""}, {7, 1, ""}, {6, 1, ""}, {5, 1, ""}});
    engine.Settle();
    ASSERT_EQ(engine.rope().text(), "?012389!");
    // Both type behind the last character that is left, as Ben sees it.
    Append(engine, ben, {11 + seen}, {{9 - seen, 0, "b"}});
    Append(engine, cyd, {10, 11}, {{9 - seen, 0, "c"}});
    ExpectTheSameByViews(engine);
    EXPECT_EQ(engine.rope().text(), "?0123bc89!") << seen;
  }
}

// Dan has all that was written since, but not what Cyd wrote first.
TEST(TrackerTest, WhoLacksSomethingOldIsPlacedAllTheSame) {
  Engine engine;
  for (const char* id : {"ana", "ben", "cyd", "dan"}) engine.AddAuthor(id);
  Append(engine, 0, {}, {{0, 0, "0123456789"}});
  Append(engine, 2, {9}, {{0, 0, "cyd "}});
  Operation last = 9;
  for (int i = 0; i < 200; ++i) {  // in turn, at the beginning, as seen without Cyd
    const Operation next = engine.history().operations();
    Append(engine, i % 2, {last}, {{0, 0, "x"}});
    last = next;
  }
  Append(engine, 3, {last}, {{205, 0, "dan"}});
  ExpectTheSameByViews(engine);
  const size_t dan = engine.rope().text().find("dan");
  ASSERT_NE(dan, std::string::npos);
  EXPECT_EQ(engine.rope().text().substr(dan - 1, 5), "4dan5");
}

// While nobody is near the end nothing is noted, not even part of a deletion.
TEST(TrackerTest, ADeletionInPiecesIsSeenInPart) {
  Engine engine;
  for (const char* id : {"ana", "ben", "cyd"}) engine.AddAuthor(id);
  Append(engine, 0, {}, {{0, 0, "0123456789"}});
  Append(engine, 1, {9}, {{5, 0, std::string(200, 'x')}});
  Append(engine, 0, {9}, {{3, 4, ""}});  // in two pieces, for Ben's text is between them
  Append(engine, 2, {209, 211}, {{205, 0, "cyd"}});
  ExpectTheSameByViews(engine);
  EXPECT_EQ(engine.rope().text(), "012" + std::string(200, 'x') + "cyd789");
}

// More pieces deleted backwards in one go than are recent: Ben's letters are between them.
TEST(TrackerTest, ALongDeletionBackwardsIsSeenInPart) {
  Engine engine;
  for (const char* id : {"ana", "ben", "cyd"}) engine.AddAuthor(id);
  Append(engine, 0, {}, {{0, 0, std::string(240, 'a')}});
  std::vector<Splice> letters;
  for (int i = 0; i < 119; ++i) letters.push_back({2 + 3 * i, 0, "x"});
  Append(engine, 1, {239}, letters);
  std::vector<Splice> backspaces;
  for (int i = 239; i >= 40; --i) backspaces.push_back({i, 1, ""});
  Append(engine, 0, {239}, backspaces);
  const Op last = engine.history().operations() - 1;
  Append(engine, 2, {358, last - 19}, {{80, 0, "c"}, {20, 30, ""}});
  ExpectTheSameByViews(engine);
}

// However much was noted before Cyd came, who lacks the last of it: while she writes all is noted.
TEST(TrackerTest, MuchIsNotedBeforeSomebodyIsNearTheEnd) {
  Engine engine;
  for (const char* id : {"ana", "ben", "cyd"}) engine.AddAuthor(id);
  Append(engine, 0, {}, {{0, 0, "0123456789"}});
  Append(engine, 0, {9}, {{10, 0, "?"}});
  Append(engine, 1, {9}, {{10, 0, "!"}});
  Append(engine, 0, {10}, std::vector<Splice>(300, {0, 0, "x"}));
  Append(engine, 2, {11, 261}, {{255, 0, "cyd"}, {3, 0, "c"}, {254, 1, ""}});
  ExpectTheSameByViews(engine);
  EXPECT_EQ(engine.rope().text().substr(50), "xxxc" + std::string(247, 'x') + "0124cyd56789?!");
}

// Some views are forgotten while fewer than may be are kept of versions on the way.
TEST(TrackerTest, WhatIsKeptOnTheWayAfterSomeWereForgottenIsAtItsVersion) {
  const bench::Recipe recipe{.name = "two branches at a time",
                             .authors = 31,
                             .transactions = 600,
                             .start = 20,
                             .turn = 8,
                             .until_merge = 7,
                             .lag = 60,
                             .from_main = true,
                             .at_once = 2,
                             .patches = 3,
                             .revisions = true,
                             .seed = 269};
  ExpectTheSameByViews(bench::Generate(recipe));
}

TEST(TrackerProperty, AViewForEverybodyLeadsToTheSame) {
  for (uint64_t seed = 1; seed <= Graphs(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGraph graph(seed);
    TextOracle oracle;
    Engine engine;
    for (size_t i = 0; i < graph.authors(); ++i) {
      engine.AddAuthor(RandomGraph::IdOf(i));
      oracle.AddAuthor(RandomGraph::IdOf(i));
    }
    for (size_t edits = 1 + graph.Below(24); edits > 0; --edits) {
      const auto edit = graph.AppendNext(oracle);
      ASSERT_TRUE(edit);
      Append(engine, edit->author, edit->parents, edit->splices);
    }
    ExpectTheSameByViews(engine);
    ASSERT_EQ(engine.rope().text(), oracle.text());
  }
}

// Many who write at once, for so long that what was done first is no longer recent.
TEST(TrackerProperty, AViewForEverybodyLeadsToTheSameInMadeHistories) {
  for (uint64_t seed = 1; seed <= Graphs() / 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::vector<bench::Recipe> recipes = bench::StandardRecipes(600);
    bench::Recipe recipe = recipes[seed % recipes.size()];
    recipe.seed = seed;
    recipe.start = seed % 4 * 20;
    recipe.authors = 2 + seed % 60;
    recipe.roots = std::min(recipe.roots, recipe.authors);
    recipe.until_merge = 1 + seed % 7 * (seed % 3);
    recipe.lag = seed % 5 * 15;
    recipe.patches = 1 + seed % 3;
    ExpectTheSameByViews(bench::Generate(recipe));
    if (HasFatalFailure()) return;
  }
}

// A few who type, go back over what they typed, delete long passages and take in what others did,
// most of it or all.
class Crowd {
 public:
  explicit Crowd(uint64_t seed) : random_(seed), heads_(2 + Below(5)) {
    for (size_t i = 0; i < heads_.size(); ++i) engine_.AddAuthor(RandomGraph::IdOf(i));
  }

  Engine& Write(size_t edits) {
    for (; edits > 0; --edits) {
      const size_t author = Below(heads_.size());
      Version& head = heads_[author];
      TakeIn(head);
      const Op before = engine_.history().operations();
      engine_.Begin(static_cast<Author>(author), head, nullptr);
      for (size_t n = 1 + Below(3); n > 0; --n) Edit();
      const Op after = engine_.history().operations();
      if (after > before) head = {after - 1};
    }
    return engine_;
  }

 private:
  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % n); }

  void TakeIn(Version& head) {
    const int64_t what = Below(10);
    if (what < 4) return;
    const Op operations = engine_.history().operations();
    const Op most = std::min(operations, what < 7 ? 60 : 600);
    const auto latest = static_cast<Op>(what < 8 ? Below(most + 1) : 0);
    for (Operation o : engine_.history().VersionAt(operations - latest)) head.push_back(o);
    Seen seen;
    head = engine_.history().graph().Resolve(Ascending(std::move(head)), seen);
  }

  void Edit() {
    const int64_t size = engine_.AuthorSize();
    int64_t position = Below(Below(3) == 0 ? size + 1 : std::min<int64_t>(size, 20) + 1);
    const int64_t most = 1 + Below(Below(5) == 0 ? 130 : 6);
    switch (Below(5)) {
      case 0:
        return engine_.Delete(position, std::min(most, size - position));
      case 1:
        for (int64_t n = std::min(most, position); n > 0; --n) engine_.Delete(--position, 1);
        return;
      default:
        return engine_.Insert(position, std::string(most, static_cast<char>('a' + Below(26))), most);
    }
  }

  std::mt19937_64 random_;
  Engine engine_;
  std::vector<Version> heads_;
};

TEST(TrackerProperty, AViewForEverybodyLeadsToTheSameInACrowd) {
  for (uint64_t seed = 1; seed <= Graphs() / 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Crowd crowd(seed);
    ExpectTheSameByViews(crowd.Write(20 + seed % (seed % 16 == 0 ? 400 : 100)));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace twinning::text

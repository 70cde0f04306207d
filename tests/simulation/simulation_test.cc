// The seeds of CI, in blocks that run side by side. More of them: the program `simulation`.
#include <gtest/gtest.h>

#include "tests/simulation/run.h"

namespace twinning::simulation {
namespace {

constexpr uint64_t kBlocks = 8;
#ifdef NDEBUG
constexpr uint64_t kSeedsABlock = 250;
#else
constexpr uint64_t kSeedsABlock = 25;  // slow builds look for other things
#endif

class Seeds : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Seeds, KeepEveryPromise) {
  Counts counts;
  for (uint64_t i = 1; i <= kSeedsABlock; ++i) {
    Script script = ScriptOf(GetParam() * kSeedsABlock + i);
    Result result = RunScript(script, false);
    ASSERT_TRUE(result.broken.empty()) << Report(script, result, "");
    counts += result.counts;
  }
  if (kSeedsABlock < 250) return;
  // Nothing is kept where nothing happens.
  SCOPED_TRACE(FormatCounts(counts));
  EXPECT_GT(counts.entries, 20 * kSeedsABlock);
  EXPECT_GT(counts.refusals, kSeedsABlock / 4);
  EXPECT_GT(counts.values, kSeedsABlock / 2);
  EXPECT_GT(counts.passages, kSeedsABlock / 4);
  EXPECT_GT(counts.deletions, kSeedsABlock / 4);
  EXPECT_GT(counts.settled, kSeedsABlock / 8);
  EXPECT_GT(counts.diverged, kSeedsABlock / 100);
  EXPECT_GT(counts.agreed, kSeedsABlock / 100);
  EXPECT_GT(counts.deaths, kSeedsABlock);
  EXPECT_GT(counts.breaks, kSeedsABlock);
  EXPECT_GT(counts.disk_failures, kSeedsABlock / 2);
  EXPECT_GT(counts.restores, kSeedsABlock / 2);
  EXPECT_GT(counts.readmitted, kSeedsABlock / 2);
}

INSTANTIATE_TEST_SUITE_P(Block, Seeds, ::testing::Range<uint64_t>(0, kBlocks));

TEST(Simulation, PlaysASeedTheSameWayEveryTime) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Script script = ScriptOf(seed);
    EXPECT_EQ(RunScript(script, false).fingerprint, RunScript(script, true).fingerprint);
  }
}

TEST(Simulation, NamesStepsInShort) {
  EXPECT_EQ(FormatSteps({3, 17, 18, 19, 40}), "3,17-19,40");
  EXPECT_EQ(ParseSteps("3,17-19,40"), (std::vector<size_t>{3, 17, 18, 19, 40}));
  EXPECT_EQ(ParseSteps("3-"), std::nullopt);
  EXPECT_EQ(ParseSteps("x"), std::nullopt);
}

}  // namespace
}  // namespace twinning::simulation

// Whether the simulation would notice: each fault that is planted in the product must break a
// promise within the seeds of CI. Linked with the files that have them compiled in.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/base/fault.h"
#include "tests/simulation/run.h"

namespace twinning::simulation {
namespace {

constexpr uint64_t kSeeds = 2000;

class PlantedFault : public ::testing::TestWithParam<const char*> {
 protected:
  PlantedFault() { PlantedFaults() = {GetParam()}; }
  ~PlantedFault() override { PlantedFaults().clear(); }
};

TEST_P(PlantedFault, IsCaught) {
  uint64_t seed = 1;
  while (seed <= kSeeds && RunScript(ScriptOf(seed), false).broken.empty()) ++seed;
  EXPECT_LE(seed, kSeeds) << "no seed of CI noticed: " << GetParam();
  RecordProperty("seed", static_cast<int>(seed));
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedFault,
                         ::testing::Values("acknowledge before commit",
                                           "drop half a frame at a crash", "skip deduplication",
                                           "entry skipped on apply", "outbox row too many",
                                           "outbox kept after acknowledgement",
                                           "drop a concurrent candidate",
                                           "remove what was not seen", "agreement ignores terms",
                                           "no sync at commit", "what comes back does nothing",
                                           "lineage forgotten", "outbox emptied when going back"),
                         [](const auto& fault) {
                           std::string name = fault.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(PlantedFaults, DoNothingUnlessAskedFor) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Script script = ScriptOf(seed);
    Result result = RunScript(script, false);
    ASSERT_TRUE(result.broken.empty()) << Report(script, result, "");
  }
}

}  // namespace
}  // namespace twinning::simulation

#include "tests/simulation/script.h"

#include <array>
#include <utility>

#include "tests/simulation/random.h"

namespace twinning::simulation {
namespace {

struct Weight {
  Do what;
  const char* name;
  size_t weight;
  bool always;  // otherwise some seeds do without
};

constexpr std::array<Weight, 19> kWeights = {{
    {Do::kWrite, "write", 40, true},
    {Do::kForce, "force", 2, false},
    {Do::kHappen, "happen", 34, true},
    {Do::kJoin, "join", 3, true},
    {Do::kBreak, "break", 3, false},
    {Do::kStall, "stall", 3, false},
    {Do::kGoOn, "go on", 4, true},
    {Do::kCut, "cut", 6, false},
    {Do::kMend, "mend", 4, true},
    {Do::kKill, "kill", 4, false},
    {Do::kPowerFails, "power fails", 3, false},
    {Do::kRestart, "restart", 8, true},
    {Do::kStop, "stop", 2, false},
    {Do::kDiskFails, "disk fails", 2, false},
    {Do::kClockJumps, "clock jumps", 1, false},
    {Do::kRestore, "restore", 1, false},
    {Do::kCopyBack, "copy back", 1, false},
    {Do::kFinish, "finish", 3, true},
    {Do::kLook, "look", 1, true},
}};

std::vector<size_t> TownsOf(Random& random) {
  constexpr size_t kTowns[] = {2, 2, 2, 2, 3, 3, 3, 4, 4, 5};
  constexpr size_t kReplicas[] = {1, 1, 1, 2, 2, 3};
  std::vector<size_t> towns(kTowns[random.Below(std::size(kTowns))]);
  for (size_t& replicas : towns) replicas = kReplicas[random.Below(std::size(kReplicas))];
  return towns;
}

sync::ServerLimits LimitsOf(Random& random) {
  constexpr size_t kTail[] = {0, 2'000, 4 * 1024 * 1024};
  constexpr size_t kPart[] = {1, 2'000, 512 * 1024};
  sync::ServerLimits limits;
  limits.tail_bytes = kTail[random.Below(std::size(kTail))];
  limits.snapshot_part_bytes = kPart[random.Below(std::size(kPart))];
  limits.sessions_per_replica = 1 + random.Below(4);
  return limits;
}

Do Draw(const std::array<size_t, kWeights.size()>& weights, size_t sum, Random& random) {
  size_t drawn = random.Below(sum);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (drawn < weights[i]) return kWeights[i].what;
    drawn -= weights[i];
  }
  return Do::kHappen;
}

}  // namespace

std::string_view NameOf(Do what) {
  for (const Weight& weight : kWeights) {
    if (weight.what == what) return weight.name;
  }
  return "";
}

Script ScriptOf(uint64_t seed, size_t length) {
  Random random(seed);
  Script script;
  script.seed = seed;
  script.length = length;
  script.replicas = TownsOf(random);
  script.sqlite = random.OneIn(2);
  script.limits = LimitsOf(random);
  script.repeat_one_in = random.OneIn(2) ? 4 : 0;
  script.begins_in_step = random.OneIn(2);
  std::array<size_t, kWeights.size()> weights{};
  size_t sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    bool without = !kWeights[i].always && random.OneIn(3);
    weights[i] = without ? 0 : kWeights[i].weight;
    sum += weights[i];
  }
  size_t steps = length > 0 ? length : 60 + random.Below(140);
  while (script.steps.size() < steps) {
    script.steps.push_back({Draw(weights, sum, random), random.Next()});
  }
  return script;
}

}  // namespace twinning::simulation

// simulation: plays seeds and says which of them broke a promise.
//
//   simulation --seeds 1-2000              every seed of a range
//   simulation --seed 17 --trace           one seed, step by step
//   simulation --seed 17 --steps 3,17-20   only some of its steps
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <string>

#include "common/base/fault.h"
#include "tests/simulation/run.h"

namespace twinning::simulation {
namespace {

struct Options {
  uint64_t seed = 0;
  std::string seeds = "1-100";
  size_t length = 0;
  std::string steps;
  std::string fault;
  bool trace = false;
};

void Plant([[maybe_unused]] const std::string& fault) {
#ifdef TWINNING_PLANTED_FAULTS
  if (!fault.empty()) PlantedFaults().insert(fault);
#endif
}

int PlayOne(const Options& options) {
  Script script = ScriptOf(options.seed, options.length);
  if (!options.steps.empty()) {
    auto steps = ParseSteps(options.steps);
    if (!steps) {
      fmt::print(stderr, "\"{}\" does not name steps: write 3,17-20\n", options.steps);
      return 2;
    }
    script = Only(script, *steps);
  }
  Result result = RunScript(script, options.trace);
  for (const std::string& line : result.trace) fmt::print("{}\n", line);
  for (const std::string& broken : result.broken) fmt::print("{}\n", broken);
  fmt::print("seed {}: {}; {}\n", options.seed, FormatCounts(result.counts),
             result.broken.empty() ? "all promises kept" : "promises broken");
  return result.broken.empty() ? 0 : 1;
}

int PlayMany(const Options& options) {
  auto range = ParseSteps(options.seeds);
  if (!range) {
    fmt::print(stderr, "\"{}\" does not name seeds: write 1-2000\n", options.seeds);
    return 2;
  }
  auto begin = std::chrono::steady_clock::now();
  Counts counts;
  for (uint64_t seed : *range) {
    Script script = ScriptOf(seed, options.length);
    Result result = RunScript(script, false);
    counts += result.counts;
    if (result.broken.empty()) continue;
    fmt::print("{}", Report(script, result, options.fault));
    return 1;
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{} seeds kept all promises, {:.1f} ms each\n", range->size(),
             took.count() * 1000 / static_cast<double>(range->size()));
  fmt::print("{}\n", FormatCounts(counts));
  return 0;
}

}  // namespace
}  // namespace twinning::simulation

int main(int argc, char** argv) {
  twinning::simulation::Options options;
  CLI::App app("Plays simulated partnerships and checks that every promise was kept.");
  CLI::Option* one = app.add_option("--seed", options.seed, "play this seed");
  app.add_option("--seeds", options.seeds, "play these seeds, until one fails");
  app.add_option("--length", options.length, "how many steps; without it a seed says so itself");
  app.add_option("--steps", options.steps, "with --seed: only these of its steps");
  app.add_option("--fault", options.fault, "plant this fault, in a build that has them");
  app.add_flag("--trace", options.trace, "with --seed: say what happens");
  CLI11_PARSE(app, argc, argv);
  twinning::simulation::Plant(options.fault);
  return one->count() > 0 ? twinning::simulation::PlayOne(options)
                          : twinning::simulation::PlayMany(options);
}

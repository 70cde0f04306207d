// run_scenario bare|grpc FILE...: plays scenarios in every order of syncing and with every cast.
#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "common/base/status.h"
#include "tests/scenarios/runner/bare_stage.h"
#include "tests/scenarios/runner/player.h"

namespace twinning::scenarios {
namespace {

using MakeStage = std::function<absl::StatusOr<std::unique_ptr<Stage>>()>;

absl::StatusOr<Scenario> Load(const std::string& path) {
  std::ifstream file(path);
  if (!file) return NotFound("there is no such file");
  std::ostringstream text;
  text << file.rdbuf();
  return ParseScenario(text.str());
}

absl::Status PlayOnce(const Scenario& scenario, const Run& run, const MakeStage& make) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Stage> stage, make());
  return Player(scenario, run, *stage).Play();
}

bool PlayFile(const std::string& path, const MakeStage& make) {
  absl::StatusOr<Scenario> scenario = Load(path);
  if (!scenario.ok()) {
    fmt::print("{}: {}\n", path, MessageOf(scenario.status()));
    return false;
  }
  std::vector<Run> runs = RunsOf(*scenario);
  for (const Run& run : runs) {
    absl::Status played = PlayOnce(*scenario, run, make);
    if (played.ok()) continue;
    fmt::print("{} ({})\n{}\n", path, Describe(run), MessageOf(played));
    return false;
  }
  fmt::print("{}: {} runs\n", path, runs.size());
  return true;
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    fmt::print(stderr, "usage: run_scenario bare FILE...\n");
    return 2;
  }
  MakeStage make = [] { return std::make_unique<BareStage>(); };
  bool good = true;
  for (size_t i = 1; i < arguments.size(); ++i) good = PlayFile(arguments[i], make) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace twinning::scenarios

int main(int argc, char** argv) { return twinning::scenarios::Main({argv + 1, argv + argc}); }

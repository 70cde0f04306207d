// run_scenario bare|grpc FILE...: plays scenarios in every order of syncing and with every cast.
#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "common/base/status.h"
#include "tests/scenarios/runner/bare_stage.h"
#include "tests/scenarios/runner/grpc_stage.h"
#include "tests/scenarios/runner/player.h"

namespace twinning::scenarios {
namespace {

struct Theatre {
  std::function<absl::StatusOr<std::unique_ptr<Stage>>()> make_stage;
  bool mixed = false;  // time enough for every combination of orders
};

absl::StatusOr<Scenario> Load(const std::string& path) {
  std::ifstream file(path);
  if (!file) return NotFound("there is no such file");
  std::ostringstream text;
  text << file.rdbuf();
  return ParseScenario(text.str());
}

absl::Status PlayOnce(const Scenario& scenario, const Run& run, const Theatre& theatre) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Stage> stage, theatre.make_stage());
  return Player(scenario, run, *stage).Play();
}

bool PlayFile(const std::string& path, const Theatre& theatre) {
  absl::StatusOr<Scenario> scenario = Load(path);
  if (!scenario.ok()) {
    fmt::print("{}: {}\n", path, MessageOf(scenario.status()));
    return false;
  }
  std::vector<Run> runs = RunsOf(*scenario, theatre.mixed);
  for (const Run& run : runs) {
    absl::Status played = PlayOnce(*scenario, run, theatre);
    if (played.ok()) continue;
    fmt::print("{} ({})\n{}\n", path, Describe(run), MessageOf(played));
    return false;
  }
  fmt::print("{}: {} runs\n", path, runs.size());
  return true;
}

absl::StatusOr<Theatre> TheatreOf(const std::string& kind) {
  if (kind == "bare") return Theatre{[] { return std::make_unique<BareStage>(); }, true};
  if (kind != "grpc") return InvalidArgument("usage: run_scenario bare|grpc FILE...");
  TWINNING_ASSIGN_OR_RETURN(std::shared_ptr<Premises> premises, Premises::Open());
  return Theatre{[premises, run = 0]() mutable {
    return GrpcStage::Found(*premises, fmt::format("partnership-{}", ++run));
  }};
}

int Main(const std::vector<std::string>& arguments) {
  absl::StatusOr<Theatre> theatre = TheatreOf(arguments.empty() ? "" : arguments[0]);
  if (!theatre.ok()) {
    fmt::print(stderr, "{}\n", MessageOf(theatre.status()));
    return 2;
  }
  bool good = true;
  for (size_t i = 1; i < arguments.size(); ++i) good = PlayFile(arguments[i], *theatre) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace twinning::scenarios

int main(int argc, char** argv) { return twinning::scenarios::Main({argv + 1, argv + argc}); }

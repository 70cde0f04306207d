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

absl::StatusOr<std::vector<Scenario>> Load(const std::string& path) {
  std::ifstream file(path);
  if (!file) return NotFound("there is no such file");
  std::ostringstream text;
  text << file.rdbuf();
  return ParseScenarios(text.str());
}

absl::Status PlayOnce(const Scenario& scenario, const Run& run, const Theatre& theatre) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Stage> stage, theatre.make_stage());
  return Player(scenario, run, *stage).Play();
}

// How many runs it took; an error tells of the first that went wrong.
absl::StatusOr<size_t> Play(const std::string& path, const Theatre& theatre) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<Scenario> scenarios, Load(path));
  size_t count = 0;
  for (const Scenario& scenario : scenarios) {
    for (const Run& run : RunsOf(scenario, theatre.mixed)) {
      absl::Status played = PlayOnce(scenario, run, theatre);
      if (!played.ok()) return Within(Describe(run), played);
      ++count;
    }
  }
  return count;
}

bool PlayFile(const std::string& path, const Theatre& theatre) {
  absl::StatusOr<size_t> runs = Play(path, theatre);
  fmt::print("{}: {}\n", path,
             runs.ok() ? fmt::format("{} runs", *runs) : MessageOf(runs.status()));
  return runs.ok();
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

// Plays one run of a scenario at a stage, and compares what it came to with what the file says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/scenarios/runner/command.h"
#include "tests/scenarios/runner/scenario.h"
#include "tests/scenarios/runner/stage.h"

namespace twinning::scenarios {

// Who takes part, and for each phase apart in which order those who wrote sync after it.
struct Run {
  std::vector<Person> people;
  std::vector<std::vector<std::string>> orders;
};

// Every order of syncing with the cast as it is, and again with each of the extra people. `mixed`:
// of several phases apart every combination of orders, not only the same one in each.
std::vector<Run> RunsOf(const Scenario& scenario, bool mixed);
// "ana, ben and cleo; syncing: ben, ana; ana, ben"
std::string Describe(const Run& run);

class Player {
 public:
  Player(const Scenario& scenario, const Run& run, Stage& stage);

  // The message of a failure names the line and shows what differs.
  absl::Status Play();

 private:
  absl::Status Confirm(const std::string& name);
  absl::Status PlayPhase(const Phase& phase);
  absl::Status PlayStep(const Phase& phase, const Step& step);
  absl::Status SyncInOrder();
  absl::Status SyncAll();
  absl::Status Command(const Phase& phase, const Step& step);
  absl::StatusOr<std::vector<std::string>> Answer(const Step& step);
  absl::Status Save(const Step& step, const Typed& typed);
  absl::Status Sees(const Step& step);
  absl::Status Everywhere(const Phase& phase);
  absl::StatusOr<std::vector<Outline>> Drawers();
  bool Applies(const Step& step) const;
  int64_t ClockOf(const std::string& name) const;
  std::string Random(size_t size);

  const Scenario& scenario_;
  const Run& run_;
  Stage& stage_;
  Circumstances now_;
  testing::RecordNames names_;
  std::map<std::string, Number> before_;  // changes by which people were confirmed
  std::map<std::string, int> clocks_;  // days ahead
  Days today_;
  size_t apart_ = 0;  // phases so far
  uint64_t drawn_ = 0;
};

}  // namespace twinning::scenarios

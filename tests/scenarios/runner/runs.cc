// Which runs a scenario has.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tests/scenarios/runner/player.h"

namespace twinning::scenarios {
namespace {

constexpr size_t kMostRuns = 100;  // of one cast

using Order = std::vector<std::string>;

// Those who write in a phase, by name.
Order WritersIn(const Phase& phase, const std::set<std::string>& people) {
  std::set<std::string> writers;
  for (const Step& step : phase.steps) {
    bool writes = step.kind == Step::kCommand || step.kind == Step::kForced;
    if (writes && people.count(step.person) > 0) writers.insert(step.person);
  }
  return {writers.begin(), writers.end()};
}

std::vector<Order> Permutations(Order names) {
  std::vector<Order> all;
  do {
    all.push_back(names);
  } while (std::next_permutation(names.begin(), names.end()));
  return all;
}

// One order a phase, `mixed` or the n-th one in every phase; that also when there are too many.
std::vector<std::vector<Order>> Combinations(const std::vector<std::vector<Order>>& phases,
                                             bool mixed) {
  size_t count = 1;
  size_t most = 1;
  for (const std::vector<Order>& orders : phases) {
    count *= orders.size();
    most = std::max(most, orders.size());
  }
  const bool all = mixed && count <= kMostRuns;
  std::vector<std::vector<Order>> combinations;
  for (size_t run = 0; run < (all ? count : most); ++run) {
    std::vector<Order>& combination = combinations.emplace_back();
    size_t rest = run;
    for (const std::vector<Order>& orders : phases) {
      combination.push_back(orders[rest % orders.size()]);
      if (all) rest /= orders.size();
    }
  }
  return combinations;
}

void AddRuns(const Scenario& scenario, const std::vector<Person>& people, bool mixed,
             std::vector<Run>& runs) {
  std::set<std::string> names;
  for (const Person& person : people) names.insert(person.name);
  std::vector<std::vector<Order>> phases;
  for (const Phase& phase : scenario.phases) {
    for (const Step& step : phase.steps) {
      if (step.kind == Step::kJoin) names.insert(step.person);
    }
    if (phase.kind == Phase::kApart) phases.push_back(Permutations(WritersIn(phase, names)));
  }
  for (std::vector<Order>& orders : Combinations(phases, mixed)) runs.push_back({people, orders});
}

}  // namespace

std::vector<Run> RunsOf(const Scenario& scenario, bool mixed) {
  std::vector<Run> runs;
  AddRuns(scenario, scenario.cast, mixed, runs);
  for (const Person& extra : scenario.extra) {
    std::vector<Person> people = scenario.cast;
    people.push_back(extra);
    AddRuns(scenario, people, mixed, runs);
  }
  return runs;
}

std::string Describe(const Run& run) {
  std::vector<std::string> people;
  for (const Person& person : run.people) people.push_back(person.name);
  std::vector<std::string> orders;
  for (const Order& order : run.orders) orders.push_back(fmt::format("{}", fmt::join(order, ", ")));
  return fmt::format("{}; syncing {}", fmt::join(people, ", "), fmt::join(orders, "; then "));
}

}  // namespace twinning::scenarios

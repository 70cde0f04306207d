#include "tests/simulation/run.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace twinning::simulation {
namespace {

constexpr size_t kShrinkRuns = 150;

// Memory, where there is some: nothing here has to survive the machine that simulates.
std::string FreshFolder() {
  bool memory = access("/dev/shm", W_OK) == 0;
  std::filesystem::path parent = memory ? "/dev/shm" : std::filesystem::temp_directory_path();
  std::string pattern = (parent / "twinning-simulation-XXXXXX").string();
  return mkdtemp(pattern.data());
}

bool Fails(const Script& script) { return !RunScript(script, false).broken.empty(); }

}  // namespace

Result RunScript(const Script& script, bool trace) {
  std::string folder = FreshFolder();
  Result result = World(script, folder, trace).Run();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return result;
}

Script Only(const Script& script, const std::vector<size_t>& steps) {
  Script only = script;
  only.steps.clear();
  for (size_t step : steps) {
    if (step < script.steps.size()) only.steps.push_back(script.steps[step]);
  }
  return only;
}

// Leaves out ever smaller pieces for as long as it still fails. (A. Zeller, R. Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", 2002, without the complements.)
std::vector<size_t> Shrink(const Script& script, size_t runs) {
  std::vector<size_t> kept(script.steps.size());
  for (size_t i = 0; i < kept.size(); ++i) kept[i] = i;
  for (size_t piece = std::max<size_t>(kept.size() / 2, 1); runs > 0; piece /= 2) {
    for (size_t at = 0; at < kept.size() && runs > 0; --runs) {
      std::vector<size_t> fewer = kept;
      auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(piece, fewer.size() - at)));
      if (Fails(Only(script, fewer))) {
        kept = std::move(fewer);
      } else {
        at += piece;
      }
    }
    if (piece <= 1) break;
  }
  return kept;
}

std::string FormatSteps(const std::vector<size_t>& steps) {
  std::string text;
  for (size_t i = 0; i < steps.size();) {
    size_t end = i;
    while (end + 1 < steps.size() && steps[end + 1] == steps[end] + 1) ++end;
    if (!text.empty()) text += ",";
    text += std::to_string(steps[i]);
    if (end > i) text += "-" + std::to_string(steps[end]);
    i = end + 1;
  }
  return text;
}

std::optional<std::vector<size_t>> ParseSteps(const std::string& text) {
  std::vector<size_t> steps;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    char* rest = nullptr;
    size_t first = std::strtoull(part.c_str(), &rest, 10);
    size_t last = *rest == '-' ? std::strtoull(rest + 1, &rest, 10) : first;
    if (part.empty() || *rest != '\0' || last < first || last - first > 100'000)
      return std::nullopt;
    for (size_t step = first; step <= last; ++step) steps.push_back(step);
  }
  return steps;
}

std::string FormatCounts(const Counts& counts) {
  return fmt::format(
      "{} entries, {} refusals; conflicts: {} of values, {} of passages, {} of deletions, {} "
      "settled; "
      "{} divergences, {} agreements; {} deaths, {} broken connections, {} failing disks, {} "
      "restores, {} entries readmitted",
      counts.entries, counts.refusals, counts.values, counts.passages, counts.deletions,
      counts.settled, counts.diverged, counts.agreed, counts.deaths, counts.breaks,
      counts.disk_failures, counts.restores, counts.readmitted);
}

std::string Report(const Script& script, const Result& result, const std::string& fault) {
  std::string program = fault.empty() ? "simulation" : "simulation_with_faults";
  std::string with = fault.empty() ? "" : fmt::format(" --fault \"{}\"", fault);
  if (script.length > 0) with += fmt::format(" --length {}", script.length);
  std::string text = fmt::format("seed {} broke a promise:\n", script.seed);
  for (const std::string& broken : result.broken) text += "  " + broken + "\n";
  std::vector<size_t> kept = Shrink(script, kShrinkRuns);
  Result shrunk = RunScript(Only(script, kept), true);
  text +=
      fmt::format("replay: build/release/bin/{} --seed {}{} --trace\n", program, script.seed, with);
  text += fmt::format("shrunk to {} steps: build/release/bin/{} --seed {}{} --steps {} --trace\n",
                      kept.size(), program, script.seed, with, FormatSteps(kept));
  for (const std::string& line : shrunk.trace) text += "  " + line + "\n";
  return text;
}

}  // namespace twinning::simulation

// Times the text engine on recorded histories, on made-up ones of many authors and on two long
// offline branches; prints tables, or JSON. Figures are for people to compare on an idle machine.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"
#include "tests/bench/scaling.h"
#include "tests/bench/trace.h"

namespace twinning::bench {
namespace {

constexpr char kUsage[] =
    "twinning-bench-text [flags]\n"
    "  --traces FOLDER    recorded histories to replay (default: $TWINNING_TRACES)\n"
    "  --trace NAME       only this one\n"
    "  --made N           made-up histories of N transactions each as well\n"
    "  --write-made DIR   write those of --made there, in the format of the recorded, and stop\n"
    "  --branches N       two offline branches of 1,000, 10,000 ... N edits each (default: none)\n"
    "  --overlaps N       judge overlaps of two branches of up to N edits (default: none)\n"
    "  --figure NAME      time this alone, on each history: the first run, then the rounds;\n"
    "                     facts: what is not timed\n"
    "  --rounds N         medians of so many runs (default: 5)\n"
    "  --json FILE        write all figures there, too; - prints nothing else\n";

struct Options {
  std::string traces;
  std::string trace;
  std::string figure;
  std::string json;
  std::string write_made;
  size_t made = 0;
  int64_t branches = 0;
  int64_t overlaps = 0;
  int rounds = 5;
};

std::string Cell(const nlohmann::ordered_json& row, const std::string& key) {
  if (!row.contains(key)) return "-";
  if (row[key].is_string()) return row[key].get<std::string>();
  if (!row[key].is_number_float()) return row[key].dump();
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", row[key].get<double>());
  return text;
}

void PrintTable(const std::string& title, const nlohmann::ordered_json& rows) {
  if (rows.empty()) return;
  std::vector<std::string> keys;
  std::map<std::string, size_t> widths;
  for (const auto& row : rows) {
    for (const auto& item : row.items()) {
      const std::string& key = item.key();
      if (!widths.contains(key)) keys.push_back(key);
      widths[key] = std::max({widths[key], key.size(), Cell(row, key).size()});
    }
  }
  const auto print = [&](const std::string& key, const std::string& text) {
    std::printf("%*s", static_cast<int>(widths[key]) + 2, text.c_str());
  };
  std::printf("\n%s\n", title.c_str());
  for (const std::string& key : keys) print(key, key);
  for (const auto& row : rows) {
    std::printf("\n");
    for (const std::string& key : keys) print(key, Cell(row, key));
  }
  std::printf("\n");
}

nlohmann::ordered_json MeasureTrace(const Options& options, const Trace& trace) {
  if (options.figure.empty()) return Measure(trace, options.rounds);
  nlohmann::ordered_json row = {{"trace", trace.name}, {"edits", trace.Edits()}};
  if (options.figure != "facts") {
    row.update(MeasureFigure(options.figure, trace, options.rounds));
  } else {
    row.update(Facts(trace));
    row["figures"] = FiguresOf(trace);
  }
  return row;
}

std::vector<nlohmann::ordered_json> MeasureTraces(const Options& options) {
  std::vector<nlohmann::ordered_json> rows;
  if (!options.traces.empty()) {
    for (const std::string& path : TracesIn(options.traces)) {
      if (!options.trace.empty() && NameOf(path) != options.trace) continue;
      rows.push_back(MeasureTrace(options, ReadTrace(path)));
    }
  }
  for (const Recipe& recipe : StandardRecipes(options.made)) {
    if (options.made == 0) break;
    if (!options.trace.empty() && recipe.name != options.trace) continue;
    rows.push_back(MeasureTrace(options, Generate(recipe)));
  }
  return rows;
}

constexpr int64_t kStep = 10;

// With how much more the row's merge took than that of so many times fewer edits, and how much more
// it would be by n log n.
void AddWithGrowth(nlohmann::ordered_json row, nlohmann::ordered_json& rows) {
  if (!rows.empty()) {
    const auto edits = row["edits_each"].get<double>();
    row["growth"] =
        row["merge_batch_ms"].get<double>() / rows.back()["merge_batch_ms"].get<double>();
    row["n_log_n"] = kStep * std::log(edits) / std::log(edits / kStep);
  }
  rows.push_back(std::move(row));
}

void WriteMade(const Options& options) {
  for (const Recipe& recipe : StandardRecipes(options.made)) {
    WriteTrace(Generate(recipe), options.write_made + "/" + recipe.name + ".json.gz");
  }
}

// True when every history ended in its text.
bool Run(const Options& options) {
  if (!options.write_made.empty()) {
    WriteMade(options);
    return true;
  }
  nlohmann::ordered_json report = {{"traces", MeasureTraces(options)},
                                   {"branches", nlohmann::ordered_json::array()},
                                   {"overlaps", nlohmann::ordered_json::array()}};
  for (int64_t count = 1000; count <= options.branches; count *= kStep) {
    AddWithGrowth(MeasureBranches(count, options.rounds), report["branches"]);
  }
  for (int64_t count : {100, 1000, 4000, 16000}) {
    if (count <= options.overlaps) report["overlaps"].push_back(MeasureOverlaps(count));
  }
  if (options.json == "-") {
    std::cout << report.dump() << "\n";
  } else {
    PrintTable("Histories", report["traces"]);
    PrintTable("Two offline branches", report["branches"]);
    PrintTable("Overlaps of one branch with another", report["overlaps"]);
    if (!options.json.empty()) std::ofstream(options.json) << report.dump(2) << "\n";
  }
  return std::all_of(report["traces"].begin(), report["traces"].end(),
                     [](const nlohmann::ordered_json& row) { return row.value("exact", true); });
}

// False when a flag is unknown.
bool Parse(int argc, char** argv, Options& options) {
  if (const char* folder = std::getenv("TWINNING_TRACES")) options.traces = folder;
  const std::map<std::string, std::function<void(const char*)>> flags = {
      {"--traces", [&](const char* v) { options.traces = v; }},
      {"--trace", [&](const char* v) { options.trace = v; }},
      {"--figure", [&](const char* v) { options.figure = v; }},
      {"--made", [&](const char* v) { options.made = std::strtoull(v, nullptr, 10); }},
      {"--write-made", [&](const char* v) { options.write_made = v; }},
      {"--branches", [&](const char* v) { options.branches = std::atoll(v); }},
      {"--overlaps", [&](const char* v) { options.overlaps = std::atoll(v); }},
      {"--rounds", [&](const char* v) { options.rounds = std::max(1, std::atoi(v)); }},
      {"--json", [&](const char* v) { options.json = v; }},
  };
  for (int i = 1; i < argc; i += 2) {
    const auto flag = flags.find(argv[i]);
    if (flag == flags.end() || i + 1 == argc) return false;
    flag->second(argv[i + 1]);
  }
  return true;
}

}  // namespace
}  // namespace twinning::bench

int main(int argc, char** argv) {
  twinning::bench::Options options;
  if (!twinning::bench::Parse(argc, argv, options)) {
    std::cerr << twinning::bench::kUsage;
    return 2;
  }
  try {
    return twinning::bench::Run(options) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

// What the benchmark times, each thing by itself, so that a process may time one of them and
// nothing before it: a figure is cold when its work is the first of its process, and warm after
// that.
#ifndef TWINNING_TESTS_BENCH_FIGURES_H_
#define TWINNING_TESTS_BENCH_FIGURES_H_

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/text/document.h"
#include "tests/bench/trace.h"

namespace twinning::bench {

// Does it once, with what it needs already in memory; returns what it made, so that letting go of
// that is not timed.
using Work = std::function<std::shared_ptr<const void>()>;

// What most figures make; the text where reading it is part of the work.
struct Made {
  text::Document document;
  std::string text;
};

// Those of a history: only a sequential one can be typed.
std::vector<std::string> FiguresOf(const Trace& trace);

// Of `encode` it makes a std::string, of `rope` a text::Rope, otherwise a Made.
// Throws std::runtime_error when there is no such figure. `trace` must outlive the work.
Work Prepare(const std::string& figure, const Trace& trace);

// Milliseconds.
double TimeOf(const Work& work);
double Median(int rounds, const Work& work);

// {"cold_ms", "warm_ms"}: of the first run, and the median of `rounds` more.
nlohmann::ordered_json MeasureFigure(const std::string& figure, const Trace& trace, int rounds);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_FIGURES_H_

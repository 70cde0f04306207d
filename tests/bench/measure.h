// What the benchmark measures of one history. Every figure is the median of `rounds` runs, in
// milliseconds or bytes; "exact" says whether all ways in gave the recorded text and one encoding.
#ifndef TWINNING_TESTS_BENCH_MEASURE_H_
#define TWINNING_TESTS_BENCH_MEASURE_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/bench/trace.h"

namespace twinning::bench {

double Median(int rounds, const std::function<void()>& work);

nlohmann::ordered_json Measure(const Trace& trace, int rounds);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_MEASURE_H_

// What the benchmark measures of one history: what it costs to keep, and whether it is right. Times
// are in figures.h.
#ifndef TWINNING_TESTS_BENCH_MEASURE_H_
#define TWINNING_TESTS_BENCH_MEASURE_H_

#include <nlohmann/json.hpp>

#include "tests/bench/trace.h"

namespace twinning::bench {

// Bytes on disk and on the heap; "exact" says whether every way in gave the recorded text and one
// encoding, and whether the document then merged a new branch and decoded to equal operations.
nlohmann::ordered_json Facts(const Trace& trace);

// Facts and, in one process, every figure: medians of `rounds` runs in milliseconds.
nlohmann::ordered_json Measure(const Trace& trace, int rounds);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_MEASURE_H_

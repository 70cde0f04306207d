// How the cost of merging grows with the length of two offline branches, and of judging overlaps.
#ifndef TWINNING_TESTS_BENCH_SCALING_H_
#define TWINNING_TESTS_BENCH_SCALING_H_

#include <cstdint>
#include <nlohmann/json.hpp>

namespace twinning::bench {

// Two towns make `count` edits each without the other; one takes in what the other made.
nlohmann::ordered_json MeasureBranches(int64_t count, int rounds);

// A long offline branch judged edit by edit against another one, as a ledger's replicas do.
nlohmann::ordered_json MeasureOverlaps(int64_t count);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_SCALING_H_

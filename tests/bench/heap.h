// Counts what the program holds on the heap and in pages of its own. Linking it replaces operator
// new and mmap.
#ifndef TWINNING_TESTS_BENCH_HEAP_H_
#define TWINNING_TESTS_BENCH_HEAP_H_

#include <cstdint>

namespace twinning::bench {

int64_t HeapBytes();
int64_t HeapPeak();
// The peak counts from here.
void ResetHeapPeak();

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_HEAP_H_

#include "tests/bench/heap.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

int64_t held = 0;
int64_t peak = 0;

}  // namespace

void* operator new(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  held += static_cast<int64_t>(malloc_usable_size(memory));
  peak = std::max(peak, held);
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory != nullptr) held -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

namespace twinning::bench {

int64_t HeapBytes() { return held; }
int64_t HeapPeak() { return peak; }
void ResetHeapPeak() { peak = held; }

}  // namespace twinning::bench

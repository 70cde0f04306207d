#include "tests/bench/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

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

// Long arrays are not on the heap (common/text/large_pages.h). They are made of whole pages, all of
// which count.
extern "C" void* mmap(void* at, size_t length, int access, int flags, int file,
                      off_t offset) noexcept {
  const long mapped = syscall(SYS_mmap, at, length, access, flags, file, offset);
  if (mapped != -1) held += static_cast<int64_t>(length);
  peak = std::max(peak, held);
  return reinterpret_cast<void*>(mapped);
}

extern "C" int munmap(void* memory, size_t length) noexcept {
  const int answer = static_cast<int>(syscall(SYS_munmap, memory, length));
  if (answer == 0) held -= static_cast<int64_t>(length);
  return answer;
}

namespace twinning::bench {

int64_t HeapBytes() { return held; }
int64_t HeapPeak() { return peak; }
void ResetHeapPeak() { peak = held; }

}  // namespace twinning::bench

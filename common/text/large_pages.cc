#include "common/text/large_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace twinning::text {

void AdviseLargePages(void* memory, size_t bytes) {
  constexpr uintptr_t kLarge = uintptr_t{2} << 20;  // of x86-64 and of arm64 with pages of 4 KiB
  const auto start = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t begin = (start + kLarge - 1) & ~(kLarge - 1);
  const uintptr_t end = (start + bytes) & ~(kLarge - 1);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace twinning::text

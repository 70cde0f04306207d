#include "common/text/large_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace twinning::text {
namespace {

constexpr size_t kPage = size_t{2} << 20;  // of x86-64 and of arm64 with pages of 4 KiB

size_t WholePages(size_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }

}  // namespace

void* NewLargePages(size_t bytes) {
  // One page more: what lies before the first whole one and behind the last goes back.
  const size_t wanted = WholePages(bytes);
  const size_t mapped = wanted + kPage;
  if (mapped < bytes) throw std::bad_alloc();
  constexpr int kAccess = PROT_READ | PROT_WRITE;
  void* memory = mmap(nullptr, mapped, kAccess, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  char* const start = static_cast<char*>(memory);
  const auto address = reinterpret_cast<uintptr_t>(start);
  const size_t before = WholePages(address) - address;
  if (before > 0) munmap(start, before);
  if (before < kPage) munmap(start + before + wanted, kPage - before);
  madvise(start + before, wanted, MADV_HUGEPAGE);
  return start + before;
}

void DeleteLargePages(void* memory, size_t bytes) { munmap(memory, WholePages(bytes)); }

}  // namespace twinning::text

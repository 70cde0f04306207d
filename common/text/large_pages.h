// Memory in large pages for arrays that are long: small ones are each brought in by the kernel when
// they are first written to, many thousand times in merging a million operations. Only advice:
// where it is not taken, the memory is the same.
#ifndef TWINNING_COMMON_TEXT_LARGE_PAGES_H_
#define TWINNING_COMMON_TEXT_LARGE_PAGES_H_

#include <cstddef>
#include <new>
#include <vector>

namespace twinning::text {

// Does nothing where no large page fits in. From any thread.
void AdviseLargePages(void* memory, size_t bytes);

template <typename T>
class LargePages {
 public:
  using value_type = T;

  LargePages() = default;
  template <typename Other>
  LargePages(const LargePages<Other>&) {}

  T* allocate(size_t count) {
    if (count > static_cast<size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    void* memory = ::operator new(count * sizeof(T));
    AdviseLargePages(memory, count * sizeof(T));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t) { ::operator delete(memory); }

  bool operator==(const LargePages&) const { return true; }
};

template <typename T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_LARGE_PAGES_H_

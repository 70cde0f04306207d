// Memory in large pages for arrays that are long: small ones are each brought in by the kernel when
// they are first written to, many thousand times in merging a million operations. Only advice:
// where it is not taken, the memory is the same.
#ifndef TWINNING_COMMON_TEXT_LARGE_PAGES_H_
#define TWINNING_COMMON_TEXT_LARGE_PAGES_H_

#include <cstddef>
#include <new>
#include <vector>

namespace twinning::text {

// From the kernel, beginning where a large page does; throws std::bad_alloc. (What the heap gives
// out has often been in small pages before, and stays so.) From any thread.
void* NewLargePages(size_t bytes);
void DeleteLargePages(void* memory, size_t bytes);

template <typename T>
class LargePages {
 public:
  using value_type = T;

  LargePages() = default;
  template <typename Other>
  LargePages(const LargePages<Other>&) {}

  T* allocate(size_t count) {
    if (count > static_cast<size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    const size_t bytes = count * sizeof(T);
    return static_cast<T*>(bytes < kLong ? ::operator new(bytes) : NewLargePages(bytes));
  }
  void deallocate(T* memory, size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kLong) {
      ::operator delete(memory);
    } else {
      DeleteLargePages(memory, bytes);
    }
  }

  bool operator==(const LargePages&) const { return true; }

 private:
  // Bytes; of shorter arrays too much would be unused.
  static constexpr size_t kLong = size_t{4} << 20;
};

template <typename T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_LARGE_PAGES_H_

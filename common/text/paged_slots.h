// A long row of numbers that are mostly the same over long stretches: filling a stretch costs by
// the page, not by the number.
#ifndef TWINNING_COMMON_TEXT_PAGED_SLOTS_H_
#define TWINNING_COMMON_TEXT_PAGED_SLOTS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace twinning::text {

// Numbers below 2^31, at indexes from 0 on; what was never filled must not be asked for.
class PagedSlots {
 public:
  void Restart() {
    pages_.clear();
    numbers_.clear();
  }

  uint32_t At(int32_t index) const {
    const uint32_t page = pages_[index / kPage];
    return (page & kUniform) != 0 ? page & ~kUniform : numbers_[page + index % kPage];
  }

  void Fill(int32_t begin, int32_t end, uint32_t number) {
    if (begin >= end) return;
    const auto pages = static_cast<size_t>((end - 1) / kPage) + 1;
    if (pages > pages_.size()) pages_.resize(pages, kUniform);
    while (begin < end) {
      const int32_t page = begin / kPage;
      const int32_t stop = std::min(end, (page + 1) * kPage);
      if (stop - begin == kPage) {
        pages_[page] = kUniform | number;  // numbers of its own are left behind, at most once each
      } else {
        const uint32_t own = OwnNumbers(page);
        std::fill_n(numbers_.begin() + own + begin % kPage, stop - begin, number);
      }
      begin = stop;
    }
  }

 private:
  static constexpr int32_t kPage = 256;
  static constexpr uint32_t kUniform = uint32_t{1} << 31;

  uint32_t OwnNumbers(int32_t page) {
    const uint32_t old = pages_[page];
    if ((old & kUniform) == 0) return old;
    pages_[page] = static_cast<uint32_t>(numbers_.size());
    numbers_.resize(numbers_.size() + kPage, old & ~kUniform);
    return pages_[page];
  }

  std::vector<uint32_t> pages_;  // one number for all, or where a page's own begin
  std::vector<uint32_t> numbers_;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_PAGED_SLOTS_H_

#include "common/text/paged_slots.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace twinning::text {
namespace {

TEST(PagedSlots, HoldWhatAPlainRowWouldHold) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    PagedSlots slots;
    std::vector<uint32_t> plain;
    for (uint32_t i = 0; i < 60; ++i) {
      const auto begin = static_cast<int32_t>(random() % (plain.size() + 1));
      const auto end = begin + static_cast<int32_t>(random() % (i % 2 == 0 ? 900 : 9));
      slots.Fill(begin, end, i);
      if (static_cast<size_t>(end) > plain.size()) plain.resize(end);
      std::fill(plain.begin() + begin, plain.begin() + end, i);
      for (size_t k = 0; k < plain.size(); ++k) {
        ASSERT_EQ(slots.At(static_cast<int32_t>(k)), plain[k]) << "seed " << seed << " at " << k;
      }
    }
  }
}

}  // namespace
}  // namespace twinning::text

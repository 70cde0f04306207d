// Chance in a simulation: everything that is not decided by the product comes from here, so that
// one seed decides everything. (S. Vigna's SplitMix64: the same on every machine.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace twinning::simulation {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  // [0, bound); 0 for an empty range.
  size_t Below(size_t bound) { return bound == 0 ? 0 : static_cast<size_t>(Next() % bound); }
  int64_t Between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(Below(static_cast<size_t>(most - least) + 1));
  }
  bool OneIn(size_t n) { return Below(n) == 0; }
  double Fraction() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  template <typename Container>
  auto& Pick(Container& items) {
    return items[Below(items.size())];
  }

  std::string Bytes(size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<char>(Next()));
    return bytes;
  }

 private:
  uint64_t state_;
};

}  // namespace twinning::simulation

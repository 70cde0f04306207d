// How long to wait before the next attempt: full jitter between nothing and a ceiling that doubles,
// so that five hundred clients of a server that restarts do not all come back at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

namespace twinning::client {

class Backoff {
 public:
  static constexpr int64_t kFirstCeilingMs = 1'000;
  static constexpr int64_t kLastCeilingMs = 60'000;

  // `random` gives numbers in [0, 1).
  explicit Backoff(std::function<double()> random) : random_(std::move(random)) {}

  int64_t NextMs() {
    auto delay = static_cast<int64_t>(random_() * static_cast<double>(ceiling_ms_));
    ceiling_ms_ = std::min(ceiling_ms_ * 2, kLastCeilingMs);
    return delay;
  }
  void Reset() { ceiling_ms_ = kFirstCeilingMs; }

 private:
  std::function<double()> random_;
  int64_t ceiling_ms_ = kFirstCeilingMs;
};

}  // namespace twinning::client

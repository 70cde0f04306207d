// How often something may be said that others can cause as often as they like. Pure.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

namespace twinning::server {

// Safe from any thread.
class Damper {
 public:
  Damper(uint32_t most, int64_t period_ms) : most_(most), period_ms_(period_ms) {}

  // How many were left out since the last one that was let through; none: this one is left out too.
  std::optional<uint64_t> Admit(int64_t now_ms) {
    std::lock_guard lock(mutex_);
    if (now_ms - began_ms_ >= period_ms_ || now_ms < began_ms_) {
      began_ms_ = now_ms;
      said_ = 0;
    }
    if (said_ == most_) {
      ++left_out_;
      return std::nullopt;
    }
    ++said_;
    const uint64_t left_out = left_out_;
    left_out_ = 0;
    return left_out;
  }

 private:
  const uint32_t most_;
  const int64_t period_ms_;
  std::mutex mutex_;  // over all below
  int64_t began_ms_ = 0;
  uint32_t said_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace twinning::server

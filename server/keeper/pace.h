// How fast what others ask as often as they like is taken: so many a second, and some at once.
// Pure.
#pragma once

#include <algorithm>
#include <cstdint>

namespace twinning::server {

// For one thread at a time.
class Pace {
 public:
  Pace(int64_t per_second, int64_t at_once)
      : each_us_(1'000'000 / per_second), full_us_(each_us_ * at_once), saved_us_(full_us_) {}

  // 0: one may be taken now; otherwise how long until then.
  int64_t WaitAt_us(int64_t now_us) {
    saved_us_ = std::clamp<int64_t>(saved_us_ + now_us - last_us_, 0, full_us_);
    last_us_ = now_us;
    return std::max<int64_t>(each_us_ - saved_us_, 0);
  }
  void Took() { saved_us_ -= each_us_; }

 private:
  const int64_t each_us_;
  const int64_t full_us_;
  int64_t saved_us_;
  int64_t last_us_ = 0;
};

}  // namespace twinning::server

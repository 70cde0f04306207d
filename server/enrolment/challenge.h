// Challenges that need not be remembered: each carries the time of its end under this process's
// secret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace twinning::server {

inline constexpr int64_t kChallengeLife_ms = 5 * 60 * 1000;

// Safe from any thread.
class Challenges {
 public:
  Challenges();

  std::string Make(int64_t now_ms) const;
  // Whether this object made it, not longer ago than kChallengeLife_ms.
  bool Holds(std::string_view challenge, int64_t now_ms) const;

 private:
  std::string Sealed(std::string_view until) const;

  const std::string secret_;
};

}  // namespace twinning::server

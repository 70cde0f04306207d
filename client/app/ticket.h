// What opens the page once, soon after the start: it stands on the command line of a browser, where
// other users of the computer see it. Whoever is quicker than the browser gets in, and the person
// then sees a locked page. Must not know: HTTP, clocks. For any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinning::app {

class Ticket {
 public:
  static constexpr int64_t kLifeMs = 120'000;

  Ticket(std::string secret, int64_t now_ms);

  const std::string& secret() const { return secret_; }
  // Whether `given` is the secret, for the first time and in time.
  bool Use(std::string_view given, int64_t now_ms);

 private:
  const std::string secret_;
  const int64_t ends_ms_;
  std::atomic<bool> used_ = false;
};

}  // namespace twinning::app

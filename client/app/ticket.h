// What opens the page once: it may stand where other users of the computer see it, on the command line
// of a browser, for by then it has been used. Must not know: HTTP. For any thread.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace twinning::app {

class Ticket {
 public:
  explicit Ticket(std::string secret);

  const std::string& secret() const { return secret_; }
  // Whether `given` is the secret, the first time somebody gives it.
  bool Use(std::string_view given);

 private:
  const std::string secret_;
  std::atomic<bool> used_ = false;
};

}  // namespace twinning::app

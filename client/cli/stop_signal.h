// SIGINT and SIGTERM as a request to stop, for commands that take long.
#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

namespace twinning::cli {

// While it exists, the two signals do nothing but ask for a stop. Make it before other threads are
// started, which inherit that; one at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  sigset_t before_;
  std::stop_source source_;
  std::thread waiter_;
};

}  // namespace twinning::cli

// The officers' page at work: every replica of a council, its sync connection and its page, in one
// process.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace twinning::app {

struct Opened {
  std::string address;   // for whoever has it
  std::string for_once;  // the same page, for whoever opens it first
};

struct AppOptions {
  std::vector<std::string> replicas;  // directories; one at least
  int port = 0;                       // 0: any free one
  std::stop_token stop;
  // Called once, when the page can be opened.
  std::function<absl::Status(const Opened& opened)> ready;
};

// Serves until `stop`. Failures are those of opening a replica or the port.
absl::Status Serve(const AppOptions& options);

}  // namespace twinning::app

// Looks a server over and says what is wrong or will be, each with its remedy. Works on the data
// directory alone too, when no server runs. Changes nothing there but a file that it makes and
// removes, to ask the disk for the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

// The process that people join by.
struct RunningFront {
  std::string address;
  absl::Status reached;    // whether the server reached it there, just now
  uint64_t restarts = 0;   // because it ended
  std::string last_end;    // how
  std::string unconfined;  // why it could do more than it should; empty: it cannot
};

// What only the server itself can say.
struct Running {
  v1::Measurement measured;
  std::string address;     // where replicas sync
  absl::Status reached;    // whether it reached itself there, just now
  uint64_t files_max = 0;  // descriptors that the process may have
  uint64_t connections_max = 0;
  std::optional<RunningFront> front;  // none: nobody can join
};

struct Patient {
  std::string data;  // the server's directory
  int64_t now_ms = 0;
  const Running* running = nullptr;  // null: asked from outside, nobody answers there
};

// One finding for each thing looked at, in order. An error of `tell` ends it.
absl::Status Examine(const Patient& patient, const std::function<absl::Status(v1::Finding)>& tell);

}  // namespace twinning::server

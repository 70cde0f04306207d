// The front as a process of the operating system.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/door/socket.h"
#include "server/front/channel.h"

namespace twinning::server {

// Where the front's program is: beside the program that runs, or where it is installed. NotFound
// when it is in neither place.
absl::StatusOr<std::string> FrontProgram();

class FrontProcess {
 public:
  // With these two and standard error open, and nothing else of ours: no file, no variable.
  // Unavailable when it cannot be started.
  static absl::StatusOr<std::unique_ptr<FrontProcess>> Start(const std::string& program,
                                                             const FrontChannel& channel,
                                                             int listening_fd);
  // Kills it when it is still there.
  ~FrontProcess();

  pid_t pid() const { return pid_; }
  // Waits so long for its end, then kills it. How it ended, in words: "signal 9 (Killed)".
  std::string End(std::chrono::milliseconds patience);

 private:
  explicit FrontProcess(pid_t pid);

  const pid_t pid_;
  OwnedFd ended_;  // readable when it has
  std::string how_;
};

}  // namespace twinning::server

// One end of what connects the server and its front. Never waits.
#pragma once

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "server/door/socket.h"
#include "server/front/message.h"

namespace twinning::server {

// For one thread at a time in each direction.
class FrontChannel {
 public:
  static absl::StatusOr<std::pair<FrontChannel, FrontChannel>> Make();
  // Takes over a descriptor that another process made. InvalidArgument when it is no such channel.
  static absl::StatusOr<FrontChannel> Of(OwnedFd fd);

  // ResourceExhausted: the other end is not reading, and nothing was sent. Unavailable: it is gone.
  absl::Status Send(const FrontMessage& message) const;
  // None: nothing has come. Unavailable: the other end is gone. DataLoss: what came is no message.
  absl::StatusOr<std::optional<FrontMessage>> Receive() const;

  int fd() const { return fd_.get(); }

 private:
  explicit FrontChannel(OwnedFd fd) : fd_(std::move(fd)) {}

  OwnedFd fd_;
};

}  // namespace twinning::server

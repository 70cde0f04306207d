// gRPC channels to a server: keepalive, limits, and which addresses may be spoken to.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace twinning::client {

// FailedPrecondition for an address that is not of this machine: until connections are encrypted
// and the server's key is checked, nothing is sent elsewhere. Connects when first used; shares no
// connection with other channels.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& address);

// "The server at ADDRESS cannot be reached (why)." and so on, for a call that failed.
std::string SentenceOf(const std::string& address, const grpc::Status& status);

}  // namespace twinning::client

// The transport of production: one gRPC stream a connection. gRPC's threads only hand over; every
// event runs on the owner's thread, through `post`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "client/rpc/transport.h"

namespace twinning::client {

class GrpcTransport final : public Transport {
 public:
  // Runs a function on the owner's thread, later; may be called from any thread, and after the
  // transport is gone.
  using Post = std::function<void(std::function<void()>)>;

  GrpcTransport(std::string address, Post post);
  std::unique_ptr<Stream> Connect(StreamListener& listener) override;

 private:
  std::string address_;
  Post post_;
};

}  // namespace twinning::client

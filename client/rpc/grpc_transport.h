// The transport of production: one gRPC stream a connection, over mutual TLS. gRPC's threads only
// hand over; every event runs on the owner's thread, through `post`.
#pragma once

#include <functional>
#include <memory>

#include "client/replica/replica.h"
#include "client/rpc/transport.h"

namespace twinning::client {

class GrpcTransport final : public Transport {
 public:
  // Runs a function on the owner's thread, later; may be called from any thread, and after the
  // transport is gone.
  using Post = std::function<void(std::function<void()>)>;

  // `replica` outlives the transport; its server and certificate are read anew for each connection.
  GrpcTransport(const Replica& replica, Post post);
  std::unique_ptr<Stream> Connect(StreamListener& listener) override;

 private:
  const Replica& replica_;
  Post post_;
};

}  // namespace twinning::client

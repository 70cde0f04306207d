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
  // Waits until gRPC has let go of every stream, all of which are destroyed by then. What `post`
  // posts to is still there: so the last of a channel is never given up on a thread of gRPC's, from
  // where its library would shut down beside a process that ends or connects anew.
  ~GrpcTransport() override;
  std::unique_ptr<Stream> Connect(StreamListener& listener) override;

 private:
  class Running;

  const Replica& replica_;
  Post post_;
  std::shared_ptr<Running> running_;
};

}  // namespace twinning::client

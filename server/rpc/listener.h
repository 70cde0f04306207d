// A listening gRPC server with the limits that every one of ours has.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::server {

// OK for ADDR:PORT on this machine's own loopback. Otherwise says why nothing else is possible yet.
absl::Status CheckLoopback(const std::string& address);

class Listener {
 public:
  // Listens at `address`, ADDR:PORT or unix:PATH. The services must outlive it. Unavailable when
  // the address is taken.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(
      const std::string& address, const std::vector<grpc::Service*>& services);
  ~Listener();

  // Where it listens: a port 0 has become the one picked.
  const std::string& address() const { return address_; }

  // Takes no new calls, and ends those that are still open after the time given.
  void Stop(int milliseconds_max);

 private:
  Listener(std::string address, std::unique_ptr<grpc::Server> server)
      : address_(std::move(address)), server_(std::move(server)) {}

  const std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace twinning::server

// A listening gRPC server with the limits that every one of ours has, for one kind of callers.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/door/doorman.h"
#include "server/door/socket.h"
#include "twinning/v1/callers.pb.h"

namespace twinning::server {

// A service with the name that the protocol gives it.
struct Served {
  grpc::Service* service = nullptr;
  std::string name;
};
template <typename Service>
Served ServedAs(const std::unique_ptr<grpc::Service>& service) {
  return {service.get(), Service::service_full_name()};
}

// What a listener bears. Each has a quota of its own, so that who fills one takes nothing from
// another.
struct ListenerLimits {
  size_t message_bytes;  // received, in one message; gRPC 1.51 refuses a longer one once it has it
  size_t memory_bytes;   // of all its connections, in gRPC's buffers: what does bound a message
  int idle_ms;           // a connection without calls is closed after so long
  int age_ms;            // any: who stays connected proves again who it is
  DoormanLimits door;

  static ListenerLimits OfReplicas();
  static ListenerLimits OfStrangers();
  static ListenerLimits OfOperators();
};

class Listener {
 public:
  // The services must outlive it, and be for operators. Unavailable when the path is taken. Whoever
  // can open the socket may call: its owner only.
  static absl::StatusOr<std::unique_ptr<Listener>> OnSocket(const std::string& path,
                                                            const std::vector<Served>& services);

  // Over TLS, on a socket that listens already. Internal when a method of a service is not declared
  // to be for `callers`.
  static absl::StatusOr<std::unique_ptr<Listener>> OnNetwork(
      ListeningSocket socket, std::shared_ptr<grpc::ServerCredentials> credentials,
      v1::Callers callers, const std::vector<Served>& services, const ListenerLimits& limits);
  ~Listener();

  // At its door; none for a local socket.
  Doorman* doorman() { return doorman_.get(); }

  // Takes no new calls, and ends those that are still open after the time given.
  void Stop(int milliseconds_max);

 private:
  Listener() = default;

  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Doorman> doorman_;
};

}  // namespace twinning::server

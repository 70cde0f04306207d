#include "server/rpc/listener.h"

#include <fmt/core.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>

#include "common/base/status.h"
#include "common/ledger/limits.h"

namespace twinning::server {
namespace {

constexpr int kStreamsPerConnection = 64;

// Finds connections that are dead within 80 s, and bears clients that ask every 30 s.
void SetKeepalive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(ledger::kMaxMessageBytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  // Two servers on one port would each get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace

absl::Status CheckLoopback(const std::string& address) {
  size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size() ||
      address.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
    return InvalidArgument(fmt::format("\"{}\" is not ADDR:PORT", address));
  }
  std::string host = address.substr(0, colon);
  if (IsLoopback(host)) return absl::OkStatus();
  return InvalidArgument(fmt::format(
      "{} can be reached from other machines, and connections are not encrypted or authenticated "
      "yet: listen on 127.0.0.1:PORT",
      host));
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(
    const std::string& address, const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetKeepalive(builder);
  SetLimits(builder);
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    return Unavailable(fmt::format("cannot listen at {}: is another program there?", address));
  }
  bool unix_socket = address.starts_with("unix:");
  std::string picked =
      unix_socket ? address : fmt::format("{}:{}", address.substr(0, address.rfind(':')), port);
  return std::unique_ptr<Listener>(new Listener(std::move(picked), std::move(server)));
}

Listener::~Listener() { Stop(0); }

void Listener::Stop(int milliseconds_max) {
  if (server_ == nullptr) return;
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(milliseconds_max));
  server_.reset();
}

}  // namespace twinning::server

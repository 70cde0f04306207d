#include "server/door/listener.h"

#include <fmt/core.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <sys/stat.h>

#include <chrono>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "server/door/callers.h"

namespace twinning::server {
namespace {

constexpr int kStreamsPerConnection = 8;
constexpr int kHandshakeTimeout_ms = 10'000;
constexpr int kMetadataBytes = 8 * 1024;
constexpr size_t kMiB = 1024 * 1024;
constexpr int kSecond_ms = 1000;
constexpr int kMinute_ms = 60 * kSecond_ms;
constexpr int kConnectionAgeGrace_ms = kMinute_ms;
// What a frame is wrapped in when it is pushed.
constexpr size_t kMessageSlack = 64 * 1024;
constexpr size_t kMaxReceived = ledger::kMaxFrameBytes + kMessageSlack;

// Finds connections that are dead within 80 s, and bears clients that ask every 30 s.
void SetKeepalive(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
}

void SetLimits(grpc::ServerBuilder& builder, const ListenerLimits& limits) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(limits.message_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  grpc::ResourceQuota quota("listener");
  quota.Resize(limits.memory_bytes);
  builder.SetResourceQuota(quota);
}

void SetAges(grpc::ServerBuilder& builder, const ListenerLimits& limits) {
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeout_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, limits.age_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionAgeGrace_ms);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, limits.idle_ms);
}

absl::Status Register(grpc::ServerBuilder& builder, const std::vector<Served>& services,
                      v1::Callers callers) {
  for (const Served& served : services) {
    TWINNING_RETURN_IF_ERROR(CheckCallers(served.name, callers));
    builder.RegisterService(served.service);
  }
  return absl::OkStatus();
}

}  // namespace

ListenerLimits ListenerLimits::OfReplicas() {
  return {kMaxReceived, 256 * kMiB, 5 * kMinute_ms, 12 * 60 * kMinute_ms, {}};
}

// They come, ask one thing or two, and go.
ListenerLimits ListenerLimits::OfStrangers() {
  return {16 * 1024, 64 * kMiB, 30 * kSecond_ms, 2 * kMinute_ms, {1024, 64}};
}

ListenerLimits ListenerLimits::OfOperators() {
  return {kMaxReceived, 64 * kMiB, 5 * kMinute_ms, 12 * 60 * kMinute_ms, {64, 16}};
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::OnSocket(const std::string& path,
                                                             const std::vector<Served>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetKeepalive(builder);
  SetLimits(builder, ListenerLimits::OfOperators());
  TWINNING_RETURN_IF_ERROR(Register(builder, services, v1::OPERATORS));
  builder.AddListeningPort("unix:" + path, grpc::InsecureServerCredentials());
  std::unique_ptr<Listener> listener(new Listener());
  listener->server_ = builder.BuildAndStart();
  if (listener->server_ == nullptr) return Unavailable("cannot listen at the socket " + path);
  chmod(path.c_str(), 0600);
  return listener;
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::OnNetwork(
    ListeningSocket socket, std::shared_ptr<grpc::ServerCredentials> credentials,
    v1::Callers callers, const std::vector<Served>& services, const ListenerLimits& limits) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetKeepalive(builder);
  SetLimits(builder, limits);
  SetAges(builder, limits);
  TWINNING_RETURN_IF_ERROR(Register(builder, services, callers));
  std::unique_ptr<Listener> listener(new Listener());
  listener->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      std::move(credentials));
  listener->server_ = builder.BuildAndStart();
  if (listener->server_ == nullptr) {
    return Internal("the server for " + socket.endpoint.text() + " does not start");
  }
  const int listening = socket.fd.get();
  auto admit = [acceptor = listener->acceptor_.get(), listening](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = listening;
    connection.fd = fd;
    acceptor->HandleNewConnection(&connection);
  };
  listener->doorman_ = std::make_unique<Doorman>(std::move(socket.fd), limits.door, admit);
  return listener;
}

Listener::~Listener() { Stop(0); }

void Listener::Stop(int milliseconds_max) {
  doorman_.reset();
  if (server_ == nullptr) return;
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(milliseconds_max));
  server_.reset();
}

}  // namespace twinning::server

#include "client/rpc/channel.h"

#include <fmt/core.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <string_view>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/sync/client_ending.h"

namespace twinning::client {
namespace {

bool IsLoopback(std::string_view address) {
  std::string_view host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.substr(0, 4) == "127.";
}

// A dead connection is noticed within 40 seconds; the server expects pings this often.
grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(ledger::kMaxMessageBytes));
  return arguments;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& address) {
  if (!IsLoopback(address)) {
    return FailedPrecondition(
        fmt::format("The server at {} is on another machine, and this version does not encrypt "
                    "connections yet: nothing was sent. Use a server on this machine.",
                    sync::Quoted(address)));
  }
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), Arguments());
}

std::string SentenceOf(const std::string& address, const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
      status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return fmt::format("The server at {} cannot be reached ({}).", sync::Quoted(address),
                       sync::Quoted(status.error_message()));
  }
  return fmt::format("The server at {} answered: {}.", sync::Quoted(address),
                     sync::Quoted(status.error_message()));
}

}  // namespace twinning::client

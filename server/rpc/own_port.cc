#include "server/rpc/own_port.h"

#include <fmt/core.h>
#include <grpcpp/generic/generic_stub.h>

#include <future>

#include "common/base/status.h"
#include "common/line/line.h"

namespace twinning::server {
namespace {

constexpr const char* kCheck = "/grpc.health.v1.Health/Check";
// HealthCheckResponse { status: SERVING }; the request of the whole server is empty.
constexpr std::string_view kServing = "\x08\x01";

std::string AddressOf(Endpoint listening) {
  if (listening.host == "0.0.0.0") listening.host = "127.0.0.1";
  if (listening.host == "::") listening.host = "::1";
  return listening.text();
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice whole;
  if (!buffer.DumpToSingleSlice(&whole).ok()) return "";
  return {reinterpret_cast<const char*>(whole.begin()), whole.size()};
}

absl::Status CheckHealth(const line::Line& line, std::chrono::milliseconds patience) {
  grpc::GenericStub stub(line.channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + patience);
  grpc::Slice empty("", 0);
  grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, kCheck, grpc::StubOptions(), &request, &response,
                 [&](const grpc::Status& status) { done.set_value(status); });
  const grpc::Status status = done.get_future().get();
  if (!status.ok()) return Unavailable(line::SentenceOf(line, status));
  if (BytesOf(response) == kServing) return absl::OkStatus();
  return Unavailable(fmt::format("{} says that it does not serve", line.address));
}

}  // namespace

absl::Status CallOwnPort(const Endpoint& listening, const Authority& authority,
                         const SigningKey& key, int64_t now_ms,
                         std::chrono::milliseconds patience) {
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate certificate,
                            authority.CertifyReplica(key.public_key(), now_ms));
  return CheckHealth(line::MakeLine(AddressOf(listening), {authority.trusted(), std::nullopt},
                                    line::Shown{certificate, key}),
                     patience);
}

absl::Status CallAsStranger(const Endpoint& listening, const Authority& authority,
                            std::chrono::milliseconds patience) {
  return CheckHealth(
      line::MakeLine(AddressOf(listening), {authority.trusted(), std::nullopt}, std::nullopt),
      patience);
}

}  // namespace twinning::server

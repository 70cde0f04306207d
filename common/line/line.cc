#include "common/line/line.h"

#include <fmt/core.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/sync/client_ending.h"
#include "common/tls/trust.h"

namespace twinning::line {
namespace {

using grpc::experimental::TlsCustomVerificationCheckRequest;

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

// Asked by gRPC after the handshake and before the connection is used.
class Verifier final : public grpc::experimental::ExternalCertificateVerifier {
 public:
  Verifier(Trusted trusted, std::shared_ptr<Objection> objection, Clock clock)
      : trusted_(std::move(trusted)), objection_(std::move(objection)), clock_(std::move(clock)) {}

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* answer) override {
    grpc::string_ref pem = request->peer_cert_full_chain();
    if (pem.empty()) pem = request->peer_cert();
    absl::Status checked = Check({pem.data(), pem.size()});
    objection_->Set(checked.ok() ? "" : MessageOf(checked));
    if (!checked.ok()) {
      *answer = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "another server");
    }
    return true;
  }

  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  absl::Status Check(std::string_view pem) const {
    TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> chain, tls::CertificatesOfPem(pem));
    std::vector<tls::Certificate> authorities = trusted_.authorities;
    if (trusted_.fingerprint) authorities = tls::WithFingerprint(chain, *trusted_.fingerprint);
    TWINNING_RETURN_IF_ERROR(tls::CheckChain(chain, authorities, tls::Use::kServer));
    return tls::CheckTime(chain.front(), "its certificate", clock_(), 0);
  }

  const Trusted trusted_;
  const std::shared_ptr<Objection> objection_;
  const Clock clock_;
};

std::shared_ptr<grpc::ChannelCredentials> Credentials(Trusted trusted,
                                                      const std::optional<Shown>& shown,
                                                      std::shared_ptr<Objection> objection,
                                                      const Clock& clock) {
  namespace grpc_tls = grpc::experimental;
  grpc_tls::TlsChannelCredentialsOptions options;
  if (shown) {
    options.set_certificate_provider(std::make_shared<grpc_tls::StaticDataCertificateProvider>(
        std::vector<grpc_tls::IdentityKeyCertPair>{
            {tls::PrivateKeyPem(shown->key), shown->certificate.pem()}}));
    options.watch_identity_key_cert_pairs();
  }
  // The verifier checks all, and can say precisely what is wrong.
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(grpc_tls::ExternalCertificateVerifier::Create<Verifier>(
      std::move(trusted), std::move(objection), clock));
  return grpc_tls::TlsCredentials(options);
}

}  // namespace

int64_t SystemTime_ms() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void Objection::Set(std::string sentence) {
  std::lock_guard lock(mutex_);
  sentence_ = std::move(sentence);
}

std::string Objection::Get() const {
  std::lock_guard lock(mutex_);
  return sentence_;
}

Line MakeLine(const std::string& address, Trusted trusted, const std::optional<Shown>& shown,
              const Clock& clock) {
  Line line;
  line.address = address;
  line.objection = std::make_shared<Objection>();
  line.channel = grpc::CreateCustomChannel(
      address, Credentials(std::move(trusted), shown, line.objection, clock), Arguments());
  return line;
}

bool NotReached(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

std::string SentenceOf(const Line& line, const grpc::Status& status) {
  const std::string address = sync::Quoted(line.address);
  const std::string objection = sync::Quoted(line.objection->Get());
  if (NotReached(status) && !objection.empty()) {
    return fmt::format("The server at {} was not trusted, and nothing was sent to it: {}.", address,
                       objection);
  }
  if (NotReached(status)) {
    return fmt::format("The server at {} cannot be reached ({}).", address,
                       sync::Quoted(status.error_message()));
  }
  return fmt::format("The server at {} answered: {}.", address,
                     sync::Quoted(status.error_message()));
}

}  // namespace twinning::line

#include "server/rpc/credentials.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>

#include "common/base/status.h"
#include "common/tls/trust.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

using grpc::experimental::TlsCustomVerificationCheckRequest;

constexpr unsigned kLookAgain_s = 5;

// The first certificate of a PEM text: the peer's own.
absl::StatusOr<tls::Certificate> First(std::string_view pem) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> all, tls::CertificatesOfPem(pem));
  if (all.empty()) return InvalidArgument("there is no certificate");
  return all.front();
}

// gRPC asks after the handshake, which has proved that the peer holds the certificate's key.
class Verifier final : public grpc::experimental::ExternalCertificateVerifier {
 public:
  explicit Verifier(CheckClient check) : check_(std::move(check)) {}

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* answer) override {
    grpc::string_ref pem = request->peer_cert();
    absl::StatusOr<tls::Certificate> certificate = First({pem.data(), pem.size()});
    absl::Status checked = certificate.ok() ? check_(*certificate) : certificate.status();
    if (!checked.ok()) {
      LogDamped("a client was not let in: " + MessageOf(checked));
      *answer = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, MessageOf(checked));
    }
    return true;
  }

  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  const CheckClient check_;
};

}  // namespace

CheckClient ByAuthority(const Authority& authority, std::function<int64_t()> now_ms) {
  return [&authority, now_ms = std::move(now_ms)](const tls::Certificate& certificate) {
    absl::Status checked = tls::CheckChain({certificate}, authority.trusted(), tls::Use::kReplica);
    if (!checked.ok()) return checked;
    return tls::CheckTime(certificate, "the certificate", now_ms(), kGrace_ms);
  };
}

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const ServerCertificate& certificate,
                                                               CheckClient check) {
  namespace grpc_tls = grpc::experimental;
  grpc_tls::TlsServerCredentialsOptions options(
      std::make_shared<grpc_tls::FileWatcherCertificateProvider>(
          certificate.key_file(), certificate.chain_file(), kLookAgain_s));
  options.watch_identity_key_cert_pairs();
  // "Do not verify" leaves it to the verifier, which can be lenient where OpenSSL cannot.
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.set_certificate_verifier(
      grpc_tls::ExternalCertificateVerifier::Create<Verifier>(std::move(check)));
  return grpc_tls::TlsServerCredentials(options);
}

std::optional<std::string> PeerKey(const grpc::ServerContextBase& context) {
  std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr) return std::nullopt;
  std::vector<grpc::string_ref> shown = peer->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (shown.size() != 1) return std::nullopt;
  absl::StatusOr<tls::Certificate> certificate = First({shown[0].data(), shown[0].size()});
  if (!certificate.ok() || certificate->ed25519_key().empty()) return std::nullopt;
  return certificate->ed25519_key();
}

}  // namespace twinning::server

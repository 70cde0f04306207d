#include "client/rpc/channel.h"

#include <utility>

#include "common/base/status.h"
#include "common/tls/trust.h"

namespace twinning::client {
namespace {

// As long as the server lets a certificate in after its end.
constexpr int64_t kGrace_ms = 30LL * 24 * 60 * 60 * 1000;

}  // namespace

absl::StatusOr<tls::Certificate> OwnCertificate(const Replica& replica, int64_t now_ms) {
  absl::StatusOr<tls::Certificate> certificate =
      tls::Certificate::OfDer(replica.identity().certification.certificate());
  if (!certificate.ok()) {
    return FailedPrecondition("This replica has no certificate for its server.");
  }
  if (certificate->ed25519_key() != replica.key().public_key()) {
    return FailedPrecondition("This replica's certificate is for another key than the one here.");
  }
  absl::Status time = tls::CheckTime(*certificate, "This replica's certificate", now_ms, kGrace_ms);
  if (!time.ok()) return FailedPrecondition(MessageOf(time) + ".");
  return certificate;
}

absl::StatusOr<Line> LineOf(const Replica& replica, const Clock& clock) {
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate own, OwnCertificate(replica, clock()));
  const Shown shown{own, replica.key()};
  Trusted trusted{AuthoritiesOf(replica.identity().certification), std::nullopt};
  return MakeLine(replica.identity().server, std::move(trusted), shown, clock);
}

std::vector<tls::Certificate> AuthoritiesOf(const v1::Certification& certification) {
  std::vector<tls::Certificate> authorities;
  for (const std::string& der : certification.authorities()) {
    absl::StatusOr<tls::Certificate> authority = tls::Certificate::OfDer(der);
    if (authority.ok()) authorities.push_back(*std::move(authority));
  }
  return authorities;
}

}  // namespace twinning::client

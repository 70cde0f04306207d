#include "client/engine/certificate.h"

#include <fmt/core.h>

#include "client/rpc/channel.h"
#include "client/rpc/enrol.h"
#include "common/base/date.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"
#include "common/tls/trust.h"

namespace twinning::client {
namespace {

constexpr int64_t kWarnBefore_ms = 30 * kDay_ms;

std::string EndsSoon(int64_t until_ms, int64_t now_ms) {
  return fmt::format(
      "This replica's certificate ends at {} UTC (your clock says {} UTC), and its server has not "
      "given it another yet. Sync, and if this stays so tell the server's operator.",
      FormatTime(until_ms), FormatTime(now_ms));
}

}  // namespace

CertificateStanding CertificateOf(const Replica& replica, int64_t now_ms) {
  CertificateStanding standing;
  absl::StatusOr<tls::Certificate> certificate = OwnCertificate(replica, now_ms);
  if (!certificate.ok()) {
    standing.sentence = MessageOf(certificate.status());
    return standing;
  }
  standing.until_ms = certificate->valid_until_ms();
  const int64_t life_ms = standing.until_ms - certificate->valid_from_ms();
  if (now_ms > standing.until_ms - kWarnBefore_ms) {
    standing.state = CertificateStanding::kEnding;
    standing.sentence = EndsSoon(standing.until_ms, now_ms);
  } else if (now_ms > standing.until_ms - life_ms / 3) {
    standing.state = CertificateStanding::kDue;
  } else {
    standing.state = CertificateStanding::kGood;
  }
  return standing;
}

absl::Status Renew(Replica& replica, int64_t deadline_ms) {
  bool ended = CertificateOf(replica, SystemTime_ms()).state == CertificateStanding::kEnded;
  absl::StatusOr<v1::Certification> certification =
      ended ? RenewByKey(replica, deadline_ms) : RenewByCertificate(replica, deadline_ms);
  if (!certification.ok()) return certification.status();
  return replica.KeepCertification(*certification);
}

absl::Status Rehome(Replica& replica, const std::string& code, int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(v1::Invitation invitation, sync::ParseInvitation(code));
  absl::StatusOr<v1::Certification> certification =
      RenewAt(replica, invitation.address(), {{}, Hash::Of(invitation.fingerprint())}, deadline_ms);
  if (absl::IsFailedPrecondition(certification.status()) && !invitation.secret().empty()) {
    certification = EnrolAgain(invitation, replica, deadline_ms);
  }
  if (!certification.ok()) return certification.status();
  return replica.KeepCertification(*certification);
}

}  // namespace twinning::client

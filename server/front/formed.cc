#include "server/front/formed.h"

#include <fmt/core.h>

#include "common/base/ids.h"
#include "common/base/status.h"
#include "common/crypto/ed25519.h"
#include "common/sync/invitation.h"

namespace twinning::server {
namespace {

constexpr size_t kMaxName = 1024;  // bytes of a person's name
constexpr size_t kMaxChallenge = 256;

absl::Status Wrong(std::string_view what) {
  return InvalidArgument(fmt::format("this request is not well formed: its {} is not", what));
}

// A coordinator's invitation is named by its key, the server's by its secret.
absl::Status CheckInvitation(const v1::EnrolRequest& request) {
  if (request.invitation().empty()) {
    return request.secret().size() == sync::kSecretSize ? absl::OkStatus() : Wrong("secret");
  }
  if (!request.secret().empty()) return Wrong("secret");
  if (request.invitation().size() != kPublicKeySize) return Wrong("invitation");
  return request.invited().size() == kSignatureSize ? absl::OkStatus() : Wrong("invitation");
}

bool IdOrNone(const std::string& bytes) { return bytes.empty() || bytes.size() == LedgerId::kSize; }

}  // namespace

absl::Status CheckFormed(const v1::EnrolRequest& request) {
  TWINNING_RETURN_IF_ERROR(CheckInvitation(request));
  if (request.member().size() > kMaxName) return Wrong("name");
  if (!IdOrNone(request.ledger())) return Wrong("ledger");
  if (!IdOrNone(request.town())) return Wrong("town");
  const std::string& proved = request.invitation().empty() ? request.secret() : request.invitation();
  if (sync::CheckProof(request.key(), proved, request.proof())) return absl::OkStatus();
  return InvalidArgument("the enrolment is not signed by the key that it enrols");
}

absl::Status CheckFormed(const v1::ChallengeRequest&) { return absl::OkStatus(); }

absl::Status CheckFormed(const v1::RenewRequest& request) {
  if (!IdOrNone(request.ledger())) return Wrong("ledger");
  if (request.challenge().size() > kMaxChallenge) return Wrong("challenge");
  if (sync::CheckRenewal(request.key(), request.challenge(), request.proof())) {
    return absl::OkStatus();
  }
  return InvalidArgument("the renewal is not signed by the key that it renews");
}

}  // namespace twinning::server

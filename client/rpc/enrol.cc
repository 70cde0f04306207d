#include "client/rpc/enrol.h"

#include <fmt/core.h>
#include <grpcpp/client_context.h>

#include <chrono>

#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/sync/invitation.h"
#include "common/tls/trust.h"
#include "twinning/v1/enrolment.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::client {
namespace {

void SetDeadline(grpc::ClientContext& context, int64_t deadline_ms) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
}

absl::Status Failed(const Line& line, const grpc::Status& status) {
  std::string sentence = SentenceOf(line, status);
  return NotReached(status) ? Unavailable(sentence) : FailedPrecondition(sentence);
}

v1::EnrolRequest RequestFor(const v1::Invitation& invitation, const SigningKey& key,
                            const std::string& member) {
  v1::EnrolRequest request;
  request.set_key(key.public_key());
  request.set_member(member);
  if (invitation.ledger().empty()) {
    request.set_secret(invitation.secret());
    request.set_proof(sync::ProveKey(key, invitation.secret()));
    return request;
  }
  const SigningKey invited = sync::InvitationKey(invitation.secret());
  request.set_ledger(invitation.ledger());
  request.set_invitation(invited.public_key());
  request.set_proof(sync::ProveKey(key, invited.public_key()));
  request.set_invited(
      ledger::SignInvited(invited, *LedgerId::Of(invitation.ledger()), key.public_key()));
  return request;
}

// Before it takes the place of what is there: it must be for this key, by an authority that comes
// with it.
absl::Status CheckFits(const v1::Certification& certification, const SigningKey& key) {
  absl::StatusOr<tls::Certificate> own = tls::Certificate::OfDer(certification.certificate());
  if (own.ok() && own->ed25519_key() == key.public_key() && !certification.server().empty() &&
      tls::CheckChain({*own}, AuthoritiesOf(certification), tls::Use::kReplica).ok()) {
    return absl::OkStatus();
  }
  return DataLoss(
      "The certificate that the server sent is not one for this replica's key: nothing was "
      "changed. "
      "Tell the server's operator.");
}

absl::StatusOr<Identity> IdentityOf(const v1::EnrolResponse& response, const SigningKey& key) {
  std::optional<LedgerId> ledger = LedgerId::Of(response.ledger());
  std::optional<TownId> town = TownId::Of(response.town());
  Identity identity;
  identity.replica = ReplicaOfKey(key.public_key());
  if (!ledger || !town || response.replica() != identity.replica.bytes()) {
    return DataLoss(
        "The server's answer does not fit the key that was enrolled: nothing was made.");
  }
  identity.ledger = *ledger;
  identity.town = *town;
  identity.town_name = response.town_name();
  identity.partnership_name = response.partnership_name();
  identity.server = response.certification().server();
  identity.certification = response.certification();
  return identity;
}

absl::StatusOr<v1::Certification> Taken(const Replica& replica, const Line& line,
                                        const grpc::Status& status,
                                        const v1::Certification& certification) {
  if (!status.ok()) return Failed(line, status);
  TWINNING_RETURN_IF_ERROR(CheckFits(certification, replica.key()));
  return certification;
}

absl::StatusOr<v1::EnrolResponse> Redeem(const v1::Invitation& invitation, const SigningKey& key,
                                         const v1::EnrolRequest& request, int64_t deadline_ms) {
  Line line = MakeLine(invitation.address(), {{}, Hash::Of(invitation.fingerprint())}, {});
  grpc::ClientContext context;
  SetDeadline(context, deadline_ms);
  v1::EnrolResponse response;
  grpc::Status status = v1::Enrolment::NewStub(line.channel)->Enrol(&context, request, &response);
  if (!status.ok()) return Failed(line, status);
  TWINNING_RETURN_IF_ERROR(CheckFits(response.certification(), key));
  return response;
}

}  // namespace

absl::StatusOr<Identity> Enrol(const v1::Invitation& invitation, const SigningKey& key,
                               const std::string& member, int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(
      v1::EnrolResponse response,
      Redeem(invitation, key, RequestFor(invitation, key, member), deadline_ms));
  TWINNING_ASSIGN_OR_RETURN(Identity identity, IdentityOf(response, key));
  identity.member = member;
  return identity;
}

absl::StatusOr<v1::Certification> EnrolAgain(const v1::Invitation& invitation,
                                             const Replica& replica, int64_t deadline_ms) {
  const Identity& identity = replica.identity();
  v1::EnrolRequest request = RequestFor(invitation, replica.key(), identity.member);
  request.set_ledger(std::string(identity.ledger.bytes()));
  request.set_town(std::string(identity.town.bytes()));
  TWINNING_ASSIGN_OR_RETURN(v1::EnrolResponse response,
                            Redeem(invitation, replica.key(), request, deadline_ms));
  return response.certification();
}

absl::StatusOr<v1::ContinueResponse> EnrolCopy(const Replica& replica, const SigningKey& fresh,
                                               int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(v1::ContinueRequest request, replica.CopyRequest(fresh));
  TWINNING_ASSIGN_OR_RETURN(Line line, LineOf(replica));
  grpc::ClientContext context;
  SetDeadline(context, deadline_ms);
  v1::ContinueResponse response;
  grpc::Status status = v1::Sync::NewStub(line.channel)->Continue(&context, request, &response);
  if (!status.ok()) return Failed(line, status);
  TWINNING_RETURN_IF_ERROR(CheckFits(response.certification(), fresh));
  return response;
}

absl::StatusOr<v1::Certification> RenewByCertificate(const Replica& replica, int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(Line line, LineOf(replica));
  grpc::ClientContext context;
  SetDeadline(context, deadline_ms);
  v1::RenewRequest request;
  request.set_ledger(std::string(replica.identity().ledger.bytes()));
  v1::Certification certification;
  grpc::Status status = v1::Sync::NewStub(line.channel)->Renew(&context, request, &certification);
  return Taken(replica, line, status, certification);
}

absl::StatusOr<v1::Certification> RenewByKey(const Replica& replica, int64_t deadline_ms) {
  const v1::Certification& held = replica.identity().certification;
  if (held.enrolment().empty()) {
    return FailedPrecondition(
        "Ask its server's operator for a code, and use it with: twinning rehome CODE.");
  }
  return RenewAt(replica, held.enrolment(), {AuthoritiesOf(held), std::nullopt}, deadline_ms);
}

absl::StatusOr<v1::Certification> RenewAt(const Replica& replica, const std::string& address,
                                          Trusted trusted, int64_t deadline_ms) {
  Line line = MakeLine(address, std::move(trusted), {});
  std::unique_ptr<v1::Enrolment::Stub> stub = v1::Enrolment::NewStub(line.channel);
  grpc::ClientContext asking;
  SetDeadline(asking, deadline_ms);
  v1::ChallengeResponse challenge;
  grpc::Status status = stub->Challenge(&asking, {}, &challenge);
  if (!status.ok()) return Failed(line, status);
  grpc::ClientContext context;
  SetDeadline(context, deadline_ms);
  v1::RenewRequest request;
  request.set_ledger(std::string(replica.identity().ledger.bytes()));
  request.set_key(replica.key().public_key());
  request.set_challenge(challenge.challenge());
  request.set_proof(sync::ProveRenewal(replica.key(), challenge.challenge()));
  v1::Certification certification;
  status = stub->Renew(&context, request, &certification);
  return Taken(replica, line, status, certification);
}

}  // namespace twinning::client

#include "client/rpc/enrol.h"

#include <fmt/core.h>
#include <grpcpp/client_context.h>

#include <chrono>

#include "client/rpc/channel.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"
#include "twinning/v1/enrolment.grpc.pb.h"

namespace twinning::client {
namespace {

v1::EnrolRequest RequestFor(const v1::Invitation& invitation, const SigningKey& key,
                            const std::string& member) {
  v1::EnrolRequest request;
  request.set_secret(invitation.secret());
  request.set_key(key.public_key());
  request.set_member(member);
  request.set_proof(sync::ProveKey(key, invitation.secret()));
  return request;
}

absl::Status Failed(const std::string& address, const grpc::Status& status) {
  std::string sentence = SentenceOf(address, status);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE ||
      status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Unavailable(sentence + " The key made for you is kept: join again with the same code.");
  }
  return FailedPrecondition(sentence);
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
  return identity;
}

}  // namespace

absl::StatusOr<Identity> Enrol(const v1::Invitation& invitation, const SigningKey& key,
                               const std::string& member, int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel,
                            MakeChannel(invitation.address()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
  v1::EnrolResponse response;
  grpc::Status status = v1::Enrolment::NewStub(channel)->Enrol(
      &context, RequestFor(invitation, key, member), &response);
  if (!status.ok()) return Failed(invitation.address(), status);
  TWINNING_ASSIGN_OR_RETURN(Identity identity, IdentityOf(response, key));
  identity.member = member;
  identity.server = invitation.address();
  return identity;
}

}  // namespace twinning::client

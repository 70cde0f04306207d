#include "server/enrolment/enrolment.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"

namespace twinning::server {
namespace {

absl::Status CheckUsable(const std::optional<Invited>& invited, const std::string& key,
                         int64_t now_ms) {
  if (!invited) return NotFound("this server has not given out that invitation: ask for a new one");
  if (!invited->redeemed_key.empty()) {
    if (invited->redeemed_key == key) return absl::OkStatus();
    return AlreadyExists(fmt::format(
        "this invitation was used at {} UTC: if that was not you, tell the server's operator at "
        "once; otherwise ask for a new one",
        FormatTime(invited->redeemed_ms)));
  }
  if (now_ms <= invited->expires_ms) return absl::OkStatus();
  return FailedPrecondition(fmt::format("this invitation ended at {} UTC: ask for a new one",
                                        FormatTime(invited->expires_ms)));
}

v1::EnrolResponse Answer(const plan::Plan& plan, const Invited& invited, const std::string& key,
                         twinning::Sequence sequence) {
  v1::EnrolResponse response;
  response.set_ledger(std::string(invited.ledger.bytes()));
  response.set_replica(std::string(ReplicaOfKey(key).bytes()));
  response.set_town(std::string(invited.town.bytes()));
  if (const plan::Town* town = plan.FindTown(invited.town)) response.set_town_name(town->name);
  response.set_partnership_name(plan.name());
  response.set_sequence(sequence);
  return response;
}

}  // namespace

absl::StatusOr<v1::EnrolResponse> Enrolment::Sequence(Sequencer& sequencer,
                                                      const v1::EnrolRequest& request) {
  if (!sync::CheckProof(request.key(), request.secret(), request.proof())) {
    return InvalidArgument("the enrolment is not signed by the key that it enrols");
  }
  Hash secret = sync::SecretHash(request.secret());
  TWINNING_ASSIGN_OR_RETURN(std::optional<Invited> invited, book_.Find(secret));
  TWINNING_RETURN_IF_ERROR(CheckUsable(invited, request.key(), sequencer.now_ms()));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(invited->ledger));
  // Sequenced first, but durable after the invitation is: whatever happens in between, the same key
  // may ask again, and no other.
  TWINNING_ASSIGN_OR_RETURN(
      twinning::Sequence sequence,
      partnership->Enrol({invited->town, request.member(), request.key(), invited->role},
                         sequencer.now_ms()));
  if (invited->redeemed_key.empty()) {
    TWINNING_RETURN_IF_ERROR(book_.Redeem(secret, request.key(), sequencer.now_ms()));
  }
  return Answer(partnership->plan(), *invited, request.key(), sequence);
}

void Enrolment::Enrol(Sequencer& sequencer, const v1::EnrolRequest& request, Done done) {
  absl::StatusOr<v1::EnrolResponse> response = Sequence(sequencer, request);
  if (!response.ok()) return done(response.status());
  std::optional<LedgerId> ledger = LedgerId::Of(response->ledger());
  sequencer.WhenDurable(*ledger, response->sequence(),
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

}  // namespace twinning::server

#include "server/enrolment/enrolment.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"

namespace twinning::server {
namespace {

std::string TownName(const plan::Plan& plan, const TownId& id) {
  const plan::Town* town = plan.FindTown(id);
  return town == nullptr ? "a town" : town->name;
}

v1::EnrolResponse Answer(const plan::Plan& plan, const sync::NewMember& member,
                         twinning::Sequence sequence) {
  v1::EnrolResponse response;
  response.set_ledger(std::string(plan.ledger().bytes()));
  response.set_replica(std::string(ReplicaOfKey(member.key).bytes()));
  response.set_town(std::string(member.town.bytes()));
  if (const plan::Town* town = plan.FindTown(member.town)) response.set_town_name(town->name);
  response.set_partnership_name(plan.name());
  response.set_sequence(sequence);
  return response;
}

}  // namespace

// --- Invitations --------------------------------------------------------------------------------

// The second key of an invitation is a mistake, or somebody who read it on the way: people must
// hear.
absl::Status Enrolment::CheckUsable(const std::optional<Invited>& invited,
                                    const v1::EnrolRequest& request,
                                    sync::ServerPartnership* partnership, int64_t now_ms) {
  if (!invited || partnership == nullptr) {
    return NotFound("this server has not given out that invitation: ask for a new one");
  }
  if ((!request.ledger().empty() && request.ledger() != invited->ledger.bytes()) ||
      (!request.town().empty() && request.town() != invited->town.bytes())) {
    return FailedPrecondition(
        "this invitation is for another partnership or town than the replica's");
  }
  const std::string town = TownName(partnership->plan(), invited->town);
  if (!invited->redeemed_key.empty()) {
    if (invited->redeemed_key == request.key()) return absl::OkStatus();
    records_.audit.Note("invitation used again by another key",
                        {{"partnership", partnership->plan().name()},
                         {"town", town},
                         {"used_by", invited->redeemed_by},
                         {"used_at", FormatTime(invited->redeemed_ms)},
                         {"tried_by", request.member()}});
    return AlreadyExists(fmt::format(
        "this invitation was used at {} UTC by {} of {}: if that was not you, tell the server's "
        "operator at once; otherwise ask for a new one",
        FormatTime(invited->redeemed_ms), invited->redeemed_by, town));
  }
  if (invited->withdrawn_ms != 0) {
    return FailedPrecondition(
        fmt::format("this invitation was withdrawn at {} UTC: ask for a new "
                    "one",
                    FormatTime(invited->withdrawn_ms)));
  }
  if (now_ms <= invited->expires_ms) return absl::OkStatus();
  return FailedPrecondition(fmt::format("this invitation ended at {} UTC: ask for a new one",
                                        FormatTime(invited->expires_ms)));
}

absl::StatusOr<v1::EnrolResponse> Enrolment::SequenceMember(sync::ServerPartnership& partnership,
                                                            const sync::NewMember& member,
                                                            int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(twinning::Sequence sequence, partnership.Enrol(member, now_ms));
  v1::EnrolResponse response = Answer(partnership.plan(), member, sequence);
  TWINNING_ASSIGN_OR_RETURN(*response.mutable_certification(), Certify(member.key, now_ms));
  records_.audit.Note("replica enrolled", {{"partnership", partnership.plan().name()},
                                           {"town", response.town_name()},
                                           {"member", member.name},
                                           {"replica", HexOf(response.replica())}});
  return response;
}

absl::StatusOr<v1::EnrolResponse> Enrolment::Sequence(Sequencer& sequencer,
                                                      const v1::EnrolRequest& request) {
  if (!request.invitation().empty()) return SequenceInvited(sequencer, request);
  if (!sync::CheckProof(request.key(), request.secret(), request.proof())) {
    return InvalidArgument("the enrolment is not signed by the key that it enrols");
  }
  const int64_t now_ms = sequencer.now_ms();
  Hash secret = sync::SecretHash(request.secret());
  TWINNING_ASSIGN_OR_RETURN(std::optional<Invited> invited, records_.book.Find(secret));
  sync::ServerPartnership* partnership = nullptr;
  if (invited) {
    TWINNING_ASSIGN_OR_RETURN(partnership, sequencer.Find(invited->ledger));
  }
  TWINNING_RETURN_IF_ERROR(CheckUsable(invited, request, partnership, now_ms));
  if (records_.revoked.Contains(invited->ledger, ReplicaOfKey(request.key()))) return NoMember();
  const sync::NewMember member{invited->town, request.member(), request.key(), invited->role};
  TWINNING_RETURN_IF_ERROR(partnership->CheckNew(member));
  // The invitation is bound to the key before there is a member: whatever happens in between, the
  // same key may ask again, and no other.
  if (invited->redeemed_key.empty()) {
    TWINNING_RETURN_IF_ERROR(records_.book.Redeem(secret, request.key(), request.member(), now_ms));
  }
  return SequenceMember(*partnership, member, now_ms);
}

void Enrolment::Enrol(Sequencer& sequencer, const v1::EnrolRequest& request,
                      Done<v1::EnrolResponse> done) {
  absl::StatusOr<v1::EnrolResponse> response = Sequence(sequencer, request);
  if (!response.ok()) return done(response.status());
  std::optional<LedgerId> ledger = LedgerId::Of(response->ledger());
  sequencer.WhenDurable(*ledger, response->sequence(),
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

// --- Certificates -------------------------------------------------------------------------------

v1::ChallengeResponse Enrolment::MakeChallenge(int64_t now_ms) const {
  v1::ChallengeResponse response;
  response.set_challenge(challenges_.Make(now_ms));
  return response;
}

absl::Status Enrolment::NoMember() {
  return absl::PermissionDeniedError(
      "the server does not know this partnership, or this replica may not see it");
}

absl::Status Enrolment::CheckMember(Sequencer& sequencer, const LedgerId& ledger,
                                    const std::string& key) {
  absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(ledger);
  if (absl::IsNotFound(partnership.status())) return NoMember();
  if (!partnership.ok()) return partnership.status();
  const ReplicaId replica = ReplicaOfKey(key);
  const plan::Member* member = (*partnership)->plan().FindMember(replica);
  if (member == nullptr || member->key != key) return NoMember();
  if (member->revoked != 0 || records_.revoked.Contains(ledger, replica)) {
    return absl::PermissionDeniedError("this replica has been revoked");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Certification> Enrolment::RenewFor(Sequencer& sequencer,
                                                      const std::string& ledger,
                                                      const std::string& key) {
  std::optional<LedgerId> id = LedgerId::Of(ledger);
  if (!id) return NoMember();
  TWINNING_RETURN_IF_ERROR(CheckMember(sequencer, *id, key));
  return Certify(key, sequencer.now_ms());
}

absl::StatusOr<v1::Certification> Enrolment::Renew(Sequencer& sequencer,
                                                   const v1::RenewRequest& request) {
  const int64_t now_ms = sequencer.now_ms();
  if (!challenges_.Holds(request.challenge(), now_ms)) {
    return FailedPrecondition("the challenge was not given by this server, or is too old");
  }
  if (!sync::CheckRenewal(request.key(), request.challenge(), request.proof())) {
    return InvalidArgument("the request is not signed by the key that it names");
  }
  std::optional<LedgerId> ledger = LedgerId::Of(request.ledger());
  if (!ledger) return NoMember();
  TWINNING_RETURN_IF_ERROR(CheckMember(sequencer, *ledger, request.key()));
  TWINNING_ASSIGN_OR_RETURN(int64_t ended_ms,
                            records_.book.CertifiedUntil(ReplicaOfKey(request.key())));
  if (ended_ms != 0 && now_ms > ended_ms + kGrace_ms) {
    return FailedPrecondition(fmt::format(
        "this replica's last certificate ended at {} UTC, more than {} days ago: ask the server's "
        "operator for an invitation, and use it with \"twinning rehome CODE\"",
        FormatTime(ended_ms), kGrace_ms / kDay_ms));
  }
  return Certify(request.key(), now_ms);
}

absl::StatusOr<v1::Certification> Enrolment::Certify(const std::string& key, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate certificate,
                            records_.authority.CertifyReplica(key, now_ms));
  TWINNING_RETURN_IF_ERROR(
      records_.book.NoteCertified(ReplicaOfKey(key), certificate.valid_until_ms()));
  v1::Certification certification;
  certification.set_certificate(certificate.der());
  for (const tls::Certificate& authority : records_.authority.trusted()) {
    certification.add_authorities(authority.der());
  }
  certification.set_server(addresses_.sync);
  certification.set_enrolment(addresses_.enrolment);
  return certification;
}

}  // namespace twinning::server

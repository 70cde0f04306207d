// Enrolling by a coordinator's invitation. It stands in the ledger, so there is nothing to keep
// beside: whom it was used by is the membership that it led to.
#include <fmt/core.h>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/plan/mandate.h"
#include "common/plan/titles.h"
#include "common/sync/invitation.h"
#include "server/enrolment/enrolment.h"

namespace twinning::server {
namespace {

absl::Status Unknown() {
  return NotFound(
      "no coordinator has made that invitation here, or it has not reached this server "
      "yet: ask who invited you to sync, or for a new one");
}

struct Known {
  const plan::Town* town = nullptr;
  const plan::Invite* invite = nullptr;
};

Known FindAny(const plan::Plan& plan, const std::string& key) {
  for (const plan::Town& town : plan.towns()) {
    for (const plan::Invite& invite : town.invites) {
      if (invite.key == key) return {&town, &invite};
    }
  }
  return {};
}

}  // namespace

// The second key of an invitation is a mistake, or somebody who read it on the way: people must
// hear.
absl::Status Enrolment::CheckOpen(const plan::Plan& plan, const plan::Invite& invite,
                                  const v1::EnrolRequest& request, int64_t now_ms) {
  if (invite.used_by == ReplicaOfKey(request.key())) return absl::OkStatus();
  if (const plan::Member* member = plan.FindMember(invite.used_by)) {
    const std::string town = plan::TownName(plan, member->town);
    records_.audit.Note("invitation used again by another key", {{"partnership", plan.name()},
                                                                 {"town", town},
                                                                 {"used_by", member->name},
                                                                 {"tried_by", request.member()}});
    return AlreadyExists(
        fmt::format("this invitation was used by {} of {}: if that was not you, tell the town's "
                    "coordinator at once; otherwise ask for a new one",
                    member->name, town));
  }
  if (!plan::IsOpen(plan.roster(), invite)) {
    return FailedPrecondition("this invitation was withdrawn by the town: ask for a new one");
  }
  if (now_ms <= invite.expires_ms) return absl::OkStatus();
  return FailedPrecondition(fmt::format("this invitation ended at {} UTC: ask for a new one",
                                        FormatTime(invite.expires_ms)));
}

absl::StatusOr<v1::EnrolResponse> Enrolment::SequenceInvited(Sequencer& sequencer,
                                                             const v1::EnrolRequest& request) {
  if (!sync::CheckProof(request.key(), request.invitation(), request.proof())) {
    return InvalidArgument("the enrolment is not signed by the key that it enrols");
  }
  std::optional<LedgerId> ledger = LedgerId::Of(request.ledger());
  if (!ledger) return Unknown();
  absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(*ledger);
  if (absl::IsNotFound(partnership.status())) return Unknown();
  if (!partnership.ok()) return partnership.status();
  const plan::Plan& plan = (*partnership)->plan();
  const Known known = FindAny(plan, request.invitation());
  if (known.invite == nullptr) return Unknown();
  if (!request.town().empty() && request.town() != known.town->id.bytes()) {
    return FailedPrecondition("this invitation is for another town than the replica's");
  }
  TWINNING_RETURN_IF_ERROR(CheckOpen(plan, *known.invite, request, sequencer.now_ms()));
  if (records_.revoked.Contains(*ledger, ReplicaOfKey(request.key()))) return NoMember();
  const sync::NewMember member{known.town->id,     request.member(),     request.key(),
                               known.invite->role, request.invitation(), request.invited()};
  return SequenceMember(**partnership, member, sequencer.now_ms());
}

}  // namespace twinning::server

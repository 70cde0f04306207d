// Invitations given out, who is shut out, and what an operator can look up about both.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/plan/mandate.h"
#include "common/plan/people.h"
#include "common/plan/titles.h"
#include "common/sync/invitation.h"
#include "server/admin/invitation_id.h"
#include "server/admin/office.h"
#include "server/clocks.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

constexpr size_t kMostInvitations = 1000;
constexpr size_t kMostAuditLines = 1000;

v1::InvitationInfo::State StateOf(const Invited& invited, int64_t now_ms) {
  if (!invited.redeemed_key.empty()) return v1::InvitationInfo::USED;
  if (invited.withdrawn_ms != 0) return v1::InvitationInfo::WITHDRAWN;
  return now_ms > invited.expires_ms ? v1::InvitationInfo::ENDED : v1::InvitationInfo::OPEN;
}

v1::InvitationInfo InfoOf(const plan::Plan& plan, const Invited& invited, int64_t now_ms) {
  v1::InvitationInfo info;
  info.set_id(InvitationId(invited.secret));
  info.set_town(plan::TownName(plan, invited.town));
  info.set_role(invited.role);
  info.set_state(StateOf(invited, now_ms));
  info.set_made_ms(invited.made_ms);
  info.set_expires_ms(invited.expires_ms);
  info.set_used_by(invited.redeemed_by);
  info.set_used_ms(invited.redeemed_ms);
  info.set_withdrawn_ms(invited.withdrawn_ms);
  return info;
}

// A coordinator's, as the ledger has it.
v1::InvitationInfo InfoOf(const plan::Plan& plan, const plan::Town& town,
                          const plan::Invite& invite, int64_t now_ms) {
  v1::InvitationInfo info;
  info.set_id(HexOf(invite.key).substr(0, 8));
  info.set_town(town.name);
  info.set_role(invite.role);
  info.set_expires_ms(invite.expires_ms);
  if (const plan::Member* by = plan.FindMember(invite.by)) info.set_by(by->name);
  if (!invite.used_by.empty()) {
    info.set_state(v1::InvitationInfo::USED);
    if (const plan::Member* member = plan.FindMember(invite.used_by)) {
      info.set_used_by(member->name);
    }
  } else if (!plan::IsOpen(plan.roster(), invite)) {
    info.set_state(v1::InvitationInfo::WITHDRAWN);
  } else {
    info.set_state(now_ms > invite.expires_ms ? v1::InvitationInfo::ENDED
                                              : v1::InvitationInfo::OPEN);
  }
  return info;
}

}  // namespace

// --- Invitations --------------------------------------------------------------------------------

absl::StatusOr<v1::ListInvitationsResponse> Office::Invitations(Sequencer& sequencer,
                                                                const std::string& partnership) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, partnership));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(ledger));
  TWINNING_ASSIGN_OR_RETURN(std::vector<Invited> all, records_.book.List(ledger, kMostInvitations));
  v1::ListInvitationsResponse response;
  for (const Invited& invited : all) {
    *response.add_invitations() = InfoOf(found->plan(), invited, sequencer.now_ms());
  }
  for (const plan::Town& town : found->plan().towns()) {
    for (auto invite = town.invites.rbegin(); invite != town.invites.rend(); ++invite) {
      *response.add_invitations() = InfoOf(found->plan(), town, *invite, sequencer.now_ms());
    }
  }
  return response;
}

absl::StatusOr<v1::InvitationInfo> Office::Withdraw(Sequencer& sequencer, const std::string& id,
                                                    const std::string& by) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<Invited> all, records_.book.List({}, kMostInvitations));
  std::erase_if(all, [&](const Invited& one) {
    return id.size() < plan::kShortest || !InvitationId(one.secret).starts_with(id);
  });
  if (all.size() != 1) {
    return NotFound(fmt::format(
        "there is no one invitation {}: \"twinningctl invitations list PARTNERSHIP\" shows those "
        "there are",
        id));
  }
  Invited& invited = all.front();
  if (!invited.redeemed_key.empty()) {
    return FailedPrecondition(fmt::format(
        "this invitation was used by {} at {} UTC: to shut that replica out, use \"twinningctl "
        "revoke PARTNERSHIP {}\"",
        invited.redeemed_by, FormatTime(invited.redeemed_ms),
        ReplicaOfKey(invited.redeemed_key).hex()));
  }
  TWINNING_RETURN_IF_ERROR(records_.book.Withdraw(invited.secret, sequencer.now_ms()));
  invited.withdrawn_ms = sequencer.now_ms();
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(invited.ledger));
  records_.audit.Note("invitation withdrawn",
                      {{"by", by},
                       {"partnership", found->plan().name()},
                       {"town", plan::TownName(found->plan(), invited.town)},
                       {"invitation", InvitationId(invited.secret)}});
  return InfoOf(found->plan(), invited, sequencer.now_ms());
}

// --- Who is shut out ----------------------------------------------------------------------------

absl::StatusOr<v1::RevokeResponse> Office::ShutOut(Sequencer& sequencer, const LedgerId& ledger,
                                                   const std::string& who, const std::string& by) {
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(ledger));
  const plan::Plan& plan = partnership->plan();
  TWINNING_ASSIGN_OR_RETURN(std::vector<const plan::Member*> meant,
                            plan::Meant(plan, who, "nobody was revoked"));
  meant = plan::WithCopies(plan.roster(), std::move(meant));
  v1::RevokeResponse response;
  for (const plan::Member* member : meant) {
    v1::RevokeResponse::Replica& replica = *response.add_replicas();
    replica.set_replica(std::string(member->replica.bytes()));
    replica.set_member(member->name);
    replica.set_town(plan::TownName(plan, member->town));
  }
  for (v1::RevokeResponse::Replica& replica : *response.mutable_replicas()) {
    const ReplicaId id = *ReplicaId::Of(replica.replica());
    TWINNING_RETURN_IF_ERROR(records_.revoked.Add({ledger, id, sequencer.now_ms()}));
    records_.cut(id);
    records_.audit.Note("replica revoked", {{"by", by},
                                            {"partnership", plan.name()},
                                            {"town", replica.town()},
                                            {"member", replica.member()},
                                            {"replica", id.hex()}});
    // It is shut out already; when the ledger takes no entries now, RepeatRevocations says it
    // later.
    absl::StatusOr<twinning::Sequence> sequence = partnership->Revoke(id, sequencer.now_ms());
    replica.set_sequence(sequence.value_or(0));
  }
  return response;
}

void Office::Revoke(Sequencer& sequencer, const v1::RevokeRequest& request, const std::string& by,
                    Done<v1::RevokeResponse> done) {
  absl::StatusOr<LedgerId> ledger = Resolve(sequencer, request.partnership());
  if (!ledger.ok()) return done(ledger.status());
  absl::StatusOr<v1::RevokeResponse> response = ShutOut(sequencer, *ledger, request.who(), by);
  if (!response.ok()) return done(response.status());
  twinning::Sequence last = 0;
  for (const v1::RevokeResponse::Replica& replica : response->replicas()) {
    last = std::max(last, replica.sequence());
  }
  sequencer.WhenDurable(*ledger, last,
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

void Office::KeepShutOut(const LedgerId& ledger, const plan::Plan& plan, const ReplicaId& replica) {
  if (records_.revoked.Contains(ledger, replica)) return;
  const plan::Member* member = plan.FindMember(replica);
  if (member == nullptr) return;
  absl::Status kept = records_.revoked.Add({ledger, replica, NowMs()});
  if (!kept.ok()) LogError("a replica that its town shut out was not noted: " + MessageOf(kept));
  records_.cut(replica);
  records_.audit.Note("replica dismissed by its town",
                      {{"partnership", plan.name()},
                       {"town", plan::TownName(plan, member->town)},
                       {"member", member->name},
                       {"replica", replica.hex()}});
}

void Office::RepeatRevocations(Sequencer& sequencer) {
  for (const Revoked& revoked : records_.revoked.all()) {
    absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(revoked.ledger);
    if (!partnership.ok()) continue;
    const plan::Member* member = (*partnership)->plan().FindMember(revoked.replica);
    if (member == nullptr || member->revoked != 0) continue;
    absl::Status repeated = (*partnership)->Revoke(revoked.replica, sequencer.now_ms()).status();
    if (!repeated.ok()) continue;
    LogWarning(fmt::format("{}: the ledger had forgotten that {} is revoked; said again",
                           (*partnership)->plan().name(), revoked.replica.hex()));
  }
}

absl::StatusOr<v1::RehomeCodeResponse> Office::RehomeCode() const {
  TWINNING_RETURN_IF_ERROR(CheckEnrolment());
  v1::Invitation place;
  place.set_address(addresses_.enrolment);
  place.set_fingerprint(std::string(records_.authority.fingerprint().bytes()));
  v1::RehomeCodeResponse response;
  response.set_code(sync::FormatInvitation(place));
  return response;
}

v1::CertificatesResponse Office::Certificates() const {
  v1::CertificatesResponse response;
  for (const CertificateReport& report : records_.upkeep.Report()) {
    v1::CertificatesResponse::Certificate& one = *response.add_certificates();
    one.set_what(report.what);
    one.set_fingerprint(HexOf(report.certificate.fingerprint().bytes()));
    one.set_from_ms(report.certificate.valid_from_ms());
    one.set_until_ms(report.certificate.valid_until_ms());
  }
  return response;
}

absl::StatusOr<v1::AuditResponse> Office::Audit(const v1::AuditRequest& request) const {
  v1::AuditResponse response;
  size_t most = request.lines_max() == 0 ? kMostAuditLines : request.lines_max();
  TWINNING_ASSIGN_OR_RETURN(std::vector<std::string> lines,
                            records_.audit.Last(std::min(most, kMostAuditLines)));
  for (std::string& line : lines) response.add_lines(std::move(line));
  return response;
}

}  // namespace twinning::server

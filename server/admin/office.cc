#include "server/admin/office.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/plan/mandate.h"
#include "common/plan/people.h"
#include "common/sync/invitation.h"
#include "common/words/words.h"
#include "server/admin/invitation_id.h"
#include "server/admin/recovery.h"
#include "server/enrolment/random.h"

namespace twinning::server {
namespace {

constexpr int64_t kInvitationLife_ms = 72LL * 60 * 60 * 1000;  // unless a shorter one is asked for
constexpr size_t kLogPage = 200;

const plan::Town* TownNamed(const plan::Plan& plan, const std::string& name) {
  for (const plan::Town& town : plan.towns()) {
    if (town.name == name) return &town;
  }
  return nullptr;
}

bool HasMembers(const plan::Plan& plan, const TownId& town) {
  return std::any_of(plan.members().begin(), plan.members().end(),
                     [&](const plan::Member& member) { return member.town == town; });
}

absl::Status CheckInvite(const v1::InviteRequest& request) {
  if (!v1::Role_IsValid(request.role())) return InvalidArgument("there is no such role");
  if (request.life_ms() < 0 || request.life_ms() > kInvitationLife_ms) {
    return InvalidArgument("an invitation lives for at most 72 hours");
  }
  return absl::OkStatus();
}

v1::LogLine LineOf(const plan::Plan& plan, const v1::Entry& entry) {
  words::Account account = words::AccountOf(plan, entry);
  v1::LogLine line;
  line.set_sequence(entry.sequence());
  line.set_time_ms(entry.time_ms());
  line.set_who(account.who);
  line.set_town(account.town);
  for (const std::string& what : account.what) line.add_what(what);
  return line;
}

}  // namespace

v1::PartnershipInfo InfoOf(const sync::ServerPartnership& partnership) {
  const plan::Plan& plan = partnership.plan();
  v1::PartnershipInfo info;
  info.set_ledger(std::string(plan.ledger().bytes()));
  info.set_name(plan.name());
  info.set_sequence(partnership.durable().sequence);
  for (const plan::Town& town : plan.towns()) info.add_towns(town.name);
  for (const plan::Member& member : plan.members()) {
    if (member.revoked == 0) info.set_replicas(info.replicas() + 1);
  }
  info.set_archived_ms(partnership.archived_ms());
  return info;
}

void Office::Create(Sequencer& sequencer, const std::string& name, const std::string& by,
                    Done<v1::PartnershipInfo> done) {
  absl::StatusOr<v1::ListPartnershipsResponse> known = List(sequencer);
  if (!known.ok()) return done(known.status());
  for (const v1::PartnershipInfo& other : known->partnerships()) {
    if (other.name() == name) {
      return done(AlreadyExists(fmt::format("there is a partnership \"{}\" already", name)));
    }
  }
  LedgerId ledger = RandomId<LedgerId>();
  if (absl::Status founded = sequencer.Found(ledger, name); !founded.ok()) return done(founded);
  records_.audit.Note("partnership founded", {{"by", by}, {"partnership", name}});
  sequencer.WhenDurable(
      ledger, 1, [&sequencer, ledger, done = std::move(done)](const absl::Status& durable) {
        if (!durable.ok()) return done(durable);
        absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(ledger);
        if (!partnership.ok()) return done(partnership.status());
        done(InfoOf(**partnership));
      });
}

absl::StatusOr<v1::ListPartnershipsResponse> Office::List(Sequencer& sequencer) {
  v1::ListPartnershipsResponse response;
  TWINNING_ASSIGN_OR_RETURN(std::vector<Partnership> all, sequencer.Partnerships());
  for (const Partnership& one : all) {
    TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(one.ledger));
    *response.add_partnerships() = InfoOf(*partnership);
  }
  return response;
}

absl::StatusOr<LedgerId> Office::Resolve(Sequencer& sequencer, const std::string& partnership) {
  TWINNING_ASSIGN_OR_RETURN(v1::ListPartnershipsResponse all, List(sequencer));
  std::vector<LedgerId> found;
  for (const v1::PartnershipInfo& one : all.partnerships()) {
    LedgerId ledger = *LedgerId::Of(one.ledger());
    if (one.name() == partnership) return ledger;
    bool begins = one.name().starts_with(partnership) || ledger.hex().starts_with(partnership);
    if (begins && partnership.size() >= plan::kShortest) found.push_back(ledger);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return NotFound(fmt::format(
        "there is no partnership \"{}\" here: \"twinningctl partnership list\" shows those there "
        "are",
        partnership));
  }
  return InvalidArgument(
      fmt::format("{} partnerships begin with {}: give more of it", found.size(), partnership));
}

absl::Status Office::CheckEnrolment() const {
  if (!addresses_.enrolment.empty()) return absl::OkStatus();
  return FailedPrecondition(
      "the server takes no enrolments now, so nobody could use a code: start it with --enrol");
}

absl::StatusOr<v1::InviteResponse> Office::MakeInvitation(Sequencer& sequencer,
                                                          const LedgerId& ledger,
                                                          const v1::InviteRequest& request,
                                                          const std::string& by) {
  TWINNING_RETURN_IF_ERROR(CheckInvite(request));
  TWINNING_RETURN_IF_ERROR(CheckEnrolment());
  const std::string& town = request.town();
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(ledger));
  v1::InviteResponse response;
  if (TownNamed(partnership->plan(), town) == nullptr) {
    TWINNING_RETURN_IF_ERROR(partnership->AdmitTown(RandomId<TownId>(), town, sequencer.now_ms()));
    response.set_town_admitted(true);
  }
  Invited invited;
  invited.ledger = ledger;
  invited.town = TownNamed(partnership->plan(), town)->id;
  const bool leaderless = plan::HasNobodyToSpeak(partnership->plan().roster(), invited.town);
  const v1::Role usual = leaderless ? v1::COORDINATOR : v1::REPRESENTATIVE;
  invited.role = request.role() == v1::ROLE_UNSPECIFIED ? usual : request.role();
  response.set_confirmed(!HasMembers(partnership->plan(), invited.town));
  if (response.confirmed()) invited.role = v1::COORDINATOR;
  response.set_role(invited.role);
  invited.made_ms = sequencer.now_ms();
  invited.expires_ms =
      invited.made_ms + (request.life_ms() == 0 ? kInvitationLife_ms : request.life_ms());
  v1::Invitation invitation;
  invitation.set_address(addresses_.enrolment);
  invitation.set_fingerprint(std::string(records_.authority.fingerprint().bytes()));
  invitation.set_secret(RandomBytes(sync::kSecretSize));
  TWINNING_RETURN_IF_ERROR(records_.book.Add(sync::SecretHash(invitation.secret()), invited));
  records_.audit.Note("invited", {{"by", by},
                                  {"partnership", partnership->plan().name()},
                                  {"town", town},
                                  {"role", v1::Role_Name(invited.role)},
                                  {"until", FormatTime(invited.expires_ms)}});
  response.set_code(sync::FormatInvitation(invitation));
  response.set_id(InvitationId(sync::SecretHash(invitation.secret())));
  response.set_expires_ms(invited.expires_ms);
  return response;
}

void Office::Invite(Sequencer& sequencer, const v1::InviteRequest& request, const std::string& by,
                    Done<v1::InviteResponse> done) {
  absl::StatusOr<LedgerId> ledger = Resolve(sequencer, request.partnership());
  if (!ledger.ok()) return done(ledger.status());
  absl::StatusOr<v1::InviteResponse> response = MakeInvitation(sequencer, *ledger, request, by);
  if (!response.ok()) return done(response.status());
  absl::StatusOr<sync::ServerPartnership*> partnership = sequencer.Find(*ledger);
  if (!partnership.ok()) return done(partnership.status());
  sequencer.WhenDurable(*ledger, (*partnership)->head().sequence,
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

absl::StatusOr<std::vector<v1::LogLine>> Office::Log(Sequencer& sequencer, const LedgerId& ledger,
                                                     Sequence after) {
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(ledger));
  TWINNING_ASSIGN_OR_RETURN(std::vector<v1::Entry> entries,
                            sequencer.Read(ledger, after, kLogPage));
  std::vector<v1::LogLine> lines;
  for (const v1::Entry& entry : entries) lines.push_back(LineOf(partnership->plan(), entry));
  return lines;
}

absl::StatusOr<v1::RecoveryReport> Office::BeginRecovery(Sequencer& sequencer,
                                                         const std::string& partnership,
                                                         const std::string& by) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, partnership));
  TWINNING_ASSIGN_OR_RETURN(v1::RecoveryReport report, server::BeginRecovery(sequencer, ledger));
  records_.audit.Note("recovery begun", {{"by", by}, {"partnership", report.name()}});
  return report;
}

void Office::FinishRecovery(Sequencer& sequencer, const std::string& partnership,
                            const std::string& by, Done<v1::RecoveryReport> done) {
  absl::StatusOr<LedgerId> ledger = Resolve(sequencer, partnership);
  if (!ledger.ok()) return done(ledger.status());
  server::FinishRecovery(
      sequencer, *ledger,
      [this, by, done = std::move(done)](absl::StatusOr<v1::RecoveryReport> report) {
        if (report.ok()) {
          records_.audit.Note("recovery finished", {{"by", by}, {"partnership", report->name()}});
        }
        done(std::move(report));
      });
}

}  // namespace twinning::server

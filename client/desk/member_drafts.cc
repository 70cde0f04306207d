// Drafts by which a town decides on its members.
#include <fmt/core.h>

#include <algorithm>

#include "client/desk/exit_codes.h"
#include "client/desk/members.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/crypto/spoken.h"
#include "common/plan/people.h"
#include "common/plan/titles.h"
#include "common/sync/invitation.h"
#include "common/tls/certificate.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

constexpr int64_t kInviteLife_ms = 72LL * 60 * 60 * 1000;

// A failure names who may be meant.
absl::StatusOr<std::vector<const plan::Member*>> MeantBy(const plan::Plan& view,
                                                         std::string_view who) {
  auto meant = plan::Meant(view, std::string(who), "nothing was changed");
  if (!meant.ok()) return BadInput(Sentence(Capitalised(MessageOf(meant.status()))));
  return meant;
}

absl::StatusOr<const plan::Member*> Author(const client::Replica& replica, const plan::Plan& view) {
  const plan::Member* own = view.FindMember(replica.identity().replica);
  if (own == nullptr) return Refused("This replica is no member yet: sync first.");
  return own;
}

// One edit a replica of the person that is meant.
absl::StatusOr<Draft> DraftOf(const client::Replica& replica, const plan::Plan& view,
                              const std::vector<const plan::Member*>& meant,
                              const v1::MandateStatement& said) {
  TWINNING_ASSIGN_OR_RETURN(const plan::Member* own, Author(replica, view));
  Draft draft;
  for (const plan::Member* member : meant) {
    v1::MandateStatement one = said;
    one.set_key(member->key);
    if (said.decision() == v1::MandateStatement::APPOINT && said.role() == v1::ROLE_UNSPECIFIED) {
      one.set_role(member->role);
    }
    draft.edits.push_back(plan::MandateEdit(view, *own, replica.key(), member->town, one));
  }
  return draft;
}

absl::Status CheckWords(const plan::Plan& view, const plan::Member& member,
                        const std::string& words) {
  if (!BytesOfSpoken(words)) {
    return BadInput(
        "A key is read out as eight words of five letters, as twinning members shows it.");
  }
  if (SpokenMatches(words, Sha256(member.key))) return absl::OkStatus();
  return Refused(fmt::format(
      "The key of {} here is {}: not what was read out. Somebody else may have taken that "
      "place: agree to nothing, and tell {} and the server's operator.",
      member.name, WordsOf(member), plan::TownName(view, member.town)));
}

absl::StatusOr<std::string> CodeFor(const client::Replica& replica, v1::Invitation& invitation) {
  const v1::Certification& held = replica.identity().certification;
  if (held.enrolment().empty() || held.authorities().empty()) {
    return Refused("The server takes no enrolments now: ask its operator to switch them on.");
  }
  // Those to be trusted come oldest first.
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate newest,
                            tls::Certificate::OfDer(*held.authorities().rbegin()));
  invitation.set_address(held.enrolment());
  invitation.set_fingerprint(std::string(newest.fingerprint().bytes()));
  return sync::FormatInvitation(invitation);
}

}  // namespace

absl::StatusOr<v1::Role> RoleNamed(std::string_view name) {
  for (v1::Role role : {v1::VIEWER, v1::EDITOR, v1::REPRESENTATIVE, v1::COORDINATOR}) {
    if (words::RoleName(role) == name) return role;
  }
  return BadInput(
      fmt::format("There is no role \"{}\": viewer, editor, representative (may agree and "
                  "sign for the town) or coordinator (may invite and revoke for it).",
                  name));
}

absl::StatusOr<Draft> DraftToConfirmMember(const client::Replica& replica, const plan::Plan& view,
                                           std::string_view who,
                                           const std::optional<std::string>& words) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<const plan::Member*> meant, MeantBy(view, who));
  const bool own = meant.front()->town == replica.identity().town;
  if (words && meant.size() > 1) {
    return BadInput(
        fmt::format("{} has several replicas, each with words of its own: give the id of "
                    "the one that they are of.",
                    meant.front()->name));
  }
  if (words) TWINNING_RETURN_IF_ERROR(CheckWords(view, *meant.front(), *words));
  std::erase_if(meant, [&](const plan::Member* member) {
    return own ? member->confirmed()
               : plan::ComparedBy(view.roster(), *member, replica.identity().town);
  });
  if (meant.empty()) return Refused(fmt::format("{} is confirmed already.", who));
  v1::MandateStatement said;
  said.set_decision(own ? v1::MandateStatement::APPOINT : v1::MandateStatement::VOUCH);
  return DraftOf(replica, view, meant, said);
}

absl::StatusOr<Draft> DraftToChangeRole(const client::Replica& replica, const plan::Plan& view,
                                        std::string_view who, std::string_view role) {
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::APPOINT);
  TWINNING_ASSIGN_OR_RETURN(v1::Role named, RoleNamed(role));
  said.set_role(named);
  TWINNING_ASSIGN_OR_RETURN(std::vector<const plan::Member*> meant, MeantBy(view, who));
  return DraftOf(replica, view, meant, said);
}

absl::StatusOr<Draft> DraftToDismiss(const client::Replica& replica, const plan::Plan& view,
                                     std::string_view who) {
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::DISMISS);
  TWINNING_ASSIGN_OR_RETURN(std::vector<const plan::Member*> meant, MeantBy(view, who));
  // A copy goes with what it is a copy of, and cannot be dismissed twice.
  std::vector<const plan::Member*> originals;
  for (const plan::Member* member : meant) {
    std::vector<const plan::Member*> gone = plan::WithCopies(view.roster(), originals);
    if (std::find(gone.begin(), gone.end(), member) == gone.end()) originals.push_back(member);
  }
  return DraftOf(replica, view, originals, said);
}

absl::StatusOr<NewInvite> DraftToInvite(const client::Replica& replica, const plan::Plan& view,
                                        std::string_view role, std::string_view secret,
                                        int64_t now_ms) {
  NewInvite invite;
  TWINNING_ASSIGN_OR_RETURN(const plan::Member* own, Author(replica, view));
  TWINNING_ASSIGN_OR_RETURN(invite.role, RoleNamed(role.empty() ? "representative" : role));
  v1::Invitation invitation;
  invitation.set_secret(std::string(secret));
  invitation.set_ledger(std::string(view.ledger().bytes()));
  TWINNING_ASSIGN_OR_RETURN(invite.code, CodeFor(replica, invitation));
  invite.expires_ms = now_ms + kInviteLife_ms;
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::INVITE);
  said.set_key(sync::InvitationKey(secret).public_key());
  said.set_role(invite.role);
  said.set_expires_ms(invite.expires_ms);
  invite.id = HexOf(said.key()).substr(0, kShortDigits);
  invite.draft.edits.push_back(plan::MandateEdit(view, *own, replica.key(), own->town, said));
  return invite;
}

absl::StatusOr<Draft> DraftToWithdrawInvite(const client::Replica& replica, const plan::Plan& view,
                                            std::string_view id) {
  TWINNING_ASSIGN_OR_RETURN(const plan::Member* own, Author(replica, view));
  std::vector<const plan::Invite*> meant;
  const plan::Town* town = view.FindTown(own->town);
  for (const plan::Invite& invite : town->invites) {
    bool begins = id.size() >= kFewestDigits && HexOf(invite.key).starts_with(id);
    if (begins) meant.push_back(&invite);
  }
  if (meant.size() != 1) {
    return BadInput(fmt::format(
        "There is no one invitation {} of your town: twinning members shows them.", id));
  }
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::WITHDRAW_INVITE);
  said.set_key(meant.front()->key);
  Draft draft;
  draft.edits.push_back(plan::MandateEdit(view, *own, replica.key(), own->town, said));
  return draft;
}

}  // namespace twinning::desk

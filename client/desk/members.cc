#include "client/desk/members.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/crypto/spoken.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

constexpr size_t kInviteId = 8;  // hex digits of its key

Json PersonJson(const plan::Plan& view, const ReplicaId& replica) {
  const plan::Member* member = view.FindMember(replica);
  if (member == nullptr) return nullptr;
  return {{"replica", member->replica.hex()}, {"name", member->name}, {"town", member->town.hex()}};
}

// What the asking member may do to another, for buttons that are there or not.
Json MayJson(const plan::Plan& view, const plan::Member& own, const plan::Member& member) {
  const bool here = member.revoked == 0;
  const bool decides =
      here && own.town == member.town && !plan::MayNotCoordinate(view.roster(), own);
  const bool compares = here && own.town != member.town && plan::Speaks(own) &&
                        member.role == v1::COORDINATOR &&
                        !plan::ComparedBy(view.roster(), member, own.town);
  return {{"confirm", compares || (decides && !member.confirmed())},
          {"role", decides},
          {"revoke", decides}};
}

Json MemberJson(const plan::Plan& view, const plan::Member* own, const plan::Member& member) {
  const bool first = member.confirmed_by == member.replica;
  Json compared = Json::array();
  for (const TownId& town : member.vouched) compared.push_back(town.hex());
  return {{"replica", member.replica.hex()},
          {"name", member.name},
          {"town", member.town.hex()},
          {"town_name", plan::TownName(view, member.town)},
          {"role", words::RoleName(member.role)},
          {"own", &member == own},
          {"first", first},
          {"confirmed", member.confirmed()},
          {"confirmed_by", first ? Json(nullptr) : PersonJson(view, member.confirmed_by)},
          {"compared", std::move(compared)},
          {"words", WordsOf(member)},
          {"enrolled", member.enrolled},
          {"revoked", member.revoked == 0 ? Json(nullptr) : Json(member.revoked)},
          {"continues", member.continues.empty() ? Json(nullptr) : Json(member.continues.hex())},
          {"may", own == nullptr ? Json(nullptr) : MayJson(view, *own, member)}};
}

std::string StateOf(const plan::Plan& view, const plan::Invite& invite) {
  if (!invite.used_by.empty()) return "used";
  return plan::IsOpen(view.roster(), invite) ? "open" : "withdrawn";
}

std::string IdOf(const plan::Invite& invite) { return HexOf(invite.key).substr(0, kInviteId); }

Json InviteJson(const plan::Plan& view, const plan::Member* own, const plan::Town& town,
                const plan::Invite& invite) {
  const bool may =
      own != nullptr && own->town == town.id && !plan::MayNotCoordinate(view.roster(), *own);
  const std::string state = StateOf(view, invite);
  return {{"id", IdOf(invite)},
          {"town", town.id.hex()},
          {"role", words::RoleName(invite.role)},
          {"by", PersonJson(view, invite.by)},
          {"expires", TimeJson(invite.expires_ms)},
          {"state", state},
          {"used_by", PersonJson(view, invite.used_by)},
          {"may_withdraw", may && state == "open"}};
}

std::string StandingOf(const plan::Plan& view, const plan::Member* own,
                       const plan::Member& member) {
  if (member.revoked != 0) return fmt::format("revoked by entry {}", member.revoked);
  if (!member.confirmed()) {
    return fmt::format("NOT CONFIRMED by {}: enrolled by the server's operator alone",
                       plan::TownName(view, member.town));
  }
  if (own == nullptr || own->town == member.town || member.role != v1::COORDINATOR) {
    return "confirmed";
  }
  return plan::ComparedBy(view.roster(), member, own->town)
             ? "confirmed; your town has compared the key"
             : "confirmed; your town has not compared the key yet";
}

}  // namespace

std::string WordsOf(const plan::Member& member) { return SpokenForm(Sha256(member.key)); }

Json MembershipJson(const plan::Plan& view, const ReplicaId& replica) {
  const plan::Member* own = view.FindMember(replica);
  Json json = {{"own", nullptr}, {"members", Json::array()}, {"invites", Json::array()}};
  if (own != nullptr) {
    const std::optional<std::string> why = plan::MayNotCoordinate(view.roster(), *own);
    json["own"] = {{"replica", replica.hex()},
                   {"role", words::RoleName(own->role)},
                   {"confirmed", own->confirmed()},
                   {"coordinates", !why},
                   {"reason", why ? Json(Sentence(Capitalised(*why))) : Json(nullptr)}};
  }
  for (const plan::Member& member : view.members()) {
    json["members"].push_back(MemberJson(view, own, member));
  }
  for (const plan::Town& town : view.towns()) {
    for (const plan::Invite& invite : town.invites) {
      json["invites"].push_back(InviteJson(view, own, town, invite));
    }
  }
  return json;
}

std::string MembershipReport(const plan::Plan& view, const ReplicaId& replica) {
  const plan::Member* own = view.FindMember(replica);
  std::string report;
  for (const plan::Town& town : view.towns()) {
    report += town.name + "\n";
    for (const plan::Member& member : view.members()) {
      if (member.town != town.id) continue;
      report += fmt::format("  {}  {}, {}{}; {}\n            {}\n",
                            member.replica.hex().substr(0, kShortDigits), member.name,
                            words::RoleName(member.role), &member == own ? " (you)" : "",
                            StandingOf(view, own, member), WordsOf(member));
    }
    for (const plan::Invite& invite : town.invites) {
      if (StateOf(view, invite) != "open") continue;
      report += fmt::format("  {}  an open invitation as {}, until {}\n", IdOf(invite),
                            words::RoleName(invite.role), InWords(invite.expires_ms));
    }
  }
  return report;
}

}  // namespace twinning::desk

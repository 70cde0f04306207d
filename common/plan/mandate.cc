#include "common/plan/mandate.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/plan/plan.h"

namespace twinning::plan {
namespace {

bool Coordinates(const Member& member) { return Speaks(member) && member.role == v1::COORDINATOR; }

template <typename Wanted>
bool Any(const Roster& roster, const TownId& town, Wanted wanted) {
  const std::vector<Member>& members = roster.members();
  return std::any_of(members.begin(), members.end(),
                     [&](const Member& one) { return one.town == town && wanted(one); });
}

}  // namespace

std::string SignedMandate(std::string_view statement) {
  std::string message("twinning.mandate.v1");
  message.push_back('\0');
  message.append(statement);
  return message;
}

bool Speaks(const Member& member) {
  return member.confirmed() && member.revoked == 0 &&
         (member.role == v1::REPRESENTATIVE || member.role == v1::COORDINATOR);
}

std::optional<std::string> MayNotCoordinate(const Roster& roster, const Member& member) {
  if (member.revoked != 0) return fmt::format("{}'s replica has been revoked", member.name);
  const std::string town = roster.TownName(member.town);
  if (!member.confirmed()) {
    return fmt::format("{} is not confirmed by {}: the server's operator alone enrolled it",
                       member.name, town);
  }
  if (Coordinates(member)) return std::nullopt;
  if (Speaks(member) && !Any(roster, member.town, Coordinates)) return std::nullopt;
  return fmt::format("only a coordinator decides on the members of {}, and {} is none", town,
                     member.name);
}

bool HasNobodyToSpeak(const Roster& roster, const TownId& town) {
  return !Any(roster, town, Speaks);
}

// Those who lost their coordinator may have confirmed one another since: then it is whoever was
// first.
const Member* RootOf(const Roster& roster, const Member& member) {
  const Member* root = &member;
  const Member* first = &member;
  for (size_t steps = roster.members().size(); steps > 0; --steps) {
    if (!root->confirmed()) return nullptr;
    const Member* by = roster.FindMember(root->confirmed_by);
    if (by == nullptr || by == root || by->town != root->town) return root;
    root = by;
    if (root->enrolled < first->enrolled) first = root;
  }
  return first;
}

bool ComparedBy(const Roster& roster, const Member& member, const TownId& town) {
  const Member* root = RootOf(roster, member);
  if (root == nullptr) return false;
  return member.town == town ||
         std::find(root->vouched.begin(), root->vouched.end(), town) != root->vouched.end();
}

std::vector<const Member*> WithCopies(const Roster& roster, std::vector<const Member*> members) {
  for (size_t i = 0; i < members.size(); ++i) {
    const ReplicaId original = members[i]->replica;
    for (const Member& member : roster.members()) {
      bool copied = member.revoked == 0 && member.continues == original;
      if (copied && std::find(members.begin(), members.end(), &member) == members.end()) {
        members.push_back(&member);
      }
    }
  }
  return members;
}

bool IsOpen(const Roster& roster, const Invite& invite) {
  const Member* by = roster.FindMember(invite.by);
  return invite.used_by.empty() && invite.withdrawn == 0 && by != nullptr &&
         !MayNotCoordinate(roster, *by);
}

OpenInvite FindInvite(const Roster& roster, std::string_view key) {
  for (const Town& town : roster.towns()) {
    for (const Invite& invite : town.invites) {
      if (invite.key == key && IsOpen(roster, invite)) return {&town, &invite};
    }
  }
  return {};
}

v1::Edit MandateEdit(const Plan& view, const Member& author, const SigningKey& key,
                     const TownId& of, v1::MandateStatement said) {
  said.set_ledger(std::string(view.ledger().bytes()));
  said.set_town(std::string(author.town.bytes()));
  *said.mutable_base() = ledger::BaseOf(view.head());
  v1::Edit edit;
  edit.set_record(std::string(of.bytes()));
  edit.mutable_mandate()->set_statement(said.SerializeAsString());
  edit.mutable_mandate()->set_signature(key.Sign(SignedMandate(edit.mandate().statement())));
  return edit;
}

}  // namespace twinning::plan

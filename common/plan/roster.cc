#include "common/plan/roster.h"

#include <algorithm>

#include "common/base/bytes.h"
#include "common/crypto/ed25519.h"
#include "common/plan/mandate.h"

namespace twinning::plan {
namespace {

void AppendMember(const Member& member, std::string& bytes) {
  bytes.append(member.replica.bytes());
  bytes.append(member.town.bytes());
  AppendPrefixed(member.name, bytes);
  AppendPrefixed(member.key, bytes);
  AppendVarint(static_cast<uint64_t>(member.role), bytes);
  AppendVarint(member.revoked, bytes);
  bytes.append(member.confirmed_by.bytes());
  AppendVarint(member.vouched.size(), bytes);
  for (const TownId& town : member.vouched) bytes.append(town.bytes());
}

void AppendTown(const Town& town, std::string& bytes) {
  bytes.append(town.id.bytes());
  AppendPrefixed(town.name, bytes);
  AppendVarint(town.invites.size(), bytes);
  for (const Invite& invite : town.invites) {
    AppendPrefixed(invite.key, bytes);
    AppendVarint(static_cast<uint64_t>(invite.role), bytes);
    bytes.append(invite.by.bytes());
    bytes.append(invite.used_by.bytes());
    AppendVarint(invite.withdrawn, bytes);
  }
}

}  // namespace

// --- Reading ------------------------------------------------------------------------------------

const Town* Roster::FindTown(const TownId& id) const {
  auto found =
      std::find_if(towns_.begin(), towns_.end(), [&](const Town& t) { return t.id == id; });
  return found == towns_.end() ? nullptr : &*found;
}

const Member* Roster::FindMember(const ReplicaId& replica) const {
  std::optional<merge::ReplicaIndex> index = IndexOf(replica);
  return index ? &members_[*index] : nullptr;
}

const Member* Roster::FindKey(std::string_view key) const {
  const Member* member = FindMember(ReplicaOfKey(key));
  return member != nullptr && member->key == key ? member : nullptr;
}

std::optional<merge::ReplicaIndex> Roster::IndexOf(const ReplicaId& replica) const {
  auto found = index_.find(replica);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

std::string Roster::TownName(const TownId& id) const {
  const Town* town = FindTown(id);
  return town != nullptr ? town->name : id.hex().substr(0, 8);
}

void Roster::AppendTo(std::string& bytes) const {
  for (const Town& town : towns_) AppendTown(town, bytes);
  for (const Member& member : members_) AppendMember(member, bytes);
}

void Roster::Restore(Member member) {
  index_[member.replica] = static_cast<merge::ReplicaIndex>(members_.size());
  members_.push_back(std::move(member));
}

Town* Roster::EditTown(const TownId& id) {
  auto found =
      std::find_if(towns_.begin(), towns_.end(), [&](const Town& t) { return t.id == id; });
  return found == towns_.end() ? nullptr : &*found;
}

// --- What the operator says ---------------------------------------------------------------------

Roster::Taken Roster::Take(const v1::Membership& statement, Sequence sequence) {
  std::optional<TownId> town = TownId::Of(statement.town());
  std::optional<ReplicaId> replica = ReplicaId::Of(statement.replica());
  auto found = replica ? index_.find(*replica) : index_.end();
  Member* known = found == index_.end() ? nullptr : &members_[found->second];
  switch (statement.action()) {
    case v1::Membership::ADMIT_TOWN:
      if (!town || town->empty()) return Taken::kUnreadable;
      if (FindTown(*town) == nullptr) towns_.push_back({*town, statement.town_name(), sequence});
      return Taken::kDone;
    case v1::Membership::ENROL:
      return Enrol(statement, sequence);
    case v1::Membership::CHANGE_ROLE:
      if (known != nullptr) ChangeRole(statement.role(), *known);
      return Taken::kDone;
    case v1::Membership::REVOKE:
      if (known != nullptr && known->revoked == 0) known->revoked = sequence;
      return Taken::kDone;
    default:
      return Taken::kUnknown;
  }
}

Roster::Taken Roster::Enrol(const v1::Membership& statement, Sequence sequence) {
  std::optional<TownId> town = TownId::Of(statement.town());
  std::optional<ReplicaId> replica = ReplicaId::Of(statement.replica());
  if (!town || !replica || FindTown(*town) == nullptr) return Taken::kUnreadable;
  if (IndexOf(*replica)) return Taken::kDone;
  Member member;
  member.replica = *replica;
  member.town = *town;
  member.name = statement.member();
  member.key = statement.key();
  member.role = statement.role();
  member.enrolled = sequence;
  member.continues = ReplicaId::Of(statement.continues()).value_or(ReplicaId());
  member.continues_number = statement.continues_number();
  Confirm(statement, member);
  Restore(std::move(member));
  return Taken::kDone;
}

void Roster::Confirm(const v1::Membership& statement, Member& member) {
  const Member* original = FindMember(member.continues);
  const bool first = std::none_of(members_.begin(), members_.end(),
                                  [&](const Member& one) { return one.town == member.town; });
  if (first) {
    member.role = v1::COORDINATOR;
    member.confirmed_by = member.replica;
  } else if (original != nullptr && original->town == member.town && original->revoked == 0) {
    member.role = original->role;
    member.confirmed_by = original->confirmed() ? original->replica : ReplicaId();
  } else if (!statement.invitation().empty()) {
    AdmitByInvite(statement, member);
  }
}

void Roster::AdmitByInvite(const v1::Membership& statement, Member& member) {
  for (Invite& invite : EditTown(member.town)->invites) {
    if (invite.key != statement.invitation() || !IsOpen(*this, invite)) continue;
    invite.used_by = member.replica;
    member.role = invite.role;
    member.confirmed_by = invite.by;
    return;
  }
}

// The operator can take rights away, as by not serving somebody; more rights are the town's to
// give.
void Roster::ChangeRole(v1::Role role, Member& member) {
  if (role > member.role) member.confirmed_by = ReplicaId();
  member.role = role;
}

// --- What a town says ---------------------------------------------------------------------------

void Roster::Take(const v1::MandateStatement& said, const ReplicaId& author, Sequence sequence) {
  const Member* by = FindMember(author);
  Town* own = by == nullptr ? nullptr : EditTown(by->town);
  const Member* about = FindKey(said.key());
  Member* member = about == nullptr ? nullptr : &members_[*IndexOf(about->replica)];
  if (own == nullptr) return;
  switch (said.decision()) {
    case v1::MandateStatement::APPOINT:
      if (member == nullptr) return;
      member->role = said.role();
      if (member->confirmed_by != member->replica) member->confirmed_by = author;
      return;
    case v1::MandateStatement::DISMISS:
      if (member == nullptr) return;
      for (const Member* one : WithCopies(*this, {member})) {
        members_[*IndexOf(one->replica)].revoked = sequence;
      }
      return;
    case v1::MandateStatement::INVITE:
      own->invites.push_back(
          {said.key(), said.role(), said.expires_ms(), author, sequence, ReplicaId(), 0});
      return;
    case v1::MandateStatement::WITHDRAW_INVITE:
      for (Invite& invite : own->invites) {
        if (invite.key == said.key()) invite.withdrawn = sequence;
      }
      return;
    case v1::MandateStatement::VOUCH:
      if (member != nullptr) Vouch(own->id, author, *member);
      return;
    default:
      return;
  }
}

void Roster::Vouch(const TownId& town, const ReplicaId& by, Member& member) const {
  auto place = std::lower_bound(member.vouched.begin(), member.vouched.end(), town);
  if (place == member.vouched.end() || *place != town) member.vouched.insert(place, town);
  if (!member.confirmed() && HasNobodyToSpeak(*this, member.town)) member.confirmed_by = by;
}

}  // namespace twinning::plan

// How lost entries come back into a chain.
#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/ledger/chain.h"
#include "common/ledger/readmission.h"

namespace twinning::ledger {
namespace {

bool Follows(const ParsedChange& change, const Tail& tail) {
  return change.number == tail.number + 1 && change.previous == tail.hash;
}

struct RefusedRange {
  ReplicaId replica;
  Number first = 0;
  Number last = 0;
  Hash hash;
};

absl::StatusOr<RefusedRange> ReadRefused(const v1::Entry& entry) {
  v1::Refusal refusal;
  if (!refusal.ParseFromString(entry.body())) return DataLoss("the refusal inside does not read");
  std::optional<ReplicaId> replica = ReplicaId::Of(refusal.replica());
  std::optional<Hash> hash = Hash::Of(refusal.hash());
  if (!replica || !hash || refusal.first() == 0 || refusal.last() < refusal.first()) {
    return DataLoss("the refusal inside names no changes");
  }
  return RefusedRange{*replica, refusal.first(), refusal.last(), *hash};
}

}  // namespace

// Whoever was enrolled again meanwhile is enrolled.
bool Chain::WouldEnrol(const v1::Entry& lost) const {
  v1::Membership membership;
  bool enrols =
      membership.ParseFromString(lost.body()) && membership.action() == v1::Membership::ENROL;
  std::optional<ReplicaId> replica = ReplicaId::Of(membership.replica());
  return !enrols || !replica || Find(*replica) == nullptr;
}

bool Chain::WouldAct(const v1::Entry& lost) const {
  if (lost.kind() == v1::MEMBERSHIP) return WouldEnrol(lost);
  if (lost.kind() == v1::CHANGE) {
    absl::StatusOr<ParsedChange> change = ParseChange(lost.body());
    const Tail* tail = change.ok() ? Find(change->replica) : nullptr;
    return tail != nullptr && Follows(*change, *tail);
  }
  if (lost.kind() == v1::REFUSAL) {
    absl::StatusOr<RefusedRange> refused = ReadRefused(lost);
    const Tail* tail = refused.ok() ? Find(refused->replica) : nullptr;
    return tail != nullptr && refused->first == tail->number + 1;
  }
  if (lost.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> inner = ReadReadmission(lost);
    return inner.ok() && !IsHere(*inner) && WouldAct(inner->entry());
  }
  return true;
}

bool Chain::IsHere(const v1::Readmission& readmission) const {
  Hash hash = *Hash::Of(readmission.hash());
  return lineage_.Find(hash) != nullptr || HashOfEntry(readmission.sequence()) == hash;
}

Returning Chain::ReturningOf(const v1::Entry& lost) const {
  Returning returning;
  returning.idle = !WouldAct(lost);
  v1::Entry inside = lost;
  while (inside.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> inner = ReadReadmission(inside);
    if (!inner.ok() || IsHere(*inner)) break;
    ++returning.nested;
    inside = inner->entry();
  }
  return returning;
}

absl::Status Chain::FollowReadmission(const v1::Entry& entry, bool verified) {
  TWINNING_ASSIGN_OR_RETURN(v1::Readmission readmission, ReadReadmission(entry));
  TWINNING_RETURN_IF_ERROR(CheckPlace(readmission));
  Returning returning = ReturningOf(readmission.entry());
  bool act = !returning.idle;
  if (act == readmission.idle()) {
    return DataLoss(act ? "it passes over a change that follows"
                        : "it repeats a change, or one that does not follow");
  }
  if (returning.nested != readmission.nested()) {
    return DataLoss("it does not say how much comes back by it");
  }
  TWINNING_RETURN_IF_ERROR(FollowLost(readmission.entry(), act, verified));
  AddTo(lineage_, entry);
  return absl::OkStatus();
}

// A lost entry follows one of this ledger, or one that came back before.
absl::Status Chain::CheckPlace(const v1::Readmission& readmission) const {
  Sequence sequence = readmission.sequence();
  Hash hash = *Hash::Of(readmission.hash());
  Hash previous = *Hash::Of(readmission.previous());
  const Lost* before = lineage_.Find(previous);
  bool follows =
      before != nullptr ? before->sequence == sequence - 1 : HashOfEntry(sequence - 1) == previous;
  if (!follows) return DataLoss("what it readmits follows an entry that is not here");
  if (EntryHash(ledger_, previous, readmission.entry()) != hash) {
    return DataLoss("what it readmits is not what it was");
  }
  return IsHere(readmission) ? DataLoss("what it readmits is here already") : absl::OkStatus();
}

absl::Status Chain::FollowLost(const v1::Entry& lost, bool act, bool verified) {
  switch (lost.kind()) {
    case v1::CHANGE:
      return FollowLostChange(lost, act, verified);
    case v1::REFUSAL:
      return FollowLostRefusal(lost, act, verified);
    case v1::READMISSION:
      break;
    default:
      return act ? FollowStatement(lost, verified) : absl::OkStatus();
  }
  TWINNING_ASSIGN_OR_RETURN(v1::Readmission inner, ReadReadmission(lost));
  if (IsHere(inner)) return absl::OkStatus();
  TWINNING_RETURN_IF_ERROR(CheckPlace(inner));
  return FollowLost(inner.entry(), act, verified);
}

absl::Status Chain::FollowLostChange(const v1::Entry& lost, bool act, bool verified) {
  TWINNING_ASSIGN_OR_RETURN(ParsedChange change, ParseChange(lost.body()));
  if (change.ledger != ledger_) return DataLoss("the change inside is of another partnership");
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOfOnce(change.replica));
  TWINNING_RETURN_IF_ERROR(CheckBase(change));
  TWINNING_RETURN_IF_ERROR(TakeFramePart(lost, FrameEnd::Of(change), 1, *tail, verified));
  if (!act) return absl::OkStatus();
  tail->number = change.number;
  tail->hash = change.hash;
  tail->base = std::max(tail->base, known_fork_);
  return absl::OkStatus();
}

absl::Status Chain::FollowLostRefusal(const v1::Entry& lost, bool act, bool verified) {
  TWINNING_ASSIGN_OR_RETURN(RefusedRange refused, ReadRefused(lost));
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOfOnce(refused.replica));
  FrameEnd end{ledger_, refused.replica, refused.last, refused.hash};
  uint64_t changes = refused.last - refused.first + 1;
  TWINNING_RETURN_IF_ERROR(TakeFramePart(lost, end, changes, *tail, verified));
  if (!act) return absl::OkStatus();
  tail->number = refused.last;
  tail->hash = refused.hash;
  return absl::OkStatus();
}

}  // namespace twinning::ledger

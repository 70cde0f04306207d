#include "common/ledger/chain.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "common/ledger/readmission.h"

namespace twinning::ledger {
namespace {

template <typename Message>
absl::StatusOr<Message> Read(const v1::Entry& entry, std::string_view what) {
  Message message;
  if (entry.body().size() > kMaxStatementBytes || !message.ParseFromString(entry.body())) {
    return DataLoss(fmt::format("its body does not read as a {}", what));
  }
  return message;
}

absl::StatusOr<ReplicaId> ReadReplica(const std::string& bytes) {
  std::optional<ReplicaId> replica = ReplicaId::Of(bytes);
  if (!replica || replica->empty()) return DataLoss("it names no replica");
  return *replica;
}

absl::Status CheckNext(const ParsedChange& change, const Tail& tail) {
  if (change.number != tail.number + 1) {
    return DataLoss(fmt::format("{} comes after number {}", change.name(), tail.number));
  }
  if (change.previous != tail.hash) {
    return DataLoss(fmt::format("{} follows another change than the one before it in the ledger",
                                change.name()));
  }
  return absl::OkStatus();
}

absl::Status Refused(const v1::Entry& entry, const absl::Status& why) {
  std::string message =
      fmt::format("entry {}: {}; nothing of it was taken", entry.sequence(), MessageOf(why));
  return absl::IsFailedPrecondition(why) ? FailedPrecondition(message) : DataLoss(message);
}

bool IsOfAFrame(const v1::Entry& entry) {
  if (entry.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> readmission = ReadReadmission(entry);
    return readmission.ok() && IsOfAFrame(readmission->entry());
  }
  return entry.kind() == v1::CHANGE || entry.kind() == v1::REFUSAL;
}

}  // namespace

Chain::Chain(HashAt hash_at, ChangeHashAt change_hash_at)
    : hash_at_(std::move(hash_at)), change_hash_at_(std::move(change_hash_at)) {}

const Tail* Chain::Find(const ReplicaId& replica) const {
  auto found = tails_.find(replica);
  return found == tails_.end() ? nullptr : &found->second;
}

absl::StatusOr<Hash> Chain::Follow(const v1::Entry& entry, const ParsedChange* change,
                                   bool verified) {
  if (entry.sequence() != head_.sequence + 1) {
    return DataLoss(fmt::format("entry {}: it comes after entry {}; nothing of it was taken",
                                entry.sequence(), head_.sequence));
  }
  absl::StatusOr<Hash> body = FollowBody(entry, change, verified);
  if (!body.ok()) return Refused(entry, body.status());
  head_ = {entry.sequence(), EntryHash(ledger_, head_.hash, entry, *body)};
  return head_.hash;
}

// Changes the chain only when it returns the body's hash.
absl::StatusOr<Hash> Chain::FollowBody(const v1::Entry& entry, const ParsedChange* change,
                                       bool verified) {
  if ((entry.kind() == v1::FOUNDING) != (entry.sequence() == 1)) {
    return DataLoss("a ledger is founded by its first entry and by no other");
  }
  if (open_ && !IsOfAFrame(entry)) return StandsInside();
  if (!verified) TWINNING_RETURN_IF_ERROR(CheckPersonal(entry.personal()));
  if (entry.kind() == v1::CHANGE) {
    if (change != nullptr) return FollowChange(entry, *change, verified);
    TWINNING_ASSIGN_OR_RETURN(ParsedChange parsed, ParseChange(entry.body()));
    return FollowChange(entry, parsed, verified);
  }
  TWINNING_RETURN_IF_ERROR(FollowStatement(entry, verified));
  return StatementHash(entry.body());
}

absl::Status Chain::FollowStatement(const v1::Entry& entry, bool verified) {
  switch (entry.kind()) {
    case v1::FOUNDING:
      return FollowFounding(entry);
    case v1::REFUSAL:
      return FollowRefusal(entry, verified);
    case v1::MEMBERSHIP:
      return FollowMembership(entry);
    case v1::READMISSION:
      return FollowReadmission(entry, verified);
    case v1::SCHEMA:
    case v1::RECOVERY:
    case v1::ERASURE:
      return absl::OkStatus();  // they link; what they say is for the plan
    default:
      return FailedPrecondition(fmt::format(
          "it is of kind {}, which this program does not know; update it", int{entry.kind()}));
  }
}

absl::StatusOr<Hash> Chain::FollowChange(const v1::Entry& entry, const ParsedChange& change,
                                         bool verified) {
  if (change.ledger != ledger_) {
    return DataLoss(fmt::format("{} is of another partnership", change.name()));
  }
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOf(change.replica));
  TWINNING_RETURN_IF_ERROR(CheckNext(change, *tail));
  TWINNING_RETURN_IF_ERROR(CheckBase(change));
  if (FallsBack(change.base, known_fork_, *tail)) {
    return DataLoss(
        fmt::format("{} falls back to base {} from {}", change.name(), known_fork_, tail->base));
  }
  TWINNING_RETURN_IF_ERROR(TakeFramePart(entry, FrameEnd::Of(change), 1, *tail, verified));
  tail->number = change.number;
  tail->hash = change.hash;
  tail->base = std::max(tail->base, known_fork_);
  return change.hash;
}

absl::Status Chain::FollowRefusal(const v1::Entry& entry, bool verified) {
  TWINNING_ASSIGN_OR_RETURN(v1::Refusal refusal, Read<v1::Refusal>(entry, "refusal"));
  TWINNING_ASSIGN_OR_RETURN(ReplicaId replica, ReadReplica(refusal.replica()));
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOf(replica));
  std::optional<Hash> hash = Hash::Of(refusal.hash());
  if (!hash) return DataLoss("it names no change's hash");
  if (refusal.first() != tail->number + 1 || refusal.last() < refusal.first()) {
    return DataLoss(fmt::format("it refuses changes {} to {} of replica {} after number {}",
                                refusal.first(), refusal.last(), ShortName(replica), tail->number));
  }
  FrameEnd end{ledger_, replica, refusal.last(), *hash};
  uint64_t changes = refusal.last() - refusal.first() + 1;
  TWINNING_RETURN_IF_ERROR(TakeFramePart(entry, end, changes, *tail, verified));
  tail->number = refusal.last();
  tail->hash = *hash;
  return absl::OkStatus();
}

absl::Status Chain::FollowFounding(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(v1::Founding founding, Read<v1::Founding>(entry, "founding"));
  std::optional<LedgerId> ledger = LedgerId::Of(founding.ledger());
  if (!ledger || ledger->empty()) return DataLoss("it founds no ledger");
  ledger_ = *ledger;
  return absl::OkStatus();
}

absl::Status Chain::FollowMembership(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(v1::Membership membership, Read<v1::Membership>(entry, "membership"));
  if (membership.action() == v1::Membership::ENROL) return Enrol(membership);
  if (membership.action() != v1::Membership::REVOKE) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(ReplicaId replica, ReadReplica(membership.replica()));
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOf(replica));
  tail->revoked = true;
  return absl::OkStatus();
}

absl::Status Chain::Enrol(const v1::Membership& membership) {
  TWINNING_ASSIGN_OR_RETURN(ReplicaId replica, ReadReplica(membership.replica()));
  if (membership.key().size() != kPublicKeySize || ReplicaOfKey(membership.key()) != replica) {
    return DataLoss(fmt::format("the key in it is not that of replica {}", ShortName(replica)));
  }
  if (!membership.invitation().empty()) TWINNING_RETURN_IF_ERROR(CheckInvited(membership));
  Tail tail;
  tail.key = membership.key();
  if (!membership.continues().empty()) TWINNING_RETURN_IF_ERROR(Continue(membership, tail));
  if (!tails_.emplace(replica, std::move(tail)).second) {
    return DataLoss(fmt::format("replica {} is enrolled already", ShortName(replica)));
  }
  return absl::OkStatus();
}

// Whether the town had made the invitation is for the plan.
absl::Status Chain::CheckInvited(const v1::Membership& membership) const {
  if (VerifyInvited(membership.invitation(), ledger_, membership.key(), membership.invited())) {
    return absl::OkStatus();
  }
  return DataLoss("the invitation's key did not sign for the replica that it enrols");
}

// A copy of a replica goes on with the numbers of the one that it was copied from.
absl::Status Chain::Continue(const v1::Membership& membership, Tail& tail) const {
  TWINNING_ASSIGN_OR_RETURN(ReplicaId copied, ReadReplica(membership.continues()));
  const Tail* original = Find(copied);
  std::optional<Hash> hash = Hash::Of(membership.continues_hash());
  if (membership.continues_number() == 0) hash = Hash();
  bool same_end = original != nullptr && membership.continues_number() == original->number;
  if (original == nullptr || !hash || membership.continues_number() > original->number ||
      (same_end && *hash != original->hash)) {
    return DataLoss(
        fmt::format("it continues changes of replica {} that are not here", ShortName(copied)));
  }
  if (!VerifyContinuing(original->key, ledger_, membership.key(), membership.signature())) {
    return DataLoss(fmt::format("replica {} did not sign that it has a copy", ShortName(copied)));
  }
  tail.number = membership.continues_number();
  tail.hash = *hash;
  return absl::OkStatus();
}

absl::StatusOr<Tail*> Chain::TailOfOnce(const ReplicaId& replica) {
  auto found = tails_.find(replica);
  if (found != tails_.end()) return &found->second;
  return DataLoss(fmt::format("replica {} is not enrolled", ShortName(replica)));
}

absl::StatusOr<Tail*> Chain::TailOf(const ReplicaId& replica) {
  TWINNING_ASSIGN_OR_RETURN(Tail * tail, TailOfOnce(replica));
  if (!tail->revoked) return tail;
  return DataLoss(fmt::format("replica {} was revoked before it", ShortName(replica)));
}

std::optional<Hash> Chain::HashOfEntry(Sequence sequence) const {
  if (sequence == head_.sequence) return head_.hash;
  return sequence < head_.sequence ? hash_at_(sequence) : std::nullopt;
}

std::optional<Sequence> Chain::Resolve(const Head& base) const {
  if (base.sequence == 0) return 0;
  if (base == known_base_) return known_fork_;
  if (HashOfEntry(base.sequence) == base.hash) return base.sequence;
  const Lost* lost = lineage_.Find(base.hash);
  if (lost == nullptr || lost->sequence != base.sequence) return std::nullopt;
  return lost->fork;
}

// What stands on a lost history leads back to where that parted from this one, which may be before
// an entry that its author had seen: after two restores the first history may be the one that is
// here.
bool Chain::FallsBack(const Head& base, Sequence fork, const Tail& tail) const {
  return fork < tail.base && lineage_.Find(base.hash) == nullptr;
}

// A burst of changes names one base over and over: it is looked up once.
absl::Status Chain::CheckBase(const ParsedChange& change) {
  if (std::optional<Sequence> fork = Resolve(change.base)) {
    known_base_ = change.base;
    known_fork_ = *fork;
    return absl::OkStatus();
  }
  if (!HashOfEntry(change.base.sequence)) {
    return DataLoss(fmt::format("{} names entry {} as its base, which is not before it",
                                change.name(), change.base.sequence));
  }
  return DataLoss(fmt::format("{} was made on another history: entry {} is not the one it saw",
                              change.name(), change.base.sequence));
}

absl::Status Chain::StandsInside() const {
  return DataLoss(fmt::format("it stands inside a frame of replica {}", ShortName(*open_)));
}

absl::Status Chain::TakeFramePart(const v1::Entry& entry, const FrameEnd& end, uint64_t changes,
                                  const Tail& tail, bool verified) {
  if (open_ && *open_ != end.replica) return StandsInside();
  if (changes > kMaxChangesPerFrame - open_changes_) {
    return DataLoss(fmt::format("its frame has more than {} changes", kMaxChangesPerFrame));
  }
  if (entry.signature().empty()) {
    open_ = end.replica;
    open_changes_ += changes;
    return absl::OkStatus();
  }
  if (!verified && !VerifyFrame(tail.key, end, entry.signature())) {
    return DataLoss(fmt::format("the signature of the frame that ends with it is not of replica {}",
                                ShortName(end.replica)));
  }
  open_.reset();
  open_changes_ = 0;
  return absl::OkStatus();
}

}  // namespace twinning::ledger

// Copies of a replica: which one goes on as it, and how another becomes one of its own.
#include <fmt/core.h>

#include <utility>

#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/sync/server_partnership.h"

namespace twinning::sync {
namespace {

constexpr size_t kClaimSize = 16;

}  // namespace

// The newest connection is the one that counts.
void ServerPartnership::TakeClaim(SessionId id, const Session& session, const v1::Claim& claim) {
  if (claim.claim().size() != kClaimSize) {
    return Close(id, v1::PROTOCOL_VIOLATION, "a claim of a wrong size");
  }
  const ReplicaId replica = session.replica;
  claims_[replica] = claim.claim();
  new_claims_.insert(replica);
  std::vector<SessionId> older;
  for (const auto& [other, one] : sessions_) {
    if (other != id && one.replica == replica) older.push_back(other);
  }
  for (SessionId other : older) Close(other, v1::FENCED, "");
}

std::vector<std::pair<ReplicaId, std::string>> ServerPartnership::TakeClaims() {
  std::vector<std::pair<ReplicaId, std::string>> claims;
  for (const ReplicaId& replica : std::exchange(new_claims_, {})) {
    claims.emplace_back(replica, claims_.at(replica));
  }
  return claims;
}

void ServerPartnership::RestoreClaim(const ReplicaId& replica, std::string claim) {
  claims_[replica] = std::move(claim);
}

// The first change that a copy shows is one that it knows to be in the ledger, if it knows any.
absl::StatusOr<Parted> ServerPartnership::PartedAt(const Copy& copy) const {
  const ledger::Tail& tail = *chain_.Find(copy.original);
  Parted parted;
  for (size_t i = 0; i < copy.hashes.size(); ++i) {
    Number number = copy.first + i;
    std::optional<Hash> here = history_.ChangeHashAt(copy.original, number);
    if (number == tail.number) here = tail.hash;
    if (number > tail.number || here != copy.hashes[i]) break;
    parted.number = number;
    parted.hash = *here;
  }
  if (parted.number > 0 || copy.first <= 1) return parted;
  return FailedPrecondition(fmt::format(
      "change {} of this copy is not in the ledger: the server may have been restored; sync first",
      copy.first));
}

absl::StatusOr<Parted> ServerPartnership::Continue(const Copy& copy, int64_t now_ms) {
  const plan::Member* original = plan_.FindMember(copy.original);
  if (original == nullptr) return NotFound("this replica is not enrolled here");
  if (original->revoked != 0) {
    return absl::PermissionDeniedError("this replica has been revoked");
  }
  if (copy.key.size() != kPublicKeySize ||
      !ledger::VerifyContinuing(original->key, chain_.ledger(), copy.key, copy.signature)) {
    return absl::PermissionDeniedError("the copy is not signed for by the replica's key");
  }
  TWINNING_RETURN_IF_ERROR(CheckTakesEntries());
  if (const plan::Member* known = plan_.FindMember(ReplicaOfKey(copy.key))) {
    if (known->continues != copy.original) return AlreadyExists("this key is another member's");
    Number number = known->continues_number;
    return Parted{number, history_.ChangeHashAt(copy.original, number).value_or(Hash()),
                  known->enrolled};
  }
  TWINNING_ASSIGN_OR_RETURN(Parted parted, PartedAt(copy));
  v1::Membership membership;
  membership.set_action(v1::Membership::ENROL);
  membership.set_town(std::string(original->town.bytes()));
  membership.set_replica(std::string(ReplicaOfKey(copy.key).bytes()));
  membership.set_member(original->name);
  membership.set_key(copy.key);
  membership.set_role(original->role);
  membership.set_continues(std::string(copy.original.bytes()));
  membership.set_continues_number(parted.number);
  if (parted.number > 0) membership.set_continues_hash(std::string(parted.hash.bytes()));
  membership.set_signature(copy.signature);
  TWINNING_RETURN_IF_ERROR(
      SequenceStatement(v1::MEMBERSHIP, membership.SerializeAsString(), now_ms));
  parted.sequence = head().sequence;
  return parted;
}

}  // namespace twinning::sync

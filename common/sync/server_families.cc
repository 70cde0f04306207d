#include "common/sync/server_families.h"

#include "common/base/bytes.h"
#include "common/ledger/readmission.h"

namespace twinning::sync {
namespace {

// A change without what signing it anew changes.
Hash ContentOf(const plan::Change& change) {
  v1::Edits edits = change.edits;
  for (v1::Edit& edit : *edits.mutable_edits()) {
    if (edit.has_agree()) edit.mutable_agree()->clear_signature();
    if (!edit.has_settle()) continue;
    for (v1::CandidateName& name : *edit.mutable_settle()->mutable_candidates()) {
      name.clear_replica();
    }
  }
  std::string bytes(change.authored.change_set.bytes());
  AppendFixed64(static_cast<uint64_t>(change.authored.time_ms), bytes);
  bytes.append(change.readable ? edits.SerializeAsString() : change.authored.payload);
  return Sha256(bytes);
}

}  // namespace

ReplicaId ServerFamilies::RootOf(const ReplicaId& replica) const {
  ReplicaId root = replica;
  for (auto at = originals_.find(root); at != originals_.end(); at = originals_.find(root)) {
    root = at->second;
  }
  return root;
}

void ServerFamilies::Note(const v1::Entry& entry, const plan::Change* change) {
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  if (effect.kind() == v1::MEMBERSHIP) {
    v1::Membership membership;
    if (membership.ParseFromString(effect.body())) NoteCopy(membership);
  } else if (effect.kind() == v1::CHANGE && !sent_.empty()) {
    if (change != nullptr) return NoteSent(*change);
    absl::StatusOr<ledger::ParsedChange> parsed = ledger::ParseChange(effect.body());
    if (parsed.ok()) NoteSent(plan::ReadChange(*std::move(parsed)));
  }
}

void ServerFamilies::NoteCopy(const v1::Membership& membership) {
  std::optional<ReplicaId> copy = ReplicaId::Of(membership.replica());
  std::optional<ReplicaId> original = ReplicaId::Of(membership.continues());
  if (!copy || !original || *copy == *original || originals_.contains(*copy)) return;
  originals_[*copy] = *original;
  sent_.try_emplace(RootOf(*original));
}

void ServerFamilies::NoteSent(const plan::Change& change) {
  auto family = sent_.find(RootOf(change.authored.replica));
  if (family == sent_.end()) return;
  family->second[change.authored.number].emplace(ContentOf(change), change.authored.replica);
}

bool ServerFamilies::Repeats(const plan::Change& change) const {
  if (sent_.empty()) return false;
  auto family = sent_.find(RootOf(change.authored.replica));
  if (family == sent_.end()) return false;
  auto number = family->second.find(change.authored.number);
  if (number == family->second.end()) return false;
  auto sent = number->second.find(ContentOf(change));
  return sent != number->second.end() && sent->second != change.authored.replica;
}

}  // namespace twinning::sync

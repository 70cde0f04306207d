#include "common/sync/server_history.h"

#include <algorithm>

#include "common/base/status.h"
#include "common/ledger/readmission.h"

namespace twinning::sync {

bool EntriesBatch::Take(v1::Entry entry) {
  bytes_ += entry.ByteSizeLong();
  bool ends = ledger::EndsFrame(entry);
  *entries_.add_entries() = std::move(entry);
  return !ends || bytes_ < ledger::kMaxEntriesBytes;
}

void ServerHistory::Add(ChainedEntry chained, const ledger::ParsedChange* change) {
  entry_hashes_.push_back(chained.hash);
  if (change != nullptr) {
    Remember(change->replica, change->number, change->number, change->hash);
  } else {
    RememberEffect(chained.entry);
  }
  bytes_ += chained.entry.ByteSizeLong();
  tail_.push_back(std::move(chained));
}

void ServerHistory::RememberEffect(const v1::Entry& entry) {
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  v1::Refusal refusal;
  if (effect.kind() == v1::CHANGE) {
    absl::StatusOr<ledger::ParsedChange> change = ledger::ParseChange(effect.body());
    if (change.ok()) Remember(change->replica, change->number, change->number, change->hash);
  } else if (effect.kind() == v1::REFUSAL && refusal.ParseFromString(effect.body())) {
    Remember(ReplicaId::Of(refusal.replica()).value_or(ReplicaId()), refusal.first(),
             refusal.last(), Hash::Of(refusal.hash()).value_or(Hash()));
  } else if (effect.kind() == v1::MEMBERSHIP) {
    RememberCopy(effect);
  }
}

// Up to where they part, a copy has the changes of its original.
void ServerHistory::RememberCopy(const v1::Entry& entry) {
  v1::Membership membership;
  if (!membership.ParseFromString(entry.body()) || membership.continues().empty()) return;
  std::optional<ReplicaId> copy = ReplicaId::Of(membership.replica());
  std::optional<ReplicaId> original = ReplicaId::Of(membership.continues());
  if (!copy || !original || change_hashes_.contains(*copy)) return;
  std::vector<Hash> hashes = change_hashes_[*original];
  hashes.resize(std::min<size_t>(hashes.size(), membership.continues_number()));
  change_hashes_[*copy] = std::move(hashes);
}

// Of a refused range only the last hash is known; the others stay empty, which stands for unknown.
void ServerHistory::Remember(const ReplicaId& replica, Number first, Number last,
                             const Hash& hash) {
  std::vector<Hash>& hashes = change_hashes_[replica];
  if (first != hashes.size() + 1 || last < first) return;
  if (last - first >= ledger::kMaxChangesPerFrame) return;
  hashes.resize(last);
  hashes.back() = hash;
}

void ServerHistory::Forget(Sequence head) {
  while (bytes_ > tail_bytes_ && !tail_.empty() && tail_.front().entry.sequence() <= head) {
    bytes_ -= tail_.front().entry.ByteSizeLong();
    tail_.pop_front();
  }
}

ledger::Head ServerHistory::head() const {
  return entry_hashes_.empty() ? ledger::Head{} : ledger::Head{last(), entry_hashes_.back()};
}

std::optional<Hash> ServerHistory::HashAt(Sequence sequence) const {
  if (sequence == 0 || sequence > last()) return std::nullopt;
  return entry_hashes_[sequence - 1];
}

std::optional<Hash> ServerHistory::ChangeHashAt(const ReplicaId& replica, Number number) const {
  auto at = change_hashes_.find(replica);
  if (at == change_hashes_.end() || number == 0 || number > at->second.size()) return std::nullopt;
  const Hash& hash = at->second[number - 1];
  return hash.empty() ? std::nullopt : std::optional<Hash>(hash);
}

std::optional<v1::Entries> ServerHistory::Next(Sequence after, Sequence up_to) const {
  if (after < before_tail()) return std::nullopt;
  EntriesBatch batch;
  Sequence end = std::min(up_to, last());
  for (Sequence i = after - before_tail(); i < end - before_tail(); ++i) {
    if (!batch.Take(tail_[i].entry)) break;
  }
  return batch.Finish();
}

std::vector<ChainedEntry> ServerHistory::After(Sequence durable) const {
  auto begin = tail_.begin() + static_cast<ptrdiff_t>(durable - before_tail());
  return {begin, tail_.end()};
}

absl::Status ServerHistory::Read(Sequence after, Sequence up_to,
                                 const std::function<absl::Status(const v1::Entry&)>& see) const {
  Sequence from_durable = std::min(up_to, before_tail());
  if (after < from_durable) {
    TWINNING_RETURN_IF_ERROR(durable_.Read(after, from_durable, see));
  }
  Sequence end = std::min(up_to, last());
  for (Sequence sequence = std::max(after, before_tail()) + 1; sequence <= end; ++sequence) {
    TWINNING_RETURN_IF_ERROR(see(tail_[sequence - before_tail() - 1].entry));
  }
  return absl::OkStatus();
}

}  // namespace twinning::sync

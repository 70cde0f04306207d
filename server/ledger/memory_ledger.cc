#include "server/ledger/memory_ledger.h"

#include <algorithm>

#include "common/base/status.h"
#include "server/ledger/answers.h"

namespace twinning::server {

ledger::Head MemoryLedger::Find(const LedgerId& ledger) const {
  auto at = entries_.find(ledger);
  return at == entries_.end() ? ledger::Head{} : at->second.back().head();
}

absl::StatusOr<std::vector<Partnership>> MemoryLedger::Partnerships() {
  std::vector<Partnership> all;
  for (const auto& [ledger, entries] : entries_) all.push_back({ledger, entries.back().head()});
  return all;
}

absl::StatusOr<ledger::Head> MemoryLedger::HeadOf(const LedgerId& ledger) {
  if (!entries_.contains(ledger)) return NoSuchPartnership(ledger);
  return Find(ledger);
}

absl::Status MemoryLedger::Append(std::span<const Batch> batches) {
  std::map<LedgerId, ledger::Head> heads;
  for (const Batch& batch : batches) {
    TWINNING_RETURN_IF_ERROR(CheckBatch(batch));
    auto head = heads.try_emplace(batch.ledger, Find(batch.ledger)).first;
    if (head->second != batch.expected) return HeadMoved(batch, head->second.sequence);
    head->second = batch.head();
  }
  for (const Batch& batch : batches) {
    std::vector<sync::ChainedEntry>& entries = entries_[batch.ledger];
    entries.insert(entries.end(), batch.entries.begin(), batch.entries.end());
    for (const Claim& claim : batch.claims) claims_[batch.ledger][claim.first] = claim.second;
  }
  if (!seen_) return absl::OkStatus();
  for (const auto& [ledger, head] : heads) seen_({ledger, head});
  return absl::OkStatus();
}

absl::Status MemoryLedger::Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                                const See& see) {
  auto at = entries_.find(ledger);
  if (at == entries_.end()) return NoSuchPartnership(ledger);
  Sequence end = std::min<Sequence>(up_to, at->second.size());
  for (Sequence i = after; i < end; ++i) {
    TWINNING_ASSIGN_OR_RETURN(bool more, see(sync::ChainedEntry(at->second[i])));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Claim>> MemoryLedger::ClaimsOf(const LedgerId& ledger) {
  const std::map<ReplicaId, std::string>& claims = claims_[ledger];
  return std::vector<Claim>(claims.begin(), claims.end());
}

absl::StatusOr<std::optional<sync::RecoveryNote>> MemoryLedger::RecoveryOf(const LedgerId& ledger) {
  auto at = recoveries_.find(ledger);
  if (at == recoveries_.end()) return std::optional<sync::RecoveryNote>();
  return std::optional(at->second);
}

absl::Status MemoryLedger::SetRecovery(const LedgerId& ledger,
                                       const std::optional<sync::RecoveryNote>& note) {
  recoveries_.erase(ledger);
  if (note) recoveries_.emplace(ledger, *note);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> MemoryLedger::ArchivedSince(const LedgerId& ledger) {
  auto at = archived_.find(ledger);
  return at == archived_.end() ? 0 : at->second;
}

absl::Status MemoryLedger::SetArchived(const LedgerId& ledger, int64_t since_ms) {
  if (!entries_.contains(ledger)) return NoSuchPartnership(ledger);
  archived_[ledger] = since_ms;
  return absl::OkStatus();
}

}  // namespace twinning::server

// A ledger that lasts as long as the object: for tests and the simulation, where crashes are
// played.
#pragma once

#include <map>

#include "server/ledger/ledger.h"

namespace twinning::server {

class MemoryLedger : public Ledger {
 public:
  absl::StatusOr<std::vector<Partnership>> Partnerships() override;
  absl::StatusOr<ledger::Head> HeadOf(const LedgerId& ledger) override;
  absl::Status Append(std::span<const Batch> batches) override;
  absl::Status Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                    const See& see) override;
  absl::StatusOr<std::vector<Claim>> ClaimsOf(const LedgerId& ledger) override;
  absl::StatusOr<std::optional<sync::RecoveryNote>> RecoveryOf(const LedgerId& ledger) override;
  absl::Status SetRecovery(const LedgerId& ledger,
                           const std::optional<sync::RecoveryNote>& note) override;
  absl::StatusOr<int64_t> ArchivedSince(const LedgerId& ledger) override;
  absl::Status SetArchived(const LedgerId& ledger, int64_t since_ms) override;
  void Watch(HeadSeen seen) override { seen_ = std::move(seen); }

 private:
  ledger::Head Find(const LedgerId& ledger) const;

  std::map<LedgerId, std::vector<sync::ChainedEntry>> entries_;
  std::map<LedgerId, std::map<ReplicaId, std::string>> claims_;
  std::map<LedgerId, sync::RecoveryNote> recoveries_;
  std::map<LedgerId, int64_t> archived_;
  HeadSeen seen_;
};

}  // namespace twinning::server

// The ledger in the server's SQLite file: one transaction and one fsync an Append, whatever it
// holds.
#pragma once

#include <map>
#include <optional>

#include "common/sqlite/database.h"
#include "server/ledger/ledger.h"

namespace twinning::server {

class SqliteLedger : public Ledger {
 public:
  // `database` is of ServerFormat and must outlive the ledger; no other process writes it.
  explicit SqliteLedger(sqlite::Database& database);

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
  struct Row {
    int64_t key = 0;
    ledger::Head head;
  };
  std::optional<Row> Find(const LedgerId& ledger);
  absl::Status AppendOne(const Batch& batch);
  absl::StatusOr<int64_t> MoveHead(const Batch& batch);
  void Insert(int64_t key, const sync::ChainedEntry& chained);
  void Keep(int64_t key, const Claim& claim);

  sqlite::Database& database_;
  SQLite::Statement find_;
  SQLite::Statement found_;
  SQLite::Statement move_;
  SQLite::Statement insert_;
  HeadSeen seen_;
};

}  // namespace twinning::server

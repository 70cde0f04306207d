// Where the entries of all partnerships are kept, durably and in order. Narrow on purpose: one
// process with SQLite implements it as well as many with one PostgreSQL. Entries are stored as
// given; what they mean and whether they follow one another is for others to judge.
//
//   entries(p) = 1, 2, 3 ... head(p)     without gaps, never changed once appended
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/ledger/hashes.h"
#include "common/sync/recovery_note.h"
#include "common/sync/server_entry.h"

namespace twinning::server {

// What a replica claimed last when it connected: 16 bytes.
using Claim = std::pair<ReplicaId, std::string>;

// Consecutive entries of one partnership, right after `expected`. At {0} they found it.
struct Batch {
  LedgerId ledger;
  ledger::Head expected;
  std::vector<sync::ChainedEntry> entries;
  std::vector<Claim> claims = {};  // kept along with them: newer ones in the place of older ones

  ledger::Head head() const { return entries.empty() ? expected : entries.back().head(); }
};

struct Partnership {
  LedgerId ledger;
  ledger::Head head;
};

// For one thread at a time.
class Ledger {
 public:
  // Takes one entry; false ends the reading early.
  using See = std::function<absl::StatusOr<bool>(sync::ChainedEntry&&)>;
  using HeadSeen = std::function<void(const Partnership&)>;

  virtual ~Ledger() = default;

  // Ascending by id.
  virtual absl::StatusOr<std::vector<Partnership>> Partnerships() = 0;
  // NotFound when there is no such partnership.
  virtual absl::StatusOr<ledger::Head> HeadOf(const LedgerId& ledger) = 0;

  // All batches in one transaction: OK means that every entry survives power loss.
  // FailedPrecondition when a head is not the expected one: nothing changed. ResourceExhausted when
  // the disk is full: nothing changed, and the same may be tried again. Unknown when it may or
  // may not have happened: the ledger is then failed for good and has to be opened again. Anything
  // else: nothing changed.
  virtual absl::Status Append(std::span<const Batch> batches) = 0;

  // The entries of (after, up_to] in order; fewer only when `see` ends it or the ledger does. An
  // error of `see` is returned. DataLoss when one is missing.
  virtual absl::Status Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                            const See& see) = 0;

  virtual absl::StatusOr<std::vector<Claim>> ClaimsOf(const LedgerId& ledger) = 0;

  // The recovery that is open for a partnership, durably; none clears it.
  virtual absl::StatusOr<std::optional<sync::RecoveryNote>> RecoveryOf(const LedgerId& ledger) = 0;
  virtual absl::Status SetRecovery(const LedgerId& ledger,
                                   const std::optional<sync::RecoveryNote>& note) = 0;

  // Since when a partnership is archived, durably; 0: it is not.
  virtual absl::StatusOr<int64_t> ArchivedSince(const LedgerId& ledger) = 0;
  virtual absl::Status SetArchived(const LedgerId& ledger, int64_t since_ms) = 0;

  // Calls `seen` whenever a partnership has a new durable head, whichever process appended; from
  // any thread. An empty one ends it.
  virtual void Watch(HeadSeen seen) = 0;
};

}  // namespace twinning::server

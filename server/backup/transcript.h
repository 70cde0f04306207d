// Appends entries that come one after another, so many in one transaction. Internal to this folder.
#pragma once

#include "absl/status/status.h"
#include "server/ledger/ledger.h"

namespace twinning::server {

class Transcript {
 public:
  // `ledger` must outlive it. Without an id it is read from the founding entry.
  explicit Transcript(Ledger& ledger, const LedgerId& id = {}) : ledger_(ledger) {
    batch_.ledger = id;
  }

  absl::Status Take(sync::ChainedEntry entry);
  // After the last one. FailedPrecondition, here and above, when the ledger has others already.
  absl::Status Flush();

  const LedgerId& ledger() const { return batch_.ledger; }
  const ledger::Head& head() const { return batch_.expected; }

 private:
  absl::Status ReadId(const v1::Entry& founding);

  Ledger& ledger_;
  Batch batch_;
};

}  // namespace twinning::server

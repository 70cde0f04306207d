// A partnership's durable entries, as its plan reads its past again.
#pragma once

#include "common/ledger/entry_source.h"
#include "server/ledger/ledger.h"

namespace twinning::server {

class LedgerPast : public ledger::EntrySource {
 public:
  LedgerPast(Ledger& ledger, const LedgerId& id) : ledger_(ledger), id_(id) {}

  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override {
    return ledger_.Read(id_, after, up_to,
                        [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                          if (absl::Status seen = see(chained.entry); !seen.ok()) return seen;
                          return true;
                        });
  }

 private:
  Ledger& ledger_;
  const LedgerId id_;
};

}  // namespace twinning::server

// The edits that some records were made from, read again from the ledger and the outbox. Internal
// to this folder.
#pragma once

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "common/plan/plan.h"

namespace twinning::plan {

struct Logged {
  merge::Author author;
  TownId town;
  RecordId record;  // as the edit names it
  v1::Edit edit;
};

// Edits of the taken changes that name one of `records`, after entry `after`, in merge order. Stops
// before the change `until` when one is given.
absl::StatusOr<std::vector<Logged>> HistoryOf(const Plan& plan, const std::set<RecordId>& records,
                                              Sequence after,
                                              const ledger::ParsedChange* until = nullptr);

// Of a write of a known member; empty otherwise.
TownId TownOf(const Plan& plan, const merge::Stamp& stamp);

}  // namespace twinning::plan

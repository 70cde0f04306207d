// A change whose edits have been read, on its way into a plan.
#pragma once

#include "common/ledger/change.h"
#include "twinning/v1/change.pb.h"

namespace twinning::plan {

struct Change {
  ledger::ParsedChange authored;
  v1::Edits edits;
  bool readable = false;  // false: the payload is no Edits message; such a change is refused
};

Change ReadChange(ledger::ParsedChange authored);

// Every record that its edits name; ascending, without repeats.
std::vector<RecordId> RecordsOf(const v1::Edits& edits);

}  // namespace twinning::plan

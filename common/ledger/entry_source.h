// Where entries that were applied before can be read again: a plan needs its past for the rare things
// that ask for it (letting a record diverge, undo). The server's ledger and the client's replica are
// the two that implement it.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "common/base/ids.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

class EntrySource {
 public:
  virtual ~EntrySource() = default;

  // Calls `see` with the entries of (after, up_to] in order, all of them or an error. Entries that
  // were applied to the plan but are not yet durable are included.
  virtual absl::Status Read(Sequence after, Sequence up_to,
                            const std::function<absl::Status(const v1::Entry&)>& see) const = 0;
};

}  // namespace twinning::ledger

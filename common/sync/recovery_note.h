// A recovery that an operator or a restore has begun: no new changes are taken until it is over, so
// that what was lost can return to its own place.
#pragma once

#include <cstdint>

#include "common/base/ids.h"

namespace twinning::sync {

struct RecoveryNote {
  uint64_t epoch = 0;     // that begins when it is over
  Sequence began_at = 0;  // the ledger's head when it began

  bool operator==(const RecoveryNote&) const = default;
};

}  // namespace twinning::sync

// What every implementation of Ledger checks and says alike. Internal to this folder.
#pragma once

#include "server/ledger/ledger.h"

namespace twinning::server {

// InvalidArgument unless the batch has entries and they are consecutive after its expected head.
absl::Status CheckBatch(const Batch& batch);

absl::Status NoSuchPartnership(const LedgerId& ledger);
absl::Status HeadMoved(const Batch& batch, Sequence actual);

}  // namespace twinning::server

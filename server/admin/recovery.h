// How a partnership's recovery stands, and what an operator does about it. For the sequencer's
// thread.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "server/sequencer/sequencer.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

absl::StatusOr<v1::RecoveryReport> ReportRecovery(Sequencer& sequencer, const LedgerId& ledger);

// FailedPrecondition when one is open already.
absl::StatusOr<v1::RecoveryReport> BeginRecovery(Sequencer& sequencer, const LedgerId& ledger);

// Calls `done` once, when its end is durable or has failed. FailedPrecondition when none is open.
void FinishRecovery(Sequencer& sequencer, const LedgerId& ledger,
                    std::function<void(absl::StatusOr<v1::RecoveryReport>)> done);

}  // namespace twinning::server

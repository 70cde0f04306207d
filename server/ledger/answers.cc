#include "server/ledger/answers.h"

#include <fmt/core.h>

#include "common/base/status.h"

namespace twinning::server {
namespace {

std::string ShortName(const LedgerId& ledger) { return ledger.hex().substr(0, 8); }

}  // namespace

absl::Status CheckBatch(const Batch& batch) {
  if (batch.entries.empty()) return InvalidArgument("a batch without entries");
  Sequence next = batch.expected.sequence;
  for (const sync::ChainedEntry& chained : batch.entries) {
    if (chained.entry.sequence() == ++next) continue;
    return InvalidArgument(fmt::format("entry {} stands where {} should, in partnership {}",
                                       chained.entry.sequence(), next, ShortName(batch.ledger)));
  }
  return absl::OkStatus();
}

absl::Status NoSuchPartnership(const LedgerId& ledger) {
  return NotFound(fmt::format("there is no partnership {} on this server", ShortName(ledger)));
}

absl::Status HeadMoved(const Batch& batch, Sequence actual) {
  return FailedPrecondition(fmt::format("partnership {} is at {}, not at {}: nothing was appended",
                                        ShortName(batch.ledger), actual, batch.expected.sequence));
}

}  // namespace twinning::server

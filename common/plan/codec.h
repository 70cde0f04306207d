// A confirmed plan as bytes: what a client checkpoints, a server keeps for a fast start, and a new
// replica receives before history. Records apart from the rest, so that a checkpoint writes only
// those that changed. Never hashed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/plan/plan.h"

namespace twinning::plan {

// Everything but the records: head, name, schema, towns, members, personal values, epoch.
std::string EncodeFacts(const Plan& plan);
// A plan with those facts and no records yet.
absl::StatusOr<Plan> DecodeFacts(std::string_view facts, const ledger::EntrySource& past);
// Adds one record, as merge::EncodeRecord wrote it. `trusted` bytes are from our own disk.
absl::Status LoadRecord(Plan& plan, std::string_view record, bool trusted);

}  // namespace twinning::plan

#include "server/backup/transcript.h"

#include <optional>
#include <span>
#include <utility>

#include "common/base/status.h"

namespace twinning::server {
namespace {

constexpr size_t kWrittenAtOnce = 1000;

}  // namespace

absl::Status Transcript::ReadId(const v1::Entry& founding) {
  v1::Founding statement;
  std::optional<LedgerId> id;
  if (statement.ParseFromString(founding.body())) id = LedgerId::Of(statement.ledger());
  if (!id) return DataLoss("its first entry founds no partnership");
  batch_.ledger = *id;
  return absl::OkStatus();
}

absl::Status Transcript::Take(sync::ChainedEntry entry) {
  if (entry.entry.kind() == v1::FOUNDING && batch_.ledger.empty()) {
    TWINNING_RETURN_IF_ERROR(ReadId(entry.entry));
  }
  batch_.entries.push_back(std::move(entry));
  return batch_.entries.size() < kWrittenAtOnce ? absl::OkStatus() : Flush();
}

absl::Status Transcript::Flush() {
  if (batch_.entries.empty()) return absl::OkStatus();
  absl::Status appended = ledger_.Append(std::span(&batch_, 1));
  batch_.expected = batch_.head();
  batch_.entries.clear();
  return appended;
}

}  // namespace twinning::server

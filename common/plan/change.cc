#include "common/plan/change.h"

#include <set>

namespace twinning::plan {

Change ReadChange(ledger::ParsedChange authored) {
  Change change;
  const std::string& payload = authored.payload;
  change.readable = change.edits.ParseFromArray(payload.data(), static_cast<int>(payload.size())) &&
                    !change.edits.edits().empty();
  change.authored = std::move(authored);
  return change;
}

std::vector<RecordId> RecordsOf(const v1::Edits& edits) {
  std::set<RecordId> records;
  for (const v1::Edit& edit : edits.edits()) {
    if (std::optional<RecordId> id = RecordId::Of(edit.record())) records.insert(*id);
  }
  return {records.begin(), records.end()};
}

}  // namespace twinning::plan

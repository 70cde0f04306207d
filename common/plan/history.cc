#include "common/plan/history.h"

#include "common/base/status.h"
#include "common/ledger/readmission.h"

namespace twinning::plan {
namespace {

void Keep(const Plan& plan, const Change& change, Sequence sequence,
          const std::set<RecordId>& records, std::vector<Logged>& log) {
  merge::Author author = plan.AuthorOf(change.authored, sequence);
  for (const v1::Edit& edit : change.edits.edits()) {
    std::optional<RecordId> id = RecordId::Of(edit.record());
    if (id && records.count(*id) > 0) {
      log.push_back({author, TownOf(plan, author.stamp), *id, edit});
    }
  }
}

bool Same(const ledger::ParsedChange& change, const ledger::ParsedChange* other) {
  return other != nullptr && change.replica == other->replica && change.number == other->number;
}

}  // namespace

TownId TownOf(const Plan& plan, const merge::Stamp& stamp) {
  return stamp.replica < plan.members().size() ? plan.members()[stamp.replica].town : TownId();
}

absl::StatusOr<std::vector<Logged>> HistoryOf(const Plan& plan, const std::set<RecordId>& records,
                                              Sequence after, const ledger::ParsedChange* until) {
  std::vector<Logged> log;
  bool reached = false;
  auto see = [&](const v1::Entry& entry) -> absl::Status {
    if (reached || plan.ignored().count(entry.sequence()) > 0) return absl::OkStatus();
    v1::Entry kept;
    const v1::Entry& effect = ledger::EffectOf(entry, kept);
    if (effect.kind() != v1::CHANGE) return absl::OkStatus();
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(effect.body()));
    reached = Same(parsed, until);
    if (!reached) Keep(plan, ReadChange(std::move(parsed)), entry.sequence(), records, log);
    return absl::OkStatus();
  };
  TWINNING_RETURN_IF_ERROR(plan.past().Read(after, plan.head().sequence, see));
  for (const Change& change : plan.pending()) {
    reached = reached || Same(change.authored, until);
    if (!reached) Keep(plan, change, merge::kPending, records, log);
  }
  return log;
}

}  // namespace twinning::plan

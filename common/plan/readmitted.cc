// What a restore lost and the ledger takes back: its effect where it stands now, with the context
// that its author had then.
#include <algorithm>

#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/ledger/readmission.h"
#include "common/plan/plan.h"

namespace twinning::plan {

absl::Status Plan::ApplyReadmission(const v1::Entry& entry, Applied& applied) {
  TWINNING_ASSIGN_OR_RETURN(v1::Readmission readmission, ledger::ReadReadmission(entry));
  ledger::AddTo(lineage_, entry);
  if (readmission.idle()) return absl::OkStatus();
  if (TWINNING_FAULT("what comes back does nothing")) return absl::OkStatus();
  v1::Entry kept;
  return ApplyReturned(ledger::EffectOf(entry, kept), applied);
}

// A change that the plan refuses now stays in the ledger, and goes back to its author.
absl::Status Plan::ApplyReturned(const v1::Entry& entry, Applied& applied) {
  TWINNING_RETURN_IF_ERROR(ApplyBody(entry, nullptr, false, applied));
  if (!applied.ignored) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(entry.body()));
  Change change = ReadChange(std::move(parsed));
  roster_.Edit(*IndexOf(change.authored.replica))
      .refused.push_back({entry.sequence(), RecordsOf(change.edits)});
  applied.lapsed = std::move(applied.ignored);
  applied.ignored.reset();
  return absl::OkStatus();
}

bool Plan::HadSeen(const ledger::Head& base, Sequence sequence) const {
  const ledger::Lost* lost = lineage().Find(base.hash);
  if (lost == nullptr) return sequence <= base.sequence;
  return sequence <= lost->fork || lineage().Includes(base.hash, sequence);
}

std::shared_ptr<const merge::Beyond> Plan::BeyondOf(const ledger::Lost* base,
                                                    const Member& member) const {
  if (base == nullptr && member.continues.empty()) return nullptr;
  if (TWINNING_FAULT("lineage forgotten")) return nullptr;
  auto beyond = std::make_shared<merge::Beyond>();
  beyond->numbers.resize(members().size());
  auto raise = [&](const ReplicaId& replica, Number number) {
    if (std::optional<merge::ReplicaIndex> index = IndexOf(replica)) {
      beyond->numbers[*index] = std::max(beyond->numbers[*index], number);
    }
  };
  if (base != nullptr) {
    beyond->statements = base->readmitted;
    for (const auto& [replica, number] : lineage().NumbersAt(base->hash)) raise(replica, number);
  }
  // A copy may be of a copy.
  for (const Member* copy = &member; copy != nullptr && !copy->continues.empty();) {
    raise(copy->continues, copy->continues_number);
    const Member* original = FindMember(copy->continues);
    copy = original != nullptr && original->enrolled < copy->enrolled ? original : nullptr;
  }
  return beyond;
}

}  // namespace twinning::plan

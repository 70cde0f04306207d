#include "common/plan/conflicts.h"

namespace twinning::plan {
namespace {

// Who wrote something, as far as the plan knows: what founding and admission wrote has no replica.
template <typename Named>
void NameAuthor(const Plan& plan, const merge::Stamp& stamp, Named& named) {
  named.stamp = stamp;
  if (stamp.replica >= plan.members().size()) return;
  const Member& member = plan.members()[stamp.replica];
  named.replica = member.replica;
  named.author = member.name;
  named.town = member.town;
}

std::vector<Candidate> CandidatesOf(const Plan& plan, merge::ConflictKind kind,
                                    const std::vector<merge::Candidate>& candidates) {
  std::vector<Candidate> named;
  for (const merge::Candidate& candidate : candidates) {
    Candidate one;
    NameAuthor(plan, candidate.stamp, one);
    one.number = candidate.stamp.number;
    one.time_ms = candidate.time_ms;
    one.value = candidate.value;
    if (kind == merge::ConflictKind::kDeletion) {
      std::optional<RecordId> edited = merge::ReferenceOf(candidate.value);
      one.deletes = !edited;
      one.edited = edited.value_or(RecordId());
    }
    named.push_back(std::move(one));
  }
  return named;
}

Conflict Open(const Plan& plan, const merge::Record& record, const merge::OpenConflict& open,
              merge::ConflictKind kind, const merge::TextKey& key,
              const std::vector<merge::Candidate>& candidates) {
  Conflict conflict;
  conflict.id = open.id;
  conflict.record = record.id;
  conflict.field = key.field;
  conflict.language = key.language;
  conflict.kind = kind;
  conflict.opened = open.opened;
  conflict.provisional = open.opened == merge::kPending;
  conflict.candidates = CandidatesOf(plan, kind, candidates);
  return conflict;
}

Conflict Over(const Plan& plan, const merge::Record& record,
              const merge::SettledConflict& settled) {
  Conflict conflict = Open(plan, record, {settled.id, settled.by.sequence}, settled.kind,
                           {settled.field, settled.language}, settled.candidates);
  Settlement settlement;
  NameAuthor(plan, settled.by, settlement);
  settlement.time_ms = settled.time_ms;
  settlement.outcome = settled.outcome;
  settlement.by_name = settled.by_name;
  settlement.diverged = settled.diverged;
  settlement.reopened = settled.reopened;
  conflict.settled = std::move(settlement);
  return conflict;
}

}  // namespace

std::vector<Conflict> ConflictsOf(const Plan& plan, const merge::Record& record, bool all) {
  using merge::ConflictKind;
  std::vector<Conflict> conflicts;
  if (record.existence.conflict) {
    conflicts.push_back(Open(plan, record, *record.existence.conflict, ConflictKind::kDeletion, {},
                             merge::DeletionCandidates(record)));
  }
  for (const auto& [field, reg] : record.registers) {
    if (!reg.conflict) continue;
    conflicts.push_back(
        Open(plan, record, *reg.conflict, ConflictKind::kValues, {field, ""}, reg.candidates));
    conflicts.back().candidates.back().shown = true;
  }
  for (const auto& [key, text] : record.texts) {
    for (const merge::PassageConflict& open : text.conflicts) {
      conflicts.push_back(
          Open(plan, record, open.conflict, ConflictKind::kPassage, key, open.candidates));
    }
  }
  if (!all) return conflicts;
  for (const merge::SettledConflict& settled : record.settled) {
    conflicts.push_back(Over(plan, record, settled));
  }
  return conflicts;
}

std::vector<Conflict> Conflicts(const Plan& plan, bool all) {
  std::vector<Conflict> conflicts;
  plan.records().ForEach([&](const merge::Record& record) {
    if (record.settled.empty() && !HasOpenConflict(record)) return;
    // What a branch inherited is told by the branch; what was left behind, by nobody.
    if (!record.diverged && !plan.Visible(record) && !record.existence.deleted()) return;
    for (Conflict& conflict : ConflictsOf(plan, record, all))
      conflicts.push_back(std::move(conflict));
  });
  return conflicts;
}

bool HasOpenConflict(const merge::Record& record) {
  if (record.existence.conflict) return true;
  for (const auto& [field, reg] : record.registers) {
    if (reg.conflict) return true;
  }
  for (const auto& [key, text] : record.texts) {
    if (!text.conflicts.empty()) return true;
  }
  return false;
}

}  // namespace twinning::plan

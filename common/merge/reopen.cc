// Taking a settlement back: its candidates return, unless something later replaced what it settled.
#include "common/merge/conflict.h"
#include "common/merge/record.h"

namespace twinning::merge {
namespace {

bool ReopenValues(Record& record, const SettledConflict& settled, const Author& author) {
  auto found = record.registers.find(settled.field);
  if (found == record.registers.end()) return false;
  Register& reg = found->second;
  if (reg.candidates.size() != 1 || reg.candidates.front().stamp != settled.by) return false;
  reg.candidates = settled.candidates;
  reg.conflict = OpenConflict{settled.id, author.stamp.sequence};
  return true;
}

// Where the passage went since is not kept: it is where its settled words stand.
bool ReopenPassage(Record& record, const SettledConflict& settled, const Author& author) {
  auto found = record.texts.find({settled.field, settled.language});
  if (found == record.texts.end()) return false;
  TextField& field = found->second;
  std::optional<Place> place = PlaceOf(settled.outcome, field.document.text());
  if (!place) return false;
  PassageConflict open;
  open.conflict = OpenConflict{settled.id, author.stamp.sequence};
  open.begin = place->begin;
  open.end = place->end;
  open.candidates = settled.candidates;
  field.conflicts.push_back(std::move(open));
  return true;
}

bool IsDeletion(const Candidate& candidate) { return candidate.value == IntegerValue(0); }

// The deletions stand again, each challenged by every edit that stood against one of them.
std::vector<Deletion> DeletionsOf(const SettledConflict& settled) {
  std::vector<Touch> edits;
  for (const Candidate& candidate : settled.candidates) {
    std::optional<RecordId> source = ReferenceOf(candidate.value);
    if (source) edits.push_back({candidate.stamp, *source, candidate.time_ms});
  }
  std::vector<Deletion> deletions;
  for (const Candidate& candidate : settled.candidates) {
    if (IsDeletion(candidate)) deletions.push_back({candidate.stamp, candidate.time_ms, edits});
  }
  return deletions;
}

// Settled as "stays", it may be open again while nobody has deleted the record since; settled as
// "deleted", while exactly that deletion stands.
bool ReopenDeletion(Record& record, const SettledConflict& settled, const Author& author) {
  Existence& existence = record.existence;
  bool deleted = settled.outcome == IntegerValue(0);
  bool as_settled = deleted ? existence.deletions.size() == 1 &&
                                  existence.deletions.front().stamp == settled.by &&
                                  existence.deletions.front().challengers.empty()
                            : existence.deletions.empty();
  std::vector<Deletion> deletions = DeletionsOf(settled);
  if (!as_settled || deletions.empty() || deletions.front().challengers.empty()) return false;
  existence.deletions = std::move(deletions);
  existence.conflict = OpenConflict{settled.id, author.stamp.sequence};
  return true;
}

bool ReopenOne(Record& record, const SettledConflict& settled, const Author& author) {
  switch (settled.kind) {
    case ConflictKind::kValues:
      return ReopenValues(record, settled, author);
    case ConflictKind::kPassage:
      return ReopenPassage(record, settled, author);
    case ConflictKind::kDeletion:
      return ReopenDeletion(record, settled, author);
  }
  return false;
}

}  // namespace

bool Reopen(Record& record, const Hash& conflict, const Author& author) {
  for (SettledConflict& settled : record.settled) {
    if (settled.id != conflict || settled.reopened || !author.context.Holds(settled.by)) continue;
    settled.reopened = ReopenOne(record, settled, author);
    if (settled.reopened) return true;
  }
  return false;
}

}  // namespace twinning::merge

// Taking a settlement back: its candidates return, unless something later replaced what it settled.
#include "common/merge/conflict.h"
#include "common/merge/record.h"

namespace twinning::merge {
namespace {

bool ReopenValues(Record& record, const SettledConflict& settled, const Author& author) {
  Register& reg = record.registers[settled.field];
  if (reg.candidates.size() != 1 || reg.candidates.front().stamp != settled.by) return false;
  reg.candidates = settled.candidates;
  reg.conflict = OpenConflict{settled.id, author.stamp.sequence};
  return true;
}

// The conflict opens again over the whole text: where its passage went meanwhile is not kept.
bool ReopenPassage(Record& record, const SettledConflict& settled, const Author& author) {
  auto found = record.texts.find({settled.field, settled.language});
  if (found == record.texts.end()) return false;
  TextField& field = found->second;
  PassageConflict open;
  open.conflict = OpenConflict{settled.id, author.stamp.sequence};
  open.begin = 0;
  open.end = field.document.size();
  open.candidates = settled.candidates;
  field.conflicts.push_back(std::move(open));
  return true;
}

}  // namespace

bool Reopen(Record& record, const Hash& conflict, const Author& author) {
  for (SettledConflict& settled : record.settled) {
    if (settled.id != conflict || settled.reopened || !author.context.Holds(settled.by)) continue;
    bool done = false;
    if (settled.kind == ConflictKind::kValues) done = ReopenValues(record, settled, author);
    if (settled.kind == ConflictKind::kPassage) done = ReopenPassage(record, settled, author);
    settled.reopened = done;
    if (done) return true;
  }
  return false;
}

}  // namespace twinning::merge

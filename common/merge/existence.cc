// Whether a record is there: an edit wins over a concurrent deletion, with a conflict that says so.
#include "common/base/bytes.h"
#include "common/merge/conflict.h"
#include "common/merge/record.h"

namespace twinning::merge {
namespace {

const TextKey kNoField{};

// A deletion and what challenges it, as candidates for people to choose between.
std::vector<Candidate> CandidatesOf(const Existence& existence) {
  std::vector<Candidate> candidates;
  for (const Deletion& deletion : existence.deletions) {
    if (deletion.challengers.empty()) continue;
    candidates.push_back({deletion.stamp, IntegerValue(0), deletion.time_ms});
    for (const Touch& touch : deletion.challengers) {
      Candidate edit{touch.stamp, ReferenceValue(touch.source), touch.time_ms};
      if (std::find(candidates.begin(), candidates.end(), edit) == candidates.end()) {
        candidates.push_back(edit);
      }
    }
  }
  return candidates;
}

bool Challenged(const Existence& existence) {
  return std::any_of(existence.deletions.begin(), existence.deletions.end(),
                     [](const Deletion& deletion) { return !deletion.challengers.empty(); });
}

// How the conflict ended, for ever.
void KeepEnd(Record& record, const Author& author, const std::vector<Candidate>& before,
             std::optional<bool> decided) {
  SettledConflict settled;
  settled.id = record.existence.conflict->id;
  settled.kind = ConflictKind::kDeletion;
  settled.candidates =
      decided ? SettledBy(author.context, ConflictKind::kDeletion, before) : before;
  settled.by = author.stamp;
  settled.time_ms = author.time_ms;
  settled.outcome = IntegerValue(decided.value_or(record.existence.deleted()) ? 0 : 1);
  settled.by_name = decided.has_value();
  record.settled.push_back(std::move(settled));
}

// Opens or ends the deletion conflict after the existence changed from having `before`. `decided`
// is whether a settlement by name deletes: that is its outcome, even when an edit that it had not
// seen challenges it at once.
void Judge(Record& record, const Author& author, const std::vector<Candidate>& before,
           std::optional<bool> decided) {
  Existence& existence = record.existence;
  bool open = Challenged(existence) && !existence.deleted();
  if (existence.conflict && (decided || !open)) {
    if (decided || KnowsConflict(ConflictKind::kDeletion, before, author.context)) {
      KeepEnd(record, author, before, decided);
    }
    existence.conflict.reset();
  }
  if (open && !existence.conflict) {
    std::vector<Candidate> candidates = CandidatesOf(existence);
    existence.conflict = Opened(
        record, ConflictId(record.id, kNoField, ConflictKind::kDeletion, candidates.front().stamp),
        author);
  }
}

void AddDeletion(Existence& existence, const Author& author) {
  Deletion deletion{author.stamp, author.time_ms, {}};
  for (const Touch& touch : existence.touches) {
    if (!author.context.Holds(touch.stamp)) deletion.challengers.push_back(touch);
  }
  existence.deletions.push_back(std::move(deletion));
}

}  // namespace

std::vector<Candidate> DeletionCandidates(const Record& record) {
  return record.existence.conflict ? CandidatesOf(record.existence) : std::vector<Candidate>();
}

void TouchRecord(Record& record, const Author& author, const RecordId& source) {
  Existence& existence = record.existence;
  Touch touch{author.stamp, source, author.time_ms};
  auto same = std::find_if(existence.touches.begin(), existence.touches.end(),
                           [&](const Touch& t) { return t.stamp.replica == author.stamp.replica; });
  if (same == existence.touches.end()) {
    existence.touches.push_back(touch);
  } else {
    *same = touch;
  }
  if (existence.deletions.empty()) return;
  std::vector<Candidate> before = CandidatesOf(existence);
  for (Deletion& deletion : existence.deletions) {
    if (author.context.Holds(deletion.stamp)) continue;
    std::erase_if(deletion.challengers, [&](const Touch& earlier) {
      return earlier.stamp.replica == touch.stamp.replica && earlier.source == touch.source;
    });
    deletion.challengers.push_back(touch);
  }
  Judge(record, author, before, std::nullopt);
}

void DeleteRecord(Record& record, const Author& author) {
  std::vector<Candidate> before = CandidatesOf(record.existence);
  DropSeen(record.existence.deletions, author.context);
  AddDeletion(record.existence, author);
  Judge(record, author, before, std::nullopt);
}

void RestoreRecord(Record& record, const Author& author) {
  std::vector<Candidate> before = CandidatesOf(record.existence);
  DropSeen(record.existence.deletions, author.context);
  Judge(record, author, before, std::nullopt);
  TouchRecord(record, author, record.id);
}

void SettleExistence(Record& record, const Author& author, bool deleted) {
  std::vector<Candidate> before = CandidatesOf(record.existence);
  DropSeen(record.existence.deletions, author.context);
  if (deleted) AddDeletion(record.existence, author);
  Judge(record, author, before, deleted);
  if (!deleted) TouchRecord(record, author, record.id);
}

}  // namespace twinning::merge

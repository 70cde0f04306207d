// A text of a record: splices against what their author had seen, and "both rewrote this".
#include <algorithm>
#include <set>
#include <utility>

#include "common/base/status.h"
#include "common/merge/conflict.h"
#include "common/merge/record.h"
#include "common/text/utf8.h"

namespace twinning::merge {
namespace {

// Operations that came with entries up to `base`: a prefix, because marks are in ledger order.
text::Operation PrefixSeen(const TextField& field, Sequence base) {
  auto after = std::partition_point(
      field.marks.begin(), field.marks.end(),
      [&](const TextField::Mark& mark) { return mark.stamp.sequence <= base; });
  return after == field.marks.begin() ? 0 : std::prev(after)->end;
}

// The author's own last operation after the prefix; none when there is none.
std::optional<text::Operation> OwnLast(const TextField& field, const Context& context,
                                       text::Operation prefix) {
  for (auto mark = field.marks.rbegin(); mark != field.marks.rend() && mark->end > prefix; ++mark) {
    if (mark->stamp.replica == context.replica && mark->stamp.number <= context.number) {
      return mark->end - 1;
    }
  }
  return std::nullopt;
}

// The last operation after the prefix of each replica that the author had seen beyond their base.
text::Version SeenBeyond(const TextField& field, const Context& context, text::Operation prefix) {
  text::Version seen;
  if (context.beyond == nullptr) return seen;
  std::set<ReplicaIndex> found;
  for (auto mark = field.marks.rbegin(); mark != field.marks.rend() && mark->end > prefix; ++mark) {
    if (!context.beyond->Holds(mark->stamp) || !found.insert(mark->stamp.replica).second) continue;
    seen = field.document.Merge(seen, {mark->end - 1});
  }
  return seen;
}

text::Version ParentsOf(const TextField& field, const Context& context, text::Operation prefix) {
  if (prefix == field.document.operations()) return field.document.version();
  text::Version parents = field.document.VersionAt(prefix);
  if (std::optional<text::Operation> own = OwnLast(field, context, prefix)) {
    parents = field.document.Merge(parents, {*own});
  }
  if (context.beyond == nullptr) return parents;
  return field.document.Merge(parents, SeenBeyond(field, context, prefix));
}

bool AllSeen(const TextField& field, const Context& context) {
  for (auto mark = field.marks.rbegin(); mark != field.marks.rend(); ++mark) {
    if (mark->stamp.sequence <= context.base) return true;
    if (!context.Holds(mark->stamp)) return false;
  }
  return true;
}

// The size that the author's last change left, when they have seen nothing of this text since.
std::optional<int64_t> SizeAtOwnLast(const TextField& field, const Context& context) {
  if (context.beyond != nullptr) return std::nullopt;
  for (auto mark = field.marks.rbegin(); mark != field.marks.rend(); ++mark) {
    if (mark->stamp.replica == context.replica) {
      if (mark->size < 0 || !context.Holds(mark->stamp)) return std::nullopt;
      if (PrefixSeen(field, mark->base) != PrefixSeen(field, context.base)) return std::nullopt;
      return mark->size;
    }
    if (mark->stamp.sequence <= context.base) return std::nullopt;
  }
  return std::nullopt;
}

int64_t Growth(const std::vector<text::Splice>& splices) {
  int64_t growth = 0;
  for (const text::Splice& splice : splices) {
    growth += text::CodePoints(splice.inserted) - splice.removed;
  }
  return growth;
}

// Where a place of the merged text is after a splice of it: behind what is put in exactly there
// when `after_insertion`, before it otherwise.
int64_t Moved(int64_t place, const text::Splice& splice, bool after_insertion) {
  if (place < splice.position) return place;
  int64_t inserted = text::CodePoints(splice.inserted);
  if (place == splice.position && splice.removed == 0) {
    return after_insertion ? place + inserted : place;
  }
  int64_t kept = std::max<int64_t>(0, place - splice.position - splice.removed);
  return splice.position + (place > splice.position || after_insertion ? inserted : 0) + kept;
}

// What is put in exactly where a passage ends begins the next one, unless there is none, or nothing
// is left of the passage.
void MoveConflicts(TextField& field, const std::vector<text::Splice>& merged) {
  for (PassageConflict& open : field.conflicts) {
    int64_t size = field.document.size() - Growth(merged);
    for (const text::Splice& splice : merged) {
      bool grows = open.begin == open.end || open.end == size;
      int64_t begin = Moved(open.begin, splice, false);
      int64_t end = Moved(open.end, splice, grows);
      open.begin = begin;
      open.end = std::max(begin, end);
      size += Growth({splice});
    }
  }
}

const TextField::Mark& MarkOf(const TextField& field, text::Operation operation) {
  auto mark = std::partition_point(field.marks.begin(), field.marks.end(),
                                   [&](const TextField::Mark& m) { return m.end <= operation; });
  return *mark;
}

std::string Reads(const TextField& field, int64_t begin, int64_t end) {
  return std::string(text::SubstringOfCodePoints(field.document.text(), begin, end - begin));
}

// The other side is a candidate already, or becomes one: who knew of the conflict and went on
// rewriting is none before.
void Join(PassageConflict& open, const Author& author, Candidate theirs, Candidate ours) {
  std::vector<Candidate>& candidates = open.candidates;
  DropSeen(candidates, author.context);
  auto of_their_replica = [&](const Candidate& candidate) {
    return candidate.stamp.replica == theirs.stamp.replica;
  };
  bool there = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
    return of_their_replica(candidate) && candidate.stamp.number >= theirs.stamp.number;
  });
  if (!there) {
    std::erase_if(candidates, of_their_replica);
    auto after =
        std::find_if(candidates.begin(), candidates.end(),
                     [&](const Candidate& candidate) { return theirs.stamp < candidate.stamp; });
    candidates.insert(after, std::move(theirs));
  }
  candidates.push_back(std::move(ours));
}

// Whether they have text in common, or one is empty within the other. Neighbours do not meet: each
// sentence has its own versions.
bool Meet(const PassageConflict& open, const text::Overlap& overlap) {
  int64_t begin = std::max(open.begin, overlap.begin);
  int64_t end = std::min(open.end, overlap.end);
  bool empty = open.begin == open.end || overlap.begin == overlap.end;
  return begin < end || (empty && begin == end);
}

// An overlap joins the conflict that is open in its passage, or opens one.
void Raise(Record& record, const TextKey& key, const Author& author, const text::Overlap& overlap) {
  TextField& field = record.texts[key];
  Candidate ours{author.stamp, overlap.ours, author.time_ms};
  const TextField::Mark& mark = MarkOf(field, overlap.theirs_last);
  Candidate theirs{mark.stamp, overlap.theirs, mark.time_ms};
  for (PassageConflict& open : field.conflicts) {
    if (!Meet(open, overlap)) continue;
    Join(open, author, std::move(theirs), std::move(ours));
    open.begin = std::min(open.begin, overlap.begin);
    open.end = std::max(open.end, overlap.end);
    return;
  }
  // The same words written twice may stand there twice: nobody wrote that.
  if (overlap.ours == overlap.theirs && Reads(field, overlap.begin, overlap.end) == overlap.ours)
    return;
  PassageConflict conflict;
  Hash id = ConflictId(record.id, key, ConflictKind::kPassage, theirs.stamp, overlap.common_begin);
  conflict.conflict = Opened(record, id, author);
  conflict.begin = overlap.begin;
  conflict.end = overlap.end;
  conflict.candidates = {std::move(theirs), std::move(ours)};
  field.conflicts.push_back(std::move(conflict));
}

// What this change joined is over when all have come to write the same, and it stands there so.
void EndWhereAllAgree(TextField& field, const Stamp& stamp) {
  std::erase_if(field.conflicts, [&](const PassageConflict& open) {
    return open.candidates.back().stamp == stamp &&
           !Differ(ConflictKind::kPassage, open.candidates) &&
           Reads(field, open.begin, open.end) == open.candidates.back().value;
  });
}

}  // namespace

text::Version VersionSeenBy(const TextField& field, const Context& context) {
  return ParentsOf(field, context, PrefixSeen(field, context.base));
}

absl::StatusOr<int64_t> SizeSeenBy(const TextField& field, const Context& context) {
  if (AllSeen(field, context)) return field.document.size();
  if (std::optional<int64_t> size = SizeAtOwnLast(field, context)) return *size;
  text::Operation prefix = PrefixSeen(field, context.base);
  TWINNING_ASSIGN_OR_RETURN(std::string seen,
                            field.document.TextAt(ParentsOf(field, context, prefix)));
  return text::CodePoints(seen);
}

absl::Status SpliceText(Record& record, const TextKey& key, const Author& author,
                        const std::vector<text::Splice>& splices) {
  TextField& field = record.texts[key];
  bool concurrent = !AllSeen(field, author.context);
  TWINNING_ASSIGN_OR_RETURN(int64_t size, SizeSeenBy(field, author.context));
  text::Operation prefix = PrefixSeen(field, author.context.base);
  text::Operation first = field.document.operations();
  text::Author writer = field.document.AddAuthor(author.replica.bytes());
  if (!concurrent && field.conflicts.empty()) {
    TWINNING_RETURN_IF_ERROR(field.document.Append(writer, splices));
  } else {
    text::Version parents =
        concurrent ? ParentsOf(field, author.context, prefix) : field.document.version();
    TWINNING_ASSIGN_OR_RETURN(std::vector<text::Splice> merged,
                              field.document.Append(writer, parents, splices));
    MoveConflicts(field, merged);
  }
  text::Operation end = field.document.operations();
  if (end == first) return absl::OkStatus();
  bool plain = author.context.beyond == nullptr;  // the size serves others of the same base only
  field.marks.push_back({author.stamp, end, author.time_ms, plain ? size + Growth(splices) : -1,
                         author.context.base});
  if (!concurrent) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(
      std::vector<text::Overlap> overlaps,
      field.document.FindOverlaps(prefix, first, end, SeenBeyond(field, author.context, prefix)));
  for (const text::Overlap& overlap : overlaps) Raise(record, key, author, overlap);
  if (!overlaps.empty()) EndWhereAllAgree(field, author.stamp);
  return absl::OkStatus();
}

}  // namespace twinning::merge

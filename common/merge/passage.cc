// Settlements of a passage that both sides rewrote.
#include <algorithm>

#include "common/base/status.h"
#include "common/merge/conflict.h"
#include "common/merge/record.h"
#include "common/text/utf8.h"

namespace twinning::merge {
namespace {

bool Holds(const std::vector<Candidate>& candidates, const Stamp& name) {
  return std::any_of(candidates.begin(), candidates.end(),
                     [&](const Candidate& candidate) { return Names({name}, candidate.stamp); });
}

bool HoldsAll(const std::vector<Candidate>& candidates, const std::vector<Stamp>& named) {
  return std::all_of(named.begin(), named.end(),
                     [&](const Stamp& name) { return Holds(candidates, name); });
}

bool HoldsAny(const std::vector<Candidate>& candidates, const std::vector<Stamp>& named) {
  return std::any_of(named.begin(), named.end(),
                     [&](const Stamp& name) { return Holds(candidates, name); });
}

std::vector<PassageConflict>::iterator FindOpen(TextField& field, const Hash& id) {
  return std::find_if(field.conflicts.begin(), field.conflicts.end(),
                      [&](const PassageConflict& open) { return open.conflict.id == id; });
}

std::string WordsOf(const TextField& field, const PassageConflict& open) {
  return std::string(
      text::SubstringOfCodePoints(field.document.text(), open.begin, open.end - open.begin));
}

// How the passage reads to an author, which is not how it reads here when their splices met others
// that they had not seen.
absl::StatusOr<std::string> WordsSeenBy(const TextField& field, const Context& context,
                                        const PassageConflict& open) {
  return field.document.ReadingAt(VersionSeenBy(field, context), open.begin, open.end);
}

// `before` is a conflict as it was before the settlement's splices. What the settlement had not
// seen, there or joined by these splices, stands against it in a conflict of their own.
absl::Status EndPassage(Record& record, const TextKey& key, const Author& author,
                        const PassageConflict& before) {
  TextField& field = record.texts[key];
  auto open = FindOpen(field, before.conflict.id);
  if (open == field.conflicts.end()) return absl::OkStatus();
  SettledConflict settled;
  settled.id = before.conflict.id;
  settled.kind = ConflictKind::kPassage;
  settled.field = key.field;
  settled.language = key.language;
  settled.candidates = SettledBy(author.context, ConflictKind::kPassage, before.candidates);
  settled.by = author.stamp;
  settled.time_ms = author.time_ms;
  TWINNING_ASSIGN_OR_RETURN(settled.outcome, WordsSeenBy(field, author.context, *open));
  settled.by_name = true;
  std::vector<Candidate> left = open->candidates;
  DropSeen(left, author.context);
  if (left.empty()) {
    field.conflicts.erase(open);
  } else {
    Hash id = ConflictId(record.id, key, ConflictKind::kPassage, left.front().stamp, open->begin);
    left.push_back({author.stamp, settled.outcome, author.time_ms});
    open->candidates = std::move(left);
    open->conflict = Opened(record, id, author);
  }
  record.settled.push_back(std::move(settled));
  return absl::OkStatus();
}

// A settlement of the same that this one had not seen.
const SettledConflict* Rival(const Record& record, const TextKey& key, const Author& author,
                             const std::vector<Stamp>& named) {
  auto rival = std::find_if(
      record.settled.rbegin(), record.settled.rend(), [&](const SettledConflict& settled) {
        return settled.kind == ConflictKind::kPassage && settled.field == key.field &&
               settled.language == key.language && settled.by_name && !settled.reopened &&
               !settled.diverged && !author.context.Holds(settled.by) &&
               HoldsAny(settled.candidates, named);
      });
  return rival == record.settled.rend() ? nullptr : &*rival;
}

// Opens what will be the conflict between the two settlements, so that it moves with the splices of
// the second, and overlaps join it.
std::optional<Hash> OpenAgainst(const SettledConflict& rival, Record& record, const TextKey& key,
                                const Author& author) {
  TextField& field = record.texts[key];
  std::optional<Place> place = PlaceOf(rival.outcome, field.document.text());
  if (!place) return std::nullopt;
  PassageConflict open;
  open.conflict.id = ConflictId(record.id, key, ConflictKind::kPassage, rival.by, place->begin);
  open.conflict.opened = author.stamp.sequence;
  open.begin = place->begin;
  open.end = place->end;
  open.candidates = {{rival.by, rival.outcome, rival.time_ms}};
  field.conflicts.push_back(open);
  return open.conflict.id;
}

// Equal settlements are no conflict, where the text reads so.
absl::Status JudgeAgainst(const Hash& id, Record& record, const TextKey& key,
                          const Author& author) {
  TextField& field = record.texts[key];
  auto open = FindOpen(field, id);
  if (open == field.conflicts.end()) return absl::OkStatus();
  TWINNING_ASSIGN_OR_RETURN(std::string words, WordsSeenBy(field, author.context, *open));
  std::vector<Candidate>& candidates = open->candidates;
  if (candidates.back().stamp == author.stamp) candidates.pop_back();
  candidates.push_back({author.stamp, std::move(words), author.time_ms});
  if (!Differ(ConflictKind::kPassage, candidates) &&
      WordsOf(field, *open) == candidates.back().value) {
    field.conflicts.erase(open);
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<Place> PlaceOf(std::string_view words, std::string_view text) {
  size_t at = words.empty() ? 0 : text.find(words);
  if (at == std::string_view::npos) return std::nullopt;
  if (words.empty() || text.find(words, at + 1) != std::string_view::npos) {
    return Place{0, text::CodePoints(text)};
  }
  int64_t begin = text::CodePoints(text.substr(0, at));
  return Place{begin, begin + text::CodePoints(words)};
}

absl::Status SettlePassage(Record& record, const TextKey& key, const Author& author,
                           const std::vector<Stamp>& named,
                           const std::vector<text::Splice>& splices) {
  std::vector<PassageConflict> settling;
  for (const PassageConflict& open : record.texts[key].conflicts) {
    if (KnowsConflict(ConflictKind::kPassage, open.candidates, author.context) &&
        HoldsAll(open.candidates, named)) {
      settling.push_back(open);
    }
  }
  const SettledConflict* rival = settling.empty() ? Rival(record, key, author, named) : nullptr;
  std::optional<Hash> against =
      rival != nullptr ? OpenAgainst(*rival, record, key, author) : std::nullopt;
  TWINNING_RETURN_IF_ERROR(SpliceText(record, key, author, splices));
  for (const PassageConflict& before : settling) {
    TWINNING_RETURN_IF_ERROR(EndPassage(record, key, author, before));
  }
  return against ? JudgeAgainst(*against, record, key, author) : absl::OkStatus();
}

}  // namespace twinning::merge

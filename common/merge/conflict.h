// Helpers shared by the rules that can end in a conflict. Internal to this folder.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "common/merge/record.h"

namespace twinning::merge {

// Drops what the context holds.
template <typename Stamped>
void DropSeen(std::vector<Stamped>& items, const Context& context) {
  std::erase_if(items, [&](const Stamped& item) { return context.Holds(item.stamp); });
}

inline bool Differ(ConflictKind kind, const std::vector<Candidate>& candidates) {
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
    const Value& first = candidates.front().value;
    return kind == ConflictKind::kValues ? !SayTheSame(candidate.value, first)
                                         : candidate.value != first;
  });
}

// Of a conflict's candidates those that a settlement speaks of: what its author had seen. All of
// them when its author had not seen any two that differ.
inline std::vector<Candidate> SettledBy(const Context& context, ConflictKind kind,
                                        const std::vector<Candidate>& candidates) {
  std::vector<Candidate> seen;
  for (const Candidate& candidate : candidates) {
    if (context.Holds(candidate.stamp)) seen.push_back(candidate);
  }
  return Differ(kind, seen) ? seen : candidates;
}

inline bool HoldsAny(const Context& context, const std::vector<Candidate>& candidates) {
  return std::any_of(candidates.begin(), candidates.end(),
                     [&](const Candidate& candidate) { return context.Holds(candidate.stamp); });
}

inline bool Names(const std::vector<Stamp>& named, const Stamp& stamp) {
  return std::any_of(named.begin(), named.end(), [&](const Stamp& name) {
    return name.replica == stamp.replica && name.number == stamp.number;
  });
}

// Where `words` stand in `text`, in code points; all of it when there are several such places, or
// no words. None when they stand nowhere.
struct Place {
  int64_t begin = 0;
  int64_t end = 0;
};
std::optional<Place> PlaceOf(std::string_view words, std::string_view text);

// What opens now. A conflict that ended by itself and opens again under its id is no longer over.
inline OpenConflict Opened(Record& record, const Hash& id, const Author& author) {
  for (SettledConflict& settled : record.settled) {
    if (settled.id == id) settled.reopened = true;
  }
  return {id, author.stamp.sequence};
}

}  // namespace twinning::merge

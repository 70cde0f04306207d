#include "common/text/passage_reader.h"

#include <algorithm>
#include <cstdint>

#include "common/text/common_text.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// The latest operation that every version without some of `history` up to `version` builds on.
Op BaseOf(const History& history, const Version& version) {
  Seen seen;
  history.graph().Resolve(version, seen);
  Split split;
  history.graph().Diff({.prefix = history.operations()}, seen, SIZE_MAX, split);
  Op missing = history.operations();
  for (const OpRange& range : split.only_a) missing = std::min(missing, range.begin);
  return history.CriticalUpTo(missing - 1);
}

}  // namespace

std::string ReadPassage(const Engine& engine, const Version& version, Range merged) {
  const History& history = engine.history();
  Tracker tracker(BaseOf(history, version));
  tracker.CatchUp(history);
  tracker.MoveTo(history, version);
  const Op before = merged.begin == 0 ? -1 : tracker.CharacterAt(merged.begin - 1);
  const bool to_the_end = merged.end == engine.rope().code_points();
  const Op after = to_the_end ? -1 : tracker.CharacterAt(merged.end);
  std::string text = Reader(engine, tracker).Read(before, after);
  if (before >= 0 && tracker.SpotOf(before).visible) text.erase(0, ByteOfCodePoint(text, 1));
  return text;
}

}  // namespace twinning::text

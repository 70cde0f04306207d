#include "common/text/overlap.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/text/passage.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// Finds the characters behind the stretches of a tracker that has taken in everything.
class Reader {
 public:
  Reader(const Engine& engine, const Tracker& tracker) : engine_(engine), tracker_(tracker) {
    const History& history = engine.history();
    if (tracker.base() + 1 >= history.operations()) return;
    for (size_t i = history.RunOf(tracker.base() + 1); i < history.runs().size(); ++i) {
      if (history.runs()[i].kind() == Kind::kInsert || history.ContentOfRun(i).empty()) continue;
      const Run run = history.Clip(i, {tracker.base() + 1, history.operations()});
      for (Op o = run.first; o < run.end(); ++o) {
        if (tracker.TargetOf(o) >= kBaseText) deleted_.emplace_back(tracker.TargetOf(o), o);
      }
    }
    std::sort(deleted_.begin(), deleted_.end());
  }

  // The text visible at the tracker's version from the character `from` (-1: the start) up to but
  // not including `to` (-1: the end).
  std::string Read(Op from, Op to) const {
    std::string text;
    int64_t merged = from < 0 ? 0 : tracker_.SpotOf(from).merged;
    tracker_.Read(from, [&](Tracker::Stretch stretch) {
      const bool last = to >= stretch.first && to - stretch.first < stretch.length;
      if (last) stretch.length = to - stretch.first;
      if (stretch.visible) Append(stretch, merged, text);
      if (stretch.merged) merged += stretch.length;
      return !last;
    });
    return text;
  }

  // One character that is visible at the tracker's version.
  std::string Character(Op character) const {
    const Tracker::Spot spot = tracker_.SpotOf(character);
    std::string text;
    Append({character, 1, spot.visible, spot.alive}, spot.merged, text);
    return text;
  }

 private:
  void Append(const Tracker::Stretch& stretch, int64_t merged, std::string& text) const {
    const Rope& rope = engine_.rope();
    if (stretch.merged) {
      const int64_t rest = rope.code_points() - merged;
      rope.AppendTo(merged, std::min<int64_t>(stretch.length, rest), text);
      return;
    }
    for (Op c = stretch.first; c < stretch.first + stretch.length; ++c) {
      text.append(engine_.history().ContentOf(c < kBaseText ? c : DeletionOf(c)));
    }
  }

  // A deletion of a character of the base text that brought it along.
  Op DeletionOf(Op character) const {
    return std::lower_bound(deleted_.begin(), deleted_.end(), std::pair(character, Op{0}))->second;
  }

  const Engine& engine_;
  const Tracker& tracker_;
  std::vector<std::pair<Op, Op>> deleted_;  // character of the base text, deletion
};

// The common text and its passages. The tracker must stand at its version while this is made and
// while TouchedBy is asked.
class Common {
 public:
  Common(const Reader& reader, const Tracker& tracker) : tracker_(tracker) {
    const std::u32string text = ToCodePoints(reader.Read(-1, -1));
    size_ = static_cast<int64_t>(text.size());
    int64_t position = 0;
    tracker.Read(-1, [&](const Tracker::Stretch& stretch) {
      if (!stretch.visible) return true;
      places_.emplace_back(position, stretch.first);
      position += stretch.length;
      return true;
    });
    passages_ = Passages(std::u32string_view(text));
    if (passages_.empty()) passages_.push_back({0, 0});
    open_ = !LastPassageIsClosed(text);
  }

  Range PassageRange(size_t passage) const { return passages_[passage]; }
  // Whether the passage goes on to the end of whatever text.
  bool IsOpen(size_t passage) const { return open_ && passage + 1 == passages_.size(); }

  // The passage that an operation touches, if any: `character` is what it inserted or deleted.
  std::optional<size_t> TouchedBy(Op character) const {
    const Tracker::Spot spot = tracker_.SpotOf(character);
    // At the base the text behind the end is endless, and nothing can stand in it.
    const int64_t place = std::min<int64_t>(spot.current, size_);
    if (!spot.visible && place == size_) {
      if (open_) return passages_.size() - 1;
      return std::nullopt;
    }
    const auto after = std::upper_bound(passages_.begin(), passages_.end(), place,
                                        [](int64_t p, const Range& r) { return p < r.begin; });
    const auto passage = std::prev(after);
    if (!spot.visible && passage->begin == place) return std::nullopt;
    return passage - passages_.begin();
  }

  // The character at a position of the common text.
  Op CharacterAt(int64_t position) const {
    const auto after = std::upper_bound(
        places_.begin(), places_.end(), position,
        [](int64_t p, const std::pair<int64_t, Op>& place) { return p < place.first; });
    const auto place = std::prev(after);
    return place->second + static_cast<Op>(position - place->first);
  }

  int64_t size() const { return size_; }

 private:
  const Tracker& tracker_;
  std::vector<std::pair<int64_t, Op>> places_;  // position, character there
  std::vector<Range> passages_;
  int64_t size_ = 0;
  bool open_ = false;
};

// The characters around a passage, by which it is found in other versions.
struct Bounds {
  Op before = -1;  // the last one of the passage before; -1: none
  Op first = -1;   // its first; -1: the text is empty
  Op last = -1;    // its last, -1 when it goes on to the end of the text
};

// Touched passages, each with the latest operation that touched it.
using Touched = std::map<size_t, Op>;

void Touch(const History& history, const Tracker& tracker, const Common& common, OpRange range,
           Touched& touched) {
  const auto touch = [&](Op character, Op operation) {
    if (const auto passage = common.TouchedBy(character)) {
      Op& latest = touched.try_emplace(*passage, operation).first->second;
      latest = std::max(latest, operation);
    }
  };
  for (size_t i = history.RunOf(range.begin);
       i < history.runs().size() && history.runs()[i].first < range.end; ++i) {
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      touch(run.first, run.end() - 1);  // all of a run stand in one place of the common text
      continue;
    }
    for (Op o = run.first; o < run.end(); ++o) touch(tracker.TargetOf(o), o);
  }
}

class Search {
 public:
  Search(const Engine& engine, Op prefix)
      : engine_(engine),
        history_(engine.history()),
        prefix_(prefix),
        tracker_(history_.CriticalUpTo(prefix - 1)) {
    tracker_.CatchUp(history_);
  }

  std::vector<Overlap> Run(OpRange event, const std::vector<OpRange>& concurrent) {
    const Reader reader(engine_, tracker_);
    const Version prefix = history_.VersionAt(prefix_);
    tracker_.MoveTo(history_, prefix);
    const Common common(reader, tracker_);
    Touched ours;
    Touched theirs;
    Touch(history_, tracker_, common, event, ours);
    Version concurrent_version = prefix;
    for (const OpRange& range : concurrent) {
      Touch(history_, tracker_, common, range, theirs);
      AddEnds(range, concurrent_version);
    }
    std::vector<Overlap> overlaps;
    std::vector<Bounds> bounds;
    for (const auto& [passage, last] : theirs) {
      if (!ours.contains(passage)) continue;
      const Range range = common.PassageRange(passage);
      overlaps.push_back({range.begin, range.end, 0, 0, "", "", last});
      bounds.push_back(BoundsOf(common, passage));
    }
    if (overlaps.empty()) return overlaps;
    for (size_t i = 0; i < overlaps.size(); ++i) Place(bounds[i], overlaps[i]);
    tracker_.MoveTo(history_, {event.end - 1});
    for (size_t i = 0; i < overlaps.size(); ++i) overlaps[i].ours = Reading(reader, bounds[i]);
    tracker_.MoveTo(history_, history_.Minimal(concurrent_version));
    for (size_t i = 0; i < overlaps.size(); ++i) overlaps[i].theirs = Reading(reader, bounds[i]);
    return overlaps;
  }

 private:
  // Adds the last operation of every entry in `range`: together they include all of it.
  void AddEnds(OpRange range, Version& version) const {
    for (Op begin = range.begin; begin < range.end;) {
      begin = std::min(range.end, history_.entries()[history_.EntryOf(begin)].end);
      version.push_back(begin - 1);
    }
  }

  static Bounds BoundsOf(const Common& common, size_t passage) {
    const Range range = common.PassageRange(passage);
    Bounds bounds;
    if (common.size() == 0) return bounds;
    if (range.begin > 0) bounds.before = common.CharacterAt(range.begin - 1);
    bounds.first = common.CharacterAt(range.begin);
    if (!common.IsOpen(passage)) bounds.last = common.CharacterAt(range.end - 1);
    return bounds;
  }

  // Where a passage begins: at its first character while that is there, else after the passage
  // before, so that what replaced its beginning belongs to it. Gives the first stretch to read and
  // whether its first character is left out.
  static std::pair<Op, bool> BeginOf(const Bounds& bounds, bool first_is_there) {
    if (bounds.first < 0) return {-1, false};
    if (first_is_there) return {bounds.first, false};
    return {bounds.before, bounds.before >= 0};
  }

  std::string Reading(const Reader& reader, const Bounds& bounds) const {
    const bool there = bounds.first >= 0 && tracker_.SpotOf(bounds.first).visible;
    const auto [from, skip] = BeginOf(bounds, there);
    const bool drop_first = skip && tracker_.SpotOf(from).visible;
    const bool add_last = bounds.last >= 0 && tracker_.SpotOf(bounds.last).visible;
    std::string text = reader.Read(from, bounds.last);
    if (drop_first) text.erase(0, ByteOfCodePoint(text, 1));
    if (add_last) text += reader.Character(bounds.last);
    return text;
  }

  void Place(const Bounds& bounds, Overlap& overlap) const {
    const int64_t all = engine_.rope().code_points();
    const bool there = bounds.first >= 0 && tracker_.SpotOf(bounds.first).alive;
    const auto [from, skip] = BeginOf(bounds, there);
    if (from >= 0) {
      const Tracker::Spot spot = tracker_.SpotOf(from);
      overlap.begin = spot.merged + (skip && spot.alive ? 1 : 0);
    }
    overlap.end = all;
    if (bounds.last >= 0) {
      const Tracker::Spot spot = tracker_.SpotOf(bounds.last);
      overlap.end = spot.merged + (spot.alive ? 1 : 0);
    }
  }

  const Engine& engine_;
  const History& history_;
  const Op prefix_;
  Tracker tracker_;
};

}  // namespace

std::vector<Overlap> Overlaps(const Engine& engine, Op prefix, Op first, Op end) {
  const History& history = engine.history();
  if (history.CriticalUpTo(first) == first) return {};
  History::Split split;
  history.Diff(history.VersionAt(first), {first}, split);
  std::vector<OpRange> concurrent;
  for (OpRange range : split.only_a) {
    range.begin = std::max(range.begin, prefix);
    if (range.begin < range.end) concurrent.push_back(range);
  }
  if (concurrent.empty()) return {};
  return Search(engine, prefix).Run({first, end}, concurrent);
}

}  // namespace twinning::text

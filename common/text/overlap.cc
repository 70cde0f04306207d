#include "common/text/overlap.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/text/common_text.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// Passages, each with the latest operation of one side there.
using Latest = std::map<size_t, Op>;

void Note(size_t passage, Op operation, Latest& latest) {
  Op& known = latest.try_emplace(passage, operation).first->second;
  known = std::max(known, operation);
}

struct Touched {
  Latest passages;
  // Put in exactly where a passage begins: in it only if that side has none of its beginning, and
  // then takes its place.
  Latest beginnings;
};

void Touch(const CommonText& common, CommonPlace place, Op operation, Touched& touched) {
  if (const auto passage = common.PassageAt(place)) {
    Note(*passage, operation, touched.passages);
  } else if (const auto next = common.PassageFrom(place.position)) {
    Note(*next, operation, touched.beginnings);
  }
}

// `tracker` stands where that side does.
void TakeBeginnings(const CommonText& common, const Tracker& tracker, Touched& touched) {
  for (const auto& [passage, operation] : touched.beginnings) {
    if (tracker.SpotOf(common.BoundsOf(passage).first).visible) continue;
    Note(passage, operation, touched.passages);
  }
}

// Calls visit(first character or target, place, operation) for every place that `range` touches;
// all of an inserted run stand in one place of the common text. The tracker is at the common
// version.
template <typename Visitor>
void VisitPlaces(const History& history, const Tracker& tracker, OpRange range, Visitor visit) {
  for (size_t i = history.RunOf(range.begin);
       i < history.runs().size() && history.runs()[i].first < range.end; ++i) {
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      visit(run, CommonPlace{tracker.SpotOf(run.first).current, false}, run.end() - 1);
      continue;
    }
    for (Op o = run.first; o < run.end(); ++o) {
      const Tracker::Spot spot = tracker.SpotOf(tracker.TargetOf(o));
      visit(run, CommonPlace{spot.current, spot.visible}, o);
    }
  }
}

// Where a passage begins at a version: at its first character while that is there, else after the
// passage before, so that what replaced its beginning belongs to it.
struct Start {
  Op character = -1;   // -1: the start of the text
  bool after = false;  // the passage begins behind that character
};

Start StartOf(const Bounds& bounds, bool first_is_there) {
  if (bounds.first < 0) return {};
  if (first_is_there) return {bounds.first, false};
  return {bounds.before, bounds.before >= 0};
}

std::string Reading(const Reader& reader, const Tracker& tracker, const Bounds& bounds) {
  const bool there = bounds.first >= 0 && tracker.SpotOf(bounds.first).visible;
  const Start start = StartOf(bounds, there);
  const bool drop_first = start.after && tracker.SpotOf(start.character).visible;
  const bool add_last = bounds.last >= 0 && tracker.SpotOf(bounds.last).visible;
  std::string text = reader.Read(start.character, bounds.last);
  if (drop_first) text.erase(0, ByteOfCodePoint(text, 1));
  if (add_last) text += reader.Character(bounds.last);
  return text;
}

// Where a passage stands in the merged text.
Range MergedRange(const Tracker& tracker, const Bounds& bounds, int64_t size) {
  const bool there = bounds.first >= 0 && tracker.SpotOf(bounds.first).alive;
  const Start start = StartOf(bounds, there);
  Range range{0, size};
  if (start.character >= 0) {
    const Tracker::Spot spot = tracker.SpotOf(start.character);
    range.begin = spot.merged + (start.after && spot.alive ? 1 : 0);
  }
  if (bounds.last >= 0) {
    const Tracker::Spot spot = tracker.SpotOf(bounds.last);
    range.end = spot.merged + (spot.alive ? 1 : 0);
  }
  return range;
}

}  // namespace

class Judgement {
 public:
  Judgement(const Engine& engine, Op prefix, std::vector<OpRange> concurrent, Version common)
      : prefix_(prefix),
        concurrent_(std::move(concurrent)),
        common_version_(std::move(common)),
        tracker_(engine.history().CriticalUpTo(prefix - 1)) {}

  bool IsOf(Op prefix, const std::vector<OpRange>& concurrent) const {
    return prefix_ == prefix && concurrent_ == concurrent;
  }

  // From nothing: takes in everything and lays out the common text.
  std::vector<Overlap> First(const Engine& engine, OpRange event) {
    const History& history = engine.history();
    tracker_.CatchUp(history);
    tracker_.MoveTo(history, common_version_);
    common_.emplace(Reader(engine, tracker_), tracker_);
    for (const OpRange& range : concurrent_) {
      VisitPlaces(history, tracker_, range, [&](const Run&, CommonPlace place, Op operation) {
        Touch(*common_, place, operation, theirs_);
      });
    }
    NoteOwn(history, event.end);
    Touched ours;
    VisitPlaces(history, tracker_, event, [&](const Run&, CommonPlace place, Op operation) {
      Touch(*common_, place, operation, ours);
    });
    if (!theirs_.beginnings.empty()) {
      tracker_.MoveTo(history, TheirVersion(history));
      TakeBeginnings(*common_, tracker_, theirs_);
    }
    if (!MayMeet(ours.passages) && !MayMeet(ours.beginnings)) return {};
    tracker_.MoveTo(history, {event.end - 1});
    TakeBeginnings(*common_, tracker_, ours);
    return Report(engine, tracker_, InBoth(ours));
  }

  // The event after the one judged last, by the tracker that has just placed it: what it inserted
  // stands right of a character that is in the common text or was placed before. Nothing when that
  // does not hold.
  std::optional<std::vector<Overlap>> Next(const Engine& engine, OpRange event) {
    const Tracker* tracker = engine.TrackerAt({event.end - 1});
    if (tracker == nullptr || tracker->base() != tracker_.base() || event.begin != judged_) {
      return std::nullopt;
    }
    Touched ours;
    const History& history = engine.history();
    for (size_t i = history.RunOf(event.begin);
         i < history.runs().size() && history.runs()[i].first < event.end; ++i) {
      if (!TouchByNeighbours(history.Clip(i, event), *tracker, ours)) return std::nullopt;
    }
    judged_ = event.end;
    TakeBeginnings(*common_, *tracker, ours);
    return Report(engine, *tracker, InBoth(ours));
  }

 private:
  // An inserted run of the judged side and the gap of the common text it stands in.
  struct Own {
    OpRange range;
    int64_t position = 0;
  };

  void NoteOwn(const History& history, Op end) {
    std::vector<OpRange> others(concurrent_.rbegin(), concurrent_.rend());
    others.push_back({end, end});
    Op begin = prefix_;
    for (const OpRange& other : others) {
      const OpRange between{begin, other.begin};
      if (between.begin < between.end) {
        VisitPlaces(history, tracker_, between, [&](const Run& run, CommonPlace place, Op) {
          if (run.kind() == Kind::kInsert) own_.push_back({{run.first, run.end()}, place.position});
        });
      }
      begin = other.end;
    }
    judged_ = end;
  }

  // The gap that an inserted character of the judged side stands in.
  std::optional<int64_t> GapOf(Op character) const {
    const auto after = std::upper_bound(own_.begin(), own_.end(), character,
                                        [](Op c, const Own& own) { return c < own.range.begin; });
    if (after == own_.begin() || character >= std::prev(after)->range.end) return std::nullopt;
    return std::prev(after)->position;
  }

  bool TouchByNeighbours(const Run& run, const Tracker& tracker, Touched& ours) {
    if (run.kind() == Kind::kInsert) {
      const Op left = tracker.LeftOf(run.first);
      std::optional<int64_t> gap = left < 0 ? 0 : GapOf(left);
      if (!gap) gap = common_->PositionOf(left);
      if (!gap) return false;
      if (left >= 0 && common_->PositionOf(left)) ++*gap;
      Touch(*common_, {*gap, false}, run.end() - 1, ours);
      own_.push_back({{run.first, run.end()}, *gap});
      return true;
    }
    for (Op o = run.first; o < run.end(); ++o) {
      const Op target = tracker.TargetOf(o);
      const auto position = common_->PositionOf(target);
      const auto gap = position ? position : GapOf(target);
      if (!gap) return false;
      Touch(*common_, {*gap, position.has_value()}, o, ours);
    }
    return true;
  }

  bool MayMeet(const Latest& ours) const {
    return std::any_of(ours.begin(), ours.end(),
                       [&](const auto& one) { return theirs_.passages.contains(one.first); });
  }

  std::vector<size_t> InBoth(const Touched& ours) const {
    std::vector<size_t> both;
    for (const auto& [passage, last] : ours.passages) {
      if (theirs_.passages.contains(passage)) both.push_back(passage);
    }
    return both;
  }

  // `at` has taken in everything and stands where the event leaves its author.
  std::vector<Overlap> Report(const Engine& engine, const Tracker& at,
                              const std::vector<size_t>& passages) {
    std::vector<Overlap> overlaps;
    const Reader reader(engine, at);
    for (size_t passage : passages) {
      const Bounds bounds = common_->BoundsOf(passage);
      const Range common = common_->PassageRange(passage);
      const Range merged = MergedRange(at, bounds, engine.rope().code_points());
      overlaps.push_back({common.begin, common.end, merged.begin, merged.end,
                          Reading(reader, at, bounds), "", theirs_.passages.at(passage)});
    }
    for (size_t i = 0; i < passages.size(); ++i) overlaps[i].theirs = Theirs(engine, passages[i]);
    return overlaps;
  }

  // The prefix and everything concurrent.
  Version TheirVersion(const History& history) const {
    Version version = common_version_;
    for (const OpRange& range : concurrent_) {
      for (Op begin = range.begin; begin < range.end;) {
        begin = std::min(range.end, history.entries()[history.EntryOf(begin)].end);
        version.push_back(begin - 1);
      }
    }
    return Ascending(std::move(version));
  }

  const std::string& Theirs(const Engine& engine, size_t passage) {
    const auto known = readings_.find(passage);
    if (known != readings_.end()) return known->second;
    const History& history = engine.history();
    tracker_.CatchUp(history);
    tracker_.MoveTo(history, TheirVersion(history));
    return readings_[passage] =
               Reading(Reader(engine, tracker_), tracker_, common_->BoundsOf(passage));
  }

  const Op prefix_;
  const std::vector<OpRange> concurrent_;  // in descending order
  const Version common_version_;
  Tracker tracker_;
  std::optional<CommonText> common_;
  Touched theirs_;
  std::map<size_t, std::string> readings_;  // of theirs, by passage
  std::vector<Own> own_;                    // ascending
  Op judged_ = 0;                           // own_ covers everything before
};

std::vector<Overlap> Overlaps(const Engine& engine, Op prefix, Op first, Op end,
                              const Version& beyond, std::shared_ptr<Judgement>& kept) {
  const History& history = engine.history();
  if (history.CriticalUpTo(first) == first) return {};
  Seen event;
  history.graph().Resolve({first}, event);
  Split split;
  history.graph().Diff({.prefix = first}, event, SIZE_MAX, split);
  split.Sort();
  std::vector<OpRange> concurrent;
  for (OpRange range : split.only_a) {
    range.begin = std::max(range.begin, prefix);
    if (range.begin < range.end) concurrent.push_back(range);
  }
  if (concurrent.empty()) return {};
  Version common = history.VersionAt(prefix);
  if (!beyond.empty()) {
    common.insert(common.end(), beyond.begin(), beyond.end());
    Seen seen;
    common = history.graph().Resolve(Ascending(std::move(common)), seen);
    return Judgement(engine, prefix, std::move(concurrent), std::move(common))
        .First(engine, {first, end});
  }
  if (kept && kept.use_count() == 1 && kept->IsOf(prefix, concurrent)) {
    if (auto overlaps = kept->Next(engine, {first, end})) return *std::move(overlaps);
  }
  kept = std::make_shared<Judgement>(engine, prefix, std::move(concurrent), std::move(common));
  return kept->First(engine, {first, end});
}

}  // namespace twinning::text

#include "common/text/tracker.h"

#include <utility>

#include "common/text/walk.h"

namespace twinning::text {
namespace {

// So many authors keep their views; and so many nodes of views are kept.
constexpr size_t kMostStands = 128;
constexpr size_t kMostNodes = size_t{1} << 16;
// So many numbers of clocks are compared to find the nearest view.
constexpr size_t kMostCompared = size_t{1} << 14;

}  // namespace

Tracker::Tracker(Op base) : base_(base), next_(base + 1), list_(base), chains_(base) {
  stands_.push_back({chains_.Start(), pool_.Base(), 0});
}

void Tracker::Restart(Op base) {
  base_ = base;
  next_ = base + 1;
  list_.Restart(base);
  chains_.Restart(base);
  pool_.Restart();
  stands_.clear();
  stands_.push_back({chains_.Start(), pool_.Base(), 0});
  current_ = 0;
  moves_ = 0;
}

void Tracker::CatchUp(const History& history, Op end) {
  if (next_ >= end) return;
  std::vector<Removal> removals;
  for (const OpRange& piece : WalkOrder(history, {next_, end})) {
    MoveTo(history, VersionBefore(history, piece.begin));
    for (size_t i = history.RunOf(piece.begin);
         i < history.runs().size() && history.runs()[i].first < piece.end; ++i) {
      Apply(history, history.Clip(i, piece), removals);
      removals.clear();
    }
  }
}

void Tracker::Apply(const History& history, const Run& run, std::vector<Removal>& removals) {
  const auto length = static_cast<int32_t>(run.length);
  if (run.kind() == Kind::kInsert) {
    Insert(history, run.first, run.position, length);
  } else if (run.kind() == Kind::kDelete) {
    Delete(run.first, run.position, length, removals);
  } else {
    Delete(run.first, run.position - length + 1, length, removals);
    list_.ReverseTargets(run.first, length);
  }
}

int32_t Tracker::Insert(const History& history, Op first, int32_t position, int32_t length) {
  const std::pair<Op, Op> between = pool_.Insert(stand().view, position, first, length);
  chains_.TakeIn(first, first + length, stand().at);
  next_ = std::max(next_, first + length);
  return list_.Insert(history, first, length, between.first, between.second);
}

void Tracker::Delete(Op first, int32_t position, int32_t length, std::vector<Removal>& removals) {
  for (int32_t done = 0; done < length;) {
    const std::pair<Op, int32_t> part = pool_.Delete(stand().view, position, length - done);
    list_.Delete(first + done, part.first, part.second, removals);
    done += part.second;
  }
  chains_.TakeIn(first, first + length, stand().at);
  next_ = std::max(next_, first + length);
}

void Tracker::MoveTo(const History& history, const Version& version) {
  if (stand().at.version == version) return;
  if (!StandAt(version)) {
    Choose(version);
    chains_.MoveTo(history, version, stand().at, split_);
    for (const OpRange& range : split_.only_a) Leave(history, range);
    for (const OpRange& range : split_.only_b) Enter(history, range);
  }
  stand().used = ++moves_;
}

// Takes the place of whoever stands at `version`, if somebody does.
bool Tracker::StandAt(const Version& version) {
  for (size_t i = 0; i < stands_.size(); ++i) {
    if (stands_[i].at.version != version) continue;
    current_ = i;
    return true;
  }
  return false;
}

// Makes the view current from which it is least far to `version`: itself where its author may be
// the one who goes on there, a copy of it otherwise.
void Tracker::Choose(const Version& version) {
  if (!chains_.ClockOf(version, target_)) return;
  current_ = Nearest();
  const Version& from = stand().at.version;
  const bool goes_on =
      from.size() == 1 && std::binary_search(version.begin(), version.end(), from[0]);
  if (goes_on) return;
  const size_t place = Place();
  Stand copy{stand().at, pool_.Copy(stand().view), 0};
  stands_[place] = std::move(copy);
  current_ = place;
}

size_t Tracker::Nearest() const {
  size_t nearest = current_;
  int64_t least = Chains::Distance(stand().at.clock, target_);
  size_t compared = 0;
  for (size_t i = 0; i < stands_.size() && compared < kMostCompared; ++i) {
    const int64_t distance = Chains::Distance(stands_[i].at.clock, target_);
    if (distance < least) {
      least = distance;
      nearest = i;
    }
    compared += target_.size();
  }
  return nearest;
}

// Room for one more: a new place, or that of whoever has not written for longest.
size_t Tracker::Place() {
  if (pool_.IsFull()) {
    std::vector<uint32_t> roots;
    for (const Stand& s : stands_) roots.push_back(s.view.root);
    if (pool_.Collect(roots) > kMostNodes && stands_.size() > 1) {
      stands_ = {std::move(stand())};
      current_ = 0;
    }
  }
  if (stands_.size() < kMostStands) {
    stands_.emplace_back();
    return stands_.size() - 1;
  }
  size_t idle = current_ == 0 ? 1 : 0;
  for (size_t i = 0; i < stands_.size(); ++i) {
    if (i != current_ && stands_[i].used < stands_[idle].used) idle = i;
  }
  return idle;
}

void Tracker::Leave(const History& history, OpRange range) {
  for (size_t i = history.RunOf(range.end - 1) + 1; i-- > 0;) {
    if (history.runs()[i].end() <= range.begin) break;
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      pool_.Remove(list_, stand().view, run.first, static_cast<int32_t>(run.length));
    } else {
      CountTargets({run.first, run.end()}, -1);
    }
  }
}

void Tracker::Enter(const History& history, OpRange range) {
  for (size_t i = history.RunOf(range.begin);
       i < history.runs().size() && history.runs()[i].first < range.end; ++i) {
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      pool_.Add(list_, stand().view, run.first, static_cast<int32_t>(run.length));
    } else {
      CountTargets({run.first, run.end()}, +1);
    }
  }
}

void Tracker::CountTargets(OpRange deletions, int change) {
  for (Op o = deletions.begin; o < deletions.end;) {
    const Op target = TargetOf(o);
    int32_t length = 1;
    const Op step = o + 1 < deletions.end && TargetOf(o + 1) == target - 1 ? -1 : 1;
    while (o + length < deletions.end && TargetOf(o + length) == target + step * length) ++length;
    pool_.Count(list_, stand().view, step > 0 ? target : target - length + 1, length, change);
    o += length;
  }
}

Tracker::Spot Tracker::SpotOf(Op character) const {
  const ItemList::Cursor c = list_.CursorOf(character);
  const ItemList::Item& item = list_.ItemAt(c);
  const ViewPool::Place place = pool_.Find(list_, stand().view, character);
  Spot spot;
  spot.alive = !item.gone;
  spot.merged = list_.MergedBefore(c) + (item.gone ? 0 : character - item.id);
  spot.visible = place.found && place.piece.deleted == 0;
  spot.current = place.visible + (place.piece.deleted == 0 ? place.offset : 0);
  return spot;
}

}  // namespace twinning::text

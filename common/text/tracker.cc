#include "common/text/tracker.h"

#include <utility>

#include "common/text/walk.h"

namespace twinning::text {
namespace {

// So many authors keep their views; and so many nodes of views are kept.
constexpr size_t kMostStands = 512;
constexpr size_t kMostNodes = size_t{1} << 17;
// The nearest view is looked for among so many that were used last, besides likely ones.
constexpr size_t kRecent = 16;

}  // namespace

Tracker::Tracker(Op base) : base_(base), next_(base + 1), list_(base), chains_(base) { Start(); }

void Tracker::Restart(Op base) {
  base_ = base;
  next_ = base + 1;
  list_.Restart(base);
  chains_.Restart(base);
  pool_.Restart();
  Start();
}

// Nobody has written yet.
void Tracker::Start() {
  stands_.resize(1);
  chains_.Start(stands_[0].at);
  stands_[0].view = pool_.Base();
  stands_[0].author = kNobody;
  stands_[0].used = 0;
  current_ = 0;
  moves_ = 0;
  recent_.clear();
}

void Tracker::CatchUp(const History& history, Op end) {
  if (next_ >= end) return;
  std::vector<Removal> removals;
  for (const OpRange& piece : WalkOrder(history, {next_, end})) {
    const Author author = history.entries()[history.EntryOf(piece.begin)].author;
    MoveTo(history, VersionBefore(history, piece.begin), author);
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

void Tracker::MoveTo(const History& history, const Version& version, Author author) {
  if (stand().at.version != version || stand().author != author) Choose(version, author);
  NoteUse();
  if (stand().at.version == version) return;
  chains_.MoveTo(history, version, stand().at, split_);
  for (const OpRange& range : split_.only_a) Leave(history, range);
  for (const OpRange& range : split_.only_b) Enter(history, range);
}

// Makes the author's view current, after making it a copy of whichever view is nearest to
// `version`. An author who writes at several places at once has several views.
void Tracker::Choose(const Version& version, Author author) {
  KeepWithinBounds();
  const size_t exact = StandAt(version, author);
  if (exact != kNone && stands_[exact].author == author) {
    current_ = exact;
    return;
  }
  if (!chains_.ClockOf(version, target_)) return;
  size_t own = OwnStand(author);
  const size_t nearest = exact != kNone ? exact : Nearest(version, own);
  current_ = nearest;
  if (nearest == own) return;
  if (own == kNone) {
    own = stands_.size();
    stands_.emplace_back();
  }
  stands_[own].at = stand().at;
  stands_[own].view = pool_.Copy(stand().view);
  stands_[own].author = author;
  current_ = own;
}

// Who stands at `version`, best the author.
size_t Tracker::StandAt(const Version& version, Author author) const {
  const Operation head = version.empty() ? -1 : version.back();
  size_t found = kNone;
  for (size_t i = 0; i < stands_.size(); ++i) {
    if (stands_[i].Head() != head || stands_[i].at.version != version) continue;
    if (stands_[i].author == author) return i;
    found = i;
  }
  return found;
}

// A view of the author's that has nothing that the target lacks: he goes on from there.
size_t Tracker::OwnStand(Author author) const {
  for (size_t i = 0; i < stands_.size(); ++i) {
    const std::vector<int32_t>& clock = stands_[i].at.clock;
    if (stands_[i].author != author || clock.size() > target_.size()) continue;
    const auto [behind, _] = std::mismatch(clock.begin(), clock.end(), target_.begin(),
                                           [](int32_t a, int32_t b) { return a <= b; });
    if (behind == clock.end()) return i;
  }
  return kNone;
}

size_t Tracker::Nearest(const Version& version, size_t own) const {
  size_t nearest = current_;
  int32_t least = Chains::Distance(stand().at.clock, target_, INT32_MAX);
  const auto consider = [&](size_t i) {
    const int32_t distance = Chains::Distance(stands_[i].at.clock, target_, least);
    if (distance < least) nearest = i;
    least = std::min(least, distance);
  };
  if (own != kNone) consider(own);
  for (size_t i = 0; i < stands_.size(); ++i) {
    const Operation head = stands_[i].Head();
    const bool may_be = !version.empty() && head >= version.front() && head <= version.back();
    if (may_be && std::binary_search(version.begin(), version.end(), head)) consider(i);
  }
  for (size_t i : recent_) consider(i);
  return nearest;
}

// Who wrote lately is likely near to whoever writes next.
void Tracker::NoteUse() {
  stand().used = ++moves_;
  if (!recent_.empty() && recent_.front() == current_) return;
  const auto known = std::find(recent_.begin(), recent_.end(), current_);
  if (known != recent_.end()) {
    recent_.erase(known);
  } else if (recent_.size() == kRecent) {
    recent_.pop_back();
  }
  recent_.insert(recent_.begin(), current_);
}

void Tracker::KeepWithinBounds() {
  if (pool_.IsFull()) {
    std::vector<uint32_t> roots;
    for (const Stand& s : stands_) roots.push_back(s.view.root);
    if (pool_.Collect(roots) > kMostNodes) DropIdle(stands_.size() / 2);
  }
  if (stands_.size() == kMostStands) DropIdle(kMostStands * 3 / 4);
}

// Forgets who has not written for longest; `keep` stay, and the current one.
void Tracker::DropIdle(size_t keep) {
  const auto lately = [](const Stand& a, const Stand& b) { return a.used > b.used; };
  stand().used = ++moves_;
  std::sort(stands_.begin(), stands_.end(), lately);
  stands_.resize(std::max<size_t>(keep, 1));
  current_ = 0;
  recent_.clear();
  for (size_t i = 0; i < std::min(kRecent, stands_.size()); ++i) recent_.push_back(i);
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

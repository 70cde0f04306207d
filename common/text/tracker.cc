#include "common/text/tracker.h"

#include <tuple>
#include <utility>

namespace twinning::text {
namespace {

// Where most authors follow others' views, their own are kept over so many moves.
constexpr uint64_t kFollowersKept = 32;
// What the last so many returns of authors say counts.
constexpr uint32_t kReturns = 64;
// The nearest view is looked for among those of the authors of so many heads.
constexpr size_t kHeadsAsked = 8;
// A difference of so few pieces is as good as none.
constexpr size_t kNear = 3;
// One of so few is worth no long search for a better one.
constexpr size_t kNotFar = 8;
// One of so many is looked at only when there is none better.
constexpr size_t kFar = 24;
// Who lacks no more than so many pieces of what was done last needs no view.
constexpr size_t kFewLacking = 256;
// So many operations in a row are taken in without a view where that is possible.
constexpr Op kMuch = 64;
// Of those who write at versions, how many may lack more than so many operations is told by a
// count: whoever does makes it one less, and one for every so many runs noted since; who does not
// makes it twelve more, up to so many.
constexpr Op kRecent = 512;
constexpr int kNotedRuns = 4;
constexpr int kMostNearEnds = 96;
// Of so many operations: from the base it may be less.
constexpr int64_t kLong = 64;

}  // namespace

Tracker::Tracker(Op base, const TrackerBounds& bounds)
    : bounds_(bounds),
      base_(base),
      next_(base + 1),
      list_(base),
      pool_(bounds.smallest_collection) {
  Start();
}

void Tracker::Restart(Op base) {
  base_ = base;
  next_ = base + 1;
  list_.Restart(base);
  pool_.Restart();
  Start();
}

// Nobody has written yet.
void Tracker::Start() {
  stands_.resize(1);
  stands_[0] = Stand();
  current_ = 0;
  StandAtBase();
  recent_.Restart(next_);
  carets_.Restart();
  by_ = By::kView;
  near_ends_ = 0;
  noted_ = 0;
  moves_ = 0;
  returned_ = overtaken_ = 0;
  copied_ = false;
  generation_ = 0;
  firsts_.clear();
  on_the_way_.clear();
  next_on_the_way_ = 0;
  Link(0);
}

bool Tracker::CatchUp(const History& history) {
  std::vector<Removal> removals;
  Version version;
  while (next_ < history.operations()) {
    const Entry& entry = history.entries()[history.EntryOf(next_)];
    const Seen seen = history.graph().Before(next_, version);
    const OpRange piece{next_, entry.end};
    // Who writes little goes on writing, and will need a view where the others have theirs.
    const bool brief = seen.prefix == next_ && piece.end - piece.begin < kMuch;
    if (brief && !IsNoting()) {
      MoveView(history, version, seen, entry.author);
    } else {
      MoveTo(history, version, seen, entry.author);
    }
    for (size_t i = history.RunOf(piece.begin);
         i < history.runs().size() && history.runs()[i].first < piece.end; ++i) {
      if (!Apply(history, history.Clip(i, piece), removals)) return false;
      removals.clear();
    }
  }
  return true;
}

bool Tracker::Apply(const History& history, const Run& run, std::vector<Removal>& removals) {
  if (!run.FitsIn(GrowthAtVersion() + (base_ < 0 ? 0 : kEndless))) return false;
  const auto length = static_cast<int32_t>(run.length);
  if (run.kind() == Kind::kInsert) {
    Insert(history, run.first, run.position, length);
  } else if (run.kind() == Kind::kDelete) {
    Delete(history, run.first, run.position, length, removals);
  } else {
    Delete(history, run.first, run.position - length + 1, length, removals);
    list_.ReverseTargets(run.first, length);
    if (length > 1 && IsNoting()) recent_.ReverseTargets(run.first, run.end());
  }
  return true;
}

int32_t Tracker::Insert(const History& history, Op first, int32_t position, int32_t length) {
  if (by_ == By::kCaret && !carets_.IsInsertedAt(place_.author, position)) StandElsewhere(history);
  if (by_ == By::kRecent && recent_.IsFull()) MakeView(history);
  ItemList::Gap gap;
  switch (by_) {
    case By::kView:
      std::tie(gap.left, gap.right) = pool_.Insert(stand().view, position, first, length);
      break;
    case By::kRecent:
      gap = recent_.Between(list_, position);
      place_.growth += length;
      break;
    case By::kCaret:
      gap.left = carets_.Of(place_.author).left;
      gap.right = carets_.Of(place_.author).right;
      carets_.Inserted(place_.author, first, length);
      break;
  }
  Made(history, {first, first + length});
  const int32_t merged = list_.Insert(history, first, length, gap);
  NoteInsertion(first, length, merged);
  if (by_ != By::kCaret) {
    const Op last = first + length - 1;
    SetCaret(last, position + length, {last, gap.right, {}}, first);
  }
  return merged;
}

void Tracker::Extend(const History& history, Op first, int32_t position, int32_t length) {
  if (by_ == By::kView && !pool_.Extend(stand().view, first, length)) {
    Insert(history, first, position, length);
    return;
  }
  if (list_.Extend(first, length)) {
    IsNoting() ? recent_.Extended(first, length) : recent_.Restart(first + length);
  } else {
    const Op right = list_.RightOf(first - 1);
    NoteInsertion(first, length, list_.Insert(history, first, length, {first - 1, right, {}}));
  }
  Made(history, {first, first + length});
  if (by_ == By::kRecent) place_.growth += length;
  carets_.Inserted(author(), first, length);
}

void Tracker::Delete(const History& history, Op first, int32_t position, int32_t length,
                     std::vector<Removal>& removals) {
  if (by_ == By::kCaret && !carets_.IsDeletedAt(place_.author, position, length)) {
    StandElsewhere(history);
  }
  if (by_ == By::kRecent && recent_.IsFull(length)) MakeView(history);
  for (int32_t done = 0; done < length;) {
    Recent::Stretch here;
    switch (by_) {
      case By::kView:
        std::tie(here.first, here.length) = pool_.Delete(stand().view, position, length - done);
        break;
      case By::kRecent:
        here = recent_.From(list_, position);
        here.length = std::min(here.length, length - done);
        break;
      case By::kCaret:
        here.first = carets_.Of(place_.author).left;
        here.length = 1;
        carets_.Deleted(place_.author, first,
                        here.first < kBaseText ? list_.LeftOf(here.first) : -1);
        break;
    }
    const size_t told = removals.size();
    list_.Delete(first + done, here.first, here.length, removals, here.spot);
    NoteRemovals(first + done, here.first, removals, told);
    done += here.length;
  }
  Made(history, {first, first + length});
  if (by_ == By::kView) carets_.Forget(stand().author);
  if (by_ == By::kRecent) {
    place_.growth -= length;
    SetCaret(first + length - 1, position, recent_.Between(list_, position), next_);
  }
}

// The author is between two characters, having seen nothing but what leads to `at`.
void Tracker::SetCaret(Op at, int32_t position, const ItemList::Gap& gap, Op since) {
  if (author() >= kOnTheWay) return;
  carets_.Set(author(),
              {at, position, static_cast<int32_t>(GrowthAtVersion()), gap.left, gap.right, since});
}

void Tracker::NoteInsertion(Op first, int32_t length, int32_t position) {
  if (!IsNoting()) return recent_.Restart(first + length);
  recent_.Inserted(list_, first, length, position);
  ++noted_;
}

void Tracker::NoteRemovals(Op first, Op target, const std::vector<Removal>& removals, size_t from) {
  for (size_t i = from; i < removals.size(); ++i) {
    const auto [length, position] = removals[i];
    if (IsNoting()) recent_.Deleted(first, target, length, position);
    first += length;
    target += length;
    ++noted_;
  }
  if (!IsNoting()) recent_.Restart(first);
}

void Tracker::Made(const History& history, OpRange range) {
  next_ = std::max(next_, range.end);
  if (by_ != By::kView) {
    place_.version.assign(1, range.end - 1);
    place_.next = next_;
    return;
  }
  KeepUp(history.graph());
  history.graph().GoOn(range, stand().seen);
  stand().version.assign(1, range.end - 1);
}

void Tracker::MoveTo(const History& history, const Version& version) {
  Seen seen;
  const Version frontier = history.graph().Resolve(version, seen);
  MoveTo(history, frontier, seen);
}

bool Tracker::ReturnTo(const Version& version, Author author) {
  const bool stays = by_ == By::kRecent && place_.author == author && place_.next == next_;
  if (stays && place_.version == version && !recent_.IsFull()) return true;
  const uint32_t own = StandAt(version, author);
  if (own == kNone) {
    if (!GoOn(version, author)) return false;
    CountNearEnd(false);
    return true;
  }
  StandByView();
  CountNearEnd(false);
  if (current_ != own) NoteReturn(own, false);
  current_ = own;
  stand().used = ++moves_;
  stand().follows = false;
  return true;
}

// Where the author's view is, if the one that was made last is at the version.
uint32_t Tracker::StandAt(const Version& version, Author author) const {
  const size_t slot = SlotOf(author);
  if (slot >= firsts_.size() || firsts_[slot] == kNone) return kNone;
  return stands_[firsts_[slot]].version == version ? firsts_[slot] : kNone;
}

// Whether the author lacks so little, all of it recent, that it is enough to know what.
bool Tracker::StandNearEnd(const Graph& graph, const Version& version, const Seen& seen,
                           Author author) {
  if (author == kNobody) return false;
  if (seen.prefix < next_) {
    CountNearEnd(seen.prefix >= recent_.begin() || next_ - seen.prefix <= kRecent);
  }
  if (seen.prefix < recent_.begin()) {
    if (next_ - seen.prefix <= kRecent) recent_.Widen();
    return false;
  }
  if (!graph.Lacking(seen, next_, kFewLacking, lacking_)) return false;
  StandBy(By::kRecent, version, author);
  recent_.StandWithout(lacking_);
  place_.growth = static_cast<int32_t>(GrowthMerged()) + recent_.Growth();
  return true;
}

// Counts who writes at a version, so that recent_ is kept where that is worth while, and certainly
// while it helps somebody.
void Tracker::CountNearEnd(bool near) {
  const int spent = std::max(noted_ / kNotedRuns, near ? 0 : 1);
  noted_ = 0;
  near_ends_ = std::min(std::max(near_ends_ - spent, 0) + (near ? 12 : 0), kMostNearEnds);
}

void Tracker::StandByView() {
  by_ = By::kView;
  recent_.Leave();
}

void Tracker::StandBy(By by, const Version& version, Author author) {
  by_ = by;
  recent_.Leave();
  place_.version = version;
  place_.author = author;
  place_.next = next_;
}

// To the author's caret, if he has one at the version, and no view: that costs more to bring up to
// date than to keep so.
bool Tracker::GoOn(const Version& version, Author author) {
  if (!carets_.Has(author, version) || StandAt(version, author) != kNone) return false;
  StandBy(By::kCaret, version, author);
  return true;
}

// An author who has a caret writes elsewhere.
void Tracker::StandElsewhere(const History& history) {
  Seen seen;
  const Version frontier = history.graph().Resolve(place_.version, seen);
  if (!StandNearEnd(history.graph(), frontier, seen, place_.author)) {
    MoveView(history, frontier, seen, place_.author);
  }
}

void Tracker::MakeView(const History& history) {
  if (by_ == By::kView) return;
  Seen seen;
  const Version frontier = history.graph().Resolve(place_.version, seen);
  MoveView(history, frontier, seen, place_.author);
}

void Tracker::MoveTo(const History& history, const Version& version, const Seen& seen,
                     Author author) {
  if (by_ == By::kView && stand().author == author && stand().version == version) return;
  if (GoOn(version, author)) return;
  if (StandNearEnd(history.graph(), version, seen, author)) return;
  MoveView(history, version, seen, author);
}

void Tracker::MoveView(const History& history, const Version& version, const Seen& seen,
                       Author author) {
  StandByView();
  if (stand().author == author && stand().version == version) return;
  Choose(history.graph(), version, seen, author);
  stand().used = ++moves_;
  const size_t pieces = split_.size();
  if (pieces == 0) return;
  for (const OpRange& range : split_.only_a) Leave(history, range);
  for (const OpRange& range : split_.only_b) Enter(history, range);
  stand().version = version;
  stand().seen = seen;
  if (copied_) NoteOnTheWay();
}

// Makes the author's view current, after making it a copy of whichever view is nearest to
// `version`, and finds what is to be done to it. An author who writes at several places at once has
// several views.
void Tracker::Choose(const Graph& graph, const Version& version, const Seen& seen, Author author) {
  KeepUp(graph);
  KeepWithinBounds();
  uint32_t own = OwnStand(graph, seen, author);
  const uint32_t nearest = Nearest(graph, version, seen, own);
  const bool anew = IsNearerToBase(graph, seen);
  split_.Sort();
  copied_ = anew || nearest != own;
  NoteReturn(own, copied_);
  if (!copied_) {
    current_ = own;
    stand().follows = false;
    return;
  }
  if (own == kNone) own = NewStand(author);
  current_ = own;
  stand().follows = !anew && split_.size() <= kNotFar;
  if (anew) return StandAtBase();
  stand().version = stands_[nearest].version;
  stand().seen = stands_[nearest].seen;
  stand().view = pool_.Copy(stands_[nearest].view);
}

void Tracker::StandAtBase() {
  stand().version.assign(base_ >= 0 ? 1 : 0, base_);
  stand().seen = Seen{base_ + 1};
  stand().view = pool_.Base();
}

// Whoever begins where others have written much since begins at the base, instead of taking back
// what they wrote. If so, leaves the way from there in split_.
bool Tracker::IsNearerToBase(const Graph& graph, const Seen& seen) {
  const int64_t way = split_.operations();
  if (way < kLong || !graph.Diff(Seen{base_ + 1}, seen, kFar, other_)) return false;
  if (other_.operations() >= way) return false;
  std::swap(split_, other_);
  return true;
}

// Where the graph forgot how versions were told, keeps those that it can tell again easily.
void Tracker::KeepUp(const Graph& graph) {
  if (generation_ == graph.generation()) return;
  generation_ = graph.generation();
  graph.Resolve(stand().version, stand().seen);
  Keep([&](Stand& s) {
    if (&s == &stand()) return true;
    if (!graph.Remembers(s.version)) return false;
    graph.Resolve(s.version, s.seen);
    return true;
  });
}

// A view of the author's that has nothing that the target lacks: he goes on from there.
uint32_t Tracker::OwnStand(const Graph& graph, const Seen& seen, Author author) const {
  const size_t slot = SlotOf(author);
  uint32_t i = slot < firsts_.size() ? firsts_[slot] : kNone;
  while (i != kNone && !graph.HasAll(seen, stands_[i].version)) i = stands_[i].next;
  return i;
}

// Leaves the way from it in split_.
uint32_t Tracker::Nearest(const Graph& graph, const Version& version, const Seen& seen,
                          uint32_t own) {
  uint32_t nearest = kNone;
  size_t least = kFar;
  const auto consider = [&](uint32_t i) {
    if (i == kNone || least <= kNear) return;
    if (!graph.Diff(stands_[i].seen, seen, least, other_) || other_.size() >= least) return;
    std::swap(split_, other_);
    least = split_.size();
    nearest = i;
  };
  const auto [before, after] = BesideOnTheWay(seen.prefix);
  if (!MostFollow()) consider(own);
  consider(before);
  consider(after);
  if (MostFollow()) consider(own);
  if (!on_the_way_.empty()) consider(on_the_way_[next_on_the_way_]);
  consider(current_);
  const size_t heads = least <= kNotFar ? 0 : std::min(version.size(), kHeadsAsked);
  for (size_t k = 0; k < heads; ++k) {
    const auto head = static_cast<Op>(version[version.size() - 1 - k]);
    if (head <= base_) break;
    const size_t slot = SlotOf(graph.entries()[graph.EntryOf(head)].author);
    if (slot < firsts_.size()) consider(firsts_[slot]);
  }
  return nearest != kNone ? nearest : NearestOfFar(graph, seen, own);
}

// Asks with wider and wider limits, so that one that is very far costs no more than the nearest.
uint32_t Tracker::NearestOfFar(const Graph& graph, const Seen& seen, uint32_t own) {
  const auto [before, after] = BesideOnTheWay(seen.prefix);
  for (size_t most = 4 * kFar;; most *= 4) {
    uint32_t nearest = kNone;
    size_t least = most;
    for (const uint32_t i : {own, before, after, current_}) {
      if (i == kNone || !graph.Diff(stands_[i].seen, seen, least, other_)) continue;
      if (nearest != kNone && other_.size() >= least) continue;
      std::swap(split_, other_);
      least = split_.size();
      nearest = i;
    }
    if (nearest != kNone) return nearest;
  }
}

// The versions kept whose prefix is nearest on either side.
std::pair<uint32_t, uint32_t> Tracker::BesideOnTheWay(Op prefix) const {
  std::pair<uint32_t, uint32_t> beside{kNone, kNone};
  const auto nearer = [this](uint32_t than, uint32_t i, int side) {
    return than == kNone || side * stands_[i].seen.prefix > side * stands_[than].seen.prefix;
  };
  for (uint32_t i : on_the_way_) {
    if (stands_[i].seen.prefix <= prefix) {
      if (nearer(beside.first, i, 1)) beside.first = i;
    } else if (nearer(beside.second, i, -1)) {
      beside.second = i;
    }
  }
  return beside;
}

// Whoever needed another's view is likely not the only one.
void Tracker::NoteOnTheWay() {
  if (on_the_way_.size() < bounds_.on_the_way) {
    next_on_the_way_ = on_the_way_.size();  // a new one is at no version until it is written to
    on_the_way_.push_back(NewStand(kOnTheWay));
  } else {
    next_on_the_way_ = (next_on_the_way_ + 1) % on_the_way_.size();
  }
  Stand& kept = stands_[on_the_way_[next_on_the_way_]];
  kept.version = stand().version;
  kept.seen = stand().seen;
  kept.view = pool_.Copy(stand().view);
  kept.used = moves_;
}

uint32_t Tracker::NewStand(Author author) {
  const auto fresh = static_cast<uint32_t>(stands_.size());
  stands_.emplace_back();
  stands_[fresh].author = author;
  Link(fresh);
  return fresh;
}

// Puts a stand first among its author's.
void Tracker::Link(uint32_t i) {
  if (stands_[i].author == kOnTheWay) return;
  const size_t slot = SlotOf(stands_[i].author);
  if (slot >= firsts_.size()) firsts_.resize(slot + 1, kNone);
  stands_[i].next = std::exchange(firsts_[slot], i);
}

void Tracker::KeepWithinBounds() {
  if (pool_.IsFull()) {
    if (MostFollow()) DropFollowers();
    std::vector<uint32_t> roots;
    for (const Stand& s : stands_) roots.push_back(s.view.root);
    if (pool_.Collect(roots) > bounds_.nodes) DropIdle((stands_.size() + 1) / 2);
  }
  if (stands_.size() >= bounds_.stands) DropIdle(bounds_.stands * 3 / 4);
}

// Whether authors who come back go on from their own views, of late.
void Tracker::NoteReturn(uint32_t own, bool overtaken) {
  if (own == kNone) return;
  ++returned_;
  if (overtaken) ++overtaken_;
  if (returned_ < kReturns) return;
  returned_ /= 2;
  overtaken_ /= 2;
}

// Forgets the views of those who would most likely begin at another's again.
void Tracker::DropFollowers() {
  Keep([&](const Stand& s) {
    return !s.follows || s.used + kFollowersKept >= moves_ || &s == &stand();
  });
}

// Forgets who has not written for longest; so many stay, at least one.
void Tracker::DropIdle(size_t most) {
  std::vector<uint64_t> uses;
  for (const Stand& s : stands_) uses.push_back(s.used);
  const auto oldest = uses.end() - static_cast<ptrdiff_t>(std::min(uses.size(), most));
  std::nth_element(uses.begin(), oldest, uses.end());
  const uint64_t least = *oldest;
  Keep([&](const Stand& s) { return s.used >= least || &s == &stand(); });
}

// Forgets stands, but never the current one.
template <typename Wanted>
void Tracker::Keep(Wanted wanted) {
  std::vector<Stand> kept;
  uint32_t current = 0;
  for (Stand& s : stands_) {
    if (!wanted(s)) continue;
    if (&s == &stand()) current = static_cast<uint32_t>(kept.size());
    kept.push_back(std::move(s));
  }
  stands_ = std::move(kept);
  current_ = current;
  firsts_.clear();
  on_the_way_.clear();
  next_on_the_way_ = 0;
  for (uint32_t i = 0; i < stands_.size(); ++i) {
    stands_[i].next = kNone;
    if (stands_[i].author == kOnTheWay) on_the_way_.push_back(i);
    Link(i);
  }
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
  spot.current = pool_.VisibleBefore() + (place.piece.deleted == 0 ? place.offset : 0);
  return spot;
}

}  // namespace twinning::text

#include "common/text/recent.h"

#include <algorithm>

namespace twinning::text {
namespace {

// So often the place of a character is guessed.
constexpr int kGuesses = 3;
// After so many authors who needed little, less is kept.
constexpr int kUnneeded = 256;

}  // namespace

void Recent::Restart(Op next) {
  Forget(next);
  Leave();
}

void Recent::Forget(Op next) {
  begin_ = next;
  parts_.clear();
  begins_.clear();
  ends_.clear();
  again_.clear();
}

void Recent::Leave() {
  lacking_.clear();
  passed_.clear();
}

void Recent::Add(const Part& part, int32_t position) {
  if (parts_.size() >= most_) DropOldest();
  parts_.push_back(part);
  begins_.emplace_back();
  ends_.emplace_back();
  Place(static_cast<Index>(parts_.size() - 1), position);
}

// So many characters of the merged text stand left of part i.
void Recent::Place(Index i, int32_t position) {
  const Part& part = parts_[i];
  const bool there = part.kind == Kind::kInserted;
  begins_[i] = there ? position + 1 : position;
  ends_[i] = there ? position + part.length : position + (part.kind == Kind::kDeleted ? 1 : 0);
}

void Recent::Widen() {
  if (parts_.size() >= Kept()) most_ = std::min(2 * most_, kMost);
  unneeded_ = 0;
}

// An author needs all parts from one on.
void Recent::CountNeed(Index oldest) {
  const size_t need = parts_.size() - oldest;
  if (need > Kept() * 7 / 8) return Widen();
  unneeded_ = need > Kept() / 4 ? 0 : unneeded_ + 1;
  if (unneeded_ < kUnneeded) return;
  unneeded_ = 0;
  most_ = std::max(most_ / 2, kFewest);
}

// Leaves the latest, and all that the author lacks.
void Recent::DropOldest() {
  auto dropped = static_cast<Index>(parts_.size() - Kept());
  for (const Passed& p : passed_) dropped = std::min(dropped, p.part);
  if (dropped == 0) return;
  begin_ = parts_[dropped].first;
  const auto drop = [dropped](auto& values) {
    values.erase(values.begin(), values.begin() + dropped);
  };
  drop(parts_);
  drop(begins_);
  drop(ends_);
  for (Passed& p : passed_) p.part -= dropped;
  std::erase_if(again_, [this](const Again& again) { return again.deletion < begin_; });
}

// Cuts part i in two, of which the first has `at` operations.
void Recent::Split(Index i, int32_t at) {
  const int32_t position = PositionOf(i);
  Part second = parts_[i];
  second.first += at;
  second.length -= at;
  second.target += at;
  parts_[i].length = at;
  parts_.insert(parts_.begin() + i + 1, second);
  begins_.emplace(begins_.begin() + i + 1);
  ends_.emplace(ends_.begin() + i + 1);
  Place(i, position);
  Place(i + 1, second.kind == Kind::kInserted ? position + at : position);
  for (size_t k = passed_.size(); k-- > 0;) {
    if (passed_[k].part > i) ++passed_[k].part;
    if (passed_[k].part != i || passed_[k].lost == 0) continue;
    const int32_t rest = passed_[k].lost > 0 ? second.length : -second.length;
    passed_[k].lost -= rest;
    passed_.push_back({i + 1, PositionOf(i + 1), rest});
  }
}

// The first part from an operation on, which is not before begin(), after a cut where it is within
// one; how many parts there are when there is none.
Recent::Index Recent::SplitAt(Op operation) {
  const Part* parts = parts_.data();
  Index i = 0;
  for (size_t left = parts_.size(); left > 0;) {  // without branches: they are guessed wrongly
    const size_t half = (left + 1) / 2;
    i += parts[i + half - 1].end() <= operation ? half : 0;
    left -= half;
  }
  if (i == parts_.size() || parts[i].first >= operation) return i;
  Split(i, operation - parts[i].first);
  return i + 1;
}

// Of the first `count` parts those that begin behind a position.
void Recent::Move(Index count, int32_t behind, int32_t by) {
  int32_t* begins = begins_.data();
  int32_t* ends = ends_.data();
  for (Index i = 0; i < count; ++i) {
    const int32_t moved = begins[i] > behind ? by : 0;
    begins[i] += moved;
    ends[i] += moved;
  }
}

void Recent::Inserted(const ItemList& list, Op first, int32_t length, int32_t position) {
  const auto count = static_cast<Index>(parts_.size());
  const int32_t* begins = begins_.data();
  const int32_t* ends = ends_.data();
  int32_t touched = 0;
  for (Index i = 0; i < count; ++i) {
    touched |=
        static_cast<int32_t>(begins[i] <= position) & static_cast<int32_t>(position < ends[i]);
  }
  Move(count, position, length);
  if (touched != 0) {
    for (Index i = count; i-- > 0;) {
      if (begins_.data()[i] <= position && position < ends_.data()[i]) {
        InsertedAt(list, i, first, length, position);
      }
    }
  }
  Add({first, length}, position);
  moved_ = true;
}

// Something was inserted where it may have gone between the characters of part i.
void Recent::InsertedAt(const ItemList& list, Index i, Op first, int32_t length, int32_t position) {
  const Part part = parts_[i];
  int32_t before = position - PositionOf(i);  // so many of its characters stand before
  if (part.kind == Kind::kDeleted) {
    while (before < part.length && list.StandsBefore(part.target + before, first)) ++before;
    if (before == part.length) return;
  }
  if (before > 0) Split(i++, before);
  Place(i, position + length);
}

void Recent::Extended(Op first, int32_t length) {
  if (parts_.empty() || parts_.back().end() != first) return Restart(first + length);
  const auto last = static_cast<Index>(parts_.size() - 1);
  const int32_t position = PositionOf(last) + parts_[last].length;
  Move(last, position - 1, length);
  parts_[last].length = first + length - parts_[last].first;
  ends_[last] += length;
  moved_ = true;
}

void Recent::Deleted(Op first, Op target, int32_t length, int32_t position) {
  if (position < 0) return DeletedAgain(first, target, length);
  const Op end = target + length;
  if (target < kBaseText && end > begin_) {
    SplitAt(std::max(end, begin_));
    for (Index i = SplitAt(std::max(target, begin_)); i < parts_.size(); ++i) {
      if (parts_[i].first >= end) break;
      parts_[i].kind = Kind::kGone;
      Place(i, position);
    }
  }
  Move(static_cast<Index>(parts_.size()), position, -length);
  Add({first, length, target, Kind::kDeleted}, position);
  moved_ = true;
}

// What was deleted twice is told character by character. The author, if it is he, passes over the
// first deletion no more.
void Recent::DeletedAgain(Op first, Op target, int32_t length) {
  if (length > kLong) return Restart(first + length);
  const Op end = target + length;
  const auto overlaps = [&](const Part& part) {
    return part.kind == Kind::kDeleted && part.target < end && target < part.target_end();
  };
  for (Index i = 0; i < parts_.size(); ++i) {
    if (!overlaps(parts_[i])) continue;
    if (parts_[i].target < target) {
      Split(i, target - parts_[i].target);
      ++i;
    }
    if (parts_[i].length > 1) Split(i, 1);
  }
  std::erase_if(passed_, [&](const Passed& p) { return overlaps(parts_[p.part]); });
  for (int32_t k = 0; k < length; ++k) again_.push_back({first + k, target + k});
}

void Recent::ReverseTargets(Op first, Op end) {
  // Where the first of them are no longer known, those are the latest now: then nothing is. The
  // author lacks none of it, for what he lacks is never dropped.
  if (first < begin_) return Forget(end);
  for (Again& again : again_) {
    if (again.deletion >= first) again.deletion = first + end - 1 - again.deletion;
  }
  const Index tail = SplitAt(first);
  const std::vector<Part> forwards(parts_.begin() + tail, parts_.end());
  std::vector<int32_t> positions;
  for (Index i = tail; i < parts_.size(); ++i) positions.push_back(PositionOf(i));
  parts_.resize(tail);
  begins_.resize(tail);
  ends_.resize(tail);
  for (size_t i = forwards.size(); i-- > 0;) {
    for (int32_t k = forwards[i].length; k-- > 0;) {
      const Op deletion = first + end - 1 - (forwards[i].first + k);
      Add({deletion, 1, forwards[i].target + k, Kind::kDeleted}, positions[i]);
    }
  }
}

void Recent::StandWithout(const std::vector<OpRange>& lacking) {
  Leave();
  lacking_ = lacking;
  moved_ = false;
  if (lacking_.empty()) return;
  Index i = SplitAt(lacking_.front().begin);
  CountNeed(i);
  for (const OpRange& range : lacking_) {
    while (i < parts_.size() && parts_.data()[i].end() <= range.begin) ++i;
    while (i < parts_.size() && parts_.data()[i].first < range.end) {
      const Part& part = parts_.data()[i];
      if (part.end() > range.end) {
        Split(i, range.end - part.first);
        continue;
      }
      if (part.first < range.begin) {
        Split(i, range.begin - part.first);
      } else if (part.kind == Kind::kInserted) {
        passed_.push_back({i, PositionOf(i), part.length});
      } else if (part.kind == Kind::kDeleted) {
        PassDeletion(i);
      }
      ++i;
    }
  }
}

// The author lacks a deletion. That makes no difference where it deleted what he lacks too, or has
// deleted himself. One of characters of which he lacks the later ones is cut.
void Recent::PassDeletion(Index i) {
  const Part part = parts_[i];
  if (Lacks(part.target) || (!again_.empty() && HasDeletedAgain(part.target))) return;
  int32_t has = part.length;
  while (Lacks(part.target + has - 1)) --has;
  if (has < part.length) Split(i, has);
  passed_.push_back({i, PositionOf(i), -has});
}

// Where parts have moved.
void Recent::RenewPlaces() {
  if (!moved_) return;
  moved_ = false;
  for (Passed& p : passed_) p.position = PositionOf(p.part);
}

bool Recent::HasDeletedAgain(Op target) const {
  return std::any_of(again_.begin(), again_.end(), [&](const Again& again) {
    return again.target == target && !Lacks(again.deletion);
  });
}

bool Recent::IsLacked(Op character) const {
  const auto range =
      std::partition_point(lacking_.begin(), lacking_.end(),
                           [character](const OpRange& r) { return r.end <= character; });
  return range->begin <= character;
}

int32_t Recent::Growth() const {
  int32_t growth = 0;
  for (const Passed& p : passed_) growth -= p.lost;
  return growth;
}

// Where it is in the merged text follows from what stands before it there: guessed, counted, and
// counted again until the guess is right.
Recent::Stretch Recent::From(const ItemList& list, int32_t index) {
  RenewPlaces();
  int32_t guess = index;
  for (int guesses = 0; guesses < kGuesses; ++guesses) {
    int32_t counted = index;
    int32_t next = kEndless;  // where the first that stands behind the guess begins
    int32_t end = 0;          // where the last that stands before it ends
    for (const Passed& p : passed_) {  // in masks: branches would be guessed wrongly too often
      const int32_t before = -static_cast<int32_t>(p.position <= guess);
      counted += before & p.lost;
      next = std::min(next, p.position | (before & kEndless));
      end = std::max(end, before & (p.position + std::max(p.lost, 0)));
    }
    if (end <= counted && counted < next) return Alive(list, counted, next - counted);
    if (counted == guess) break;
    guess = counted;
  }
  return Search(list, index, guess);
}

// The same where guessing does not help: probes near the last guess, farther and farther, and then
// halves what is left.
Recent::Stretch Recent::Search(const ItemList& list, int32_t index, int32_t probe) {
  int32_t low = index;
  int32_t high = index;
  for (const Passed& p : passed_) (p.lost < 0 ? low : high) += p.lost;
  for (int32_t step = 1; low < high; step *= 2) {
    probe = step < high - low ? std::clamp(probe, low + 1, high) : low + (high - low + 1) / 2;
    if (IndexAt(probe) <= index) {
      low = probe;
      probe += step;
    } else {
      high = probe - 1;
      probe -= step;
    }
  }
  int32_t next = kEndless;
  dead_.clear();
  for (const Passed& p : passed_) {
    if (p.position > low) next = std::min(next, p.position);
    if (p.position == low && p.lost < 0) dead_.push_back(p);
  }
  const auto target = [this](const Passed& p) { return parts_[p.part].target; };
  std::sort(dead_.begin(), dead_.end(), [&](const Passed& p, const Passed& q) {
    return list.StandsBefore(target(p), target(q));
  });
  int32_t ahead = index - IndexAt(low);
  for (const Passed& p : dead_) {
    if (ahead < -p.lost) return {target(p) + ahead, -p.lost - ahead, {}};
    ahead += p.lost;
  }
  return Alive(list, low, next - low);
}

// How many characters of the author's text stand before a place in the merged text, apart from
// those there that others deleted.
int32_t Recent::IndexAt(int32_t merged) const {
  int32_t index = merged;
  for (const Passed& p : passed_) {
    const int32_t ahead = merged - p.position;
    const int32_t behind = -static_cast<int32_t>(ahead > 0);
    index -= behind & std::min(ahead, p.lost);
  }
  return index;
}

// At a place in the merged text, where so many characters are his.
Recent::Stretch Recent::Alive(const ItemList& list, int32_t merged, int32_t length) const {
  Stretch found;
  int32_t offset = 0;
  found.spot = {list.CursorAt(merged, offset), merged};
  const ItemList::Item& item = list.ItemAt(found.spot.cursor);
  found.first = item.id + offset;
  found.length = std::min(item.length - offset, length);
  return found;
}

ItemList::Gap Recent::Between(const ItemList& list, int32_t position) {
  ItemList::Gap gap;
  ItemList::Cursor c = list.CursorFrom(-1);
  if (position > 0) {
    const Stretch left = From(list, position - 1);
    gap.left = left.first;
    gap.at_left = left.spot;
    c = left.spot.merged >= 0 ? left.spot.cursor : list.CursorOf(gap.left);
    gap.right = gap.left + 1;
    if (gap.right < list.ItemAt(c).end() && !Lacks(gap.right)) return gap;
    list.Advance(c);
  }
  while (Lacks(list.ItemAt(c).id)) list.Advance(c);  // the last item is everybody's
  gap.right = list.ItemAt(c).id;
  return gap;
}

}  // namespace twinning::text

#include "common/text/tracker.h"

#include <algorithm>

#include "common/text/walk.h"

namespace twinning::text {

Tracker::Tracker(Op base)
    : base_(base), next_(base + 1), chains_(base), leaves_(1), tree_(Lengths{kTail, kTail}) {
  Item tail;
  tail.id = kBaseText;
  tail.length = kTail;
  tail.state = 1;
  leaves_[0].items[0] = tail;
  leaves_[0].count = 1;
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
    const auto slot = slots_.begin() + (run.first - base_ - 1);
    std::reverse(slot, slot + length);
  }
}

void Tracker::Reach(Op end) {
  if (end <= next_) return;
  next_ = end;
  slots_.resize(end - base_ - 1);
}

void Tracker::MoveTo(const History& history, const Version& version) {
  chains_.MoveTo(history, version, split_);
  for (const OpRange& range : split_.only_a) Toggle(history, range, -1);
  for (const OpRange& range : split_.only_b) Toggle(history, range, +1);
}

void Tracker::Toggle(const History& history, OpRange range, int direction) {
  for (size_t i = history.RunOf(range.begin);
       i < history.runs().size() && history.runs()[i].first < range.end; ++i) {
    const Run run = history.Clip(i, range);
    if (run.kind() == Kind::kInsert) {
      ToggleCharacters(run.first, static_cast<int32_t>(run.length), direction);
    } else {
      ToggleTargets({run.first, run.end()}, direction);
    }
  }
}

void Tracker::ToggleTargets(OpRange deletions, int direction) {
  for (Op o = deletions.begin; o < deletions.end;) {
    const Op target = TargetOf(o);
    int32_t length = 1;
    const Op step = o + 1 < deletions.end && TargetOf(o + 1) == target - 1 ? -1 : 1;
    while (o + length < deletions.end && TargetOf(o + length) == target + step * length) ++length;
    ToggleCharacters(step > 0 ? target : target - length + 1, length, direction);
    o += length;
  }
}

void Tracker::ToggleCharacters(Op id, int32_t length, int direction) {
  while (length > 0) {
    Cursor c = CursorOf(id);
    const int32_t offset = id - ItemAt(c).id;
    const int32_t here = std::min(length, ItemAt(c).length - offset);
    c = Isolate(c, offset, here);
    Item& item = leaves_[c.leaf].items[c.index];
    const int32_t before = item.Current();
    item.state += direction;
    const Lengths delta{item.Current() - before, 0};
    if (delta.current != 0) tree_.Change(c.leaf, delta);
    Rejoin(c);
    id += here;
    length -= here;
  }
}

int32_t Tracker::Insert(const History& history, Op first, int32_t position, int32_t length) {
  Cursor at{head_, 0};
  Op left = -1;
  Op right = -1;
  int32_t merged = 0;
  bool inside = false;
  if (position > 0) {
    Found found = FindVisible(position - 1);
    const Item& item = ItemAt(found.at);
    left = item.id + found.offset;
    merged = found.merged + (item.gone ? 0 : found.offset + 1);
    inside = found.offset + 1 < item.length;
    at = {found.at.leaf, found.at.index + 1};
    if (inside) at = Cut(found.at, found.offset + 1);
  }
  Cursor next = Following(at);
  if (inside || ItemAt(next).state != 0) {
    right = ItemAt(next).id;
  } else {
    Cursor seen = next;
    while (ItemAt(seen).state == 0) seen = Following({seen.leaf, seen.index + 1});
    right = ItemAt(seen).id;
    at = Integrate(history, first, left, right, at, merged);
  }
  Reach(first + length);
  Item item;
  item.id = first;
  item.length = length;
  item.left = left;
  item.right = right;
  item.state = 1;
  Item* previous = at.index > 0 ? &leaves_[at.leaf].items[at.index - 1] : nullptr;
  if (previous != nullptr && Joins(*previous, item)) {
    previous->length += length;
  } else {
    at = Put(at, item);
  }
  SetSlots(first, length, at.leaf);
  tree_.Change(at.leaf, Lengths{length, length});
  chains_.TakeIn(first, first + length);
  return merged;
}

// Everything from `c` up to the item `right` is concurrent with the new text and was inserted in
// the same gap. Where the new text goes among it: see TEXT.md.
Tracker::Cursor Tracker::Integrate(const History& history, Op first, Op left, Op right, Cursor c,
                                   int32_t& merged) const {
  Cursor at = c;
  bool scanning = false;
  int32_t passed = 0;
  for (Cursor i = Following(c); ItemAt(i).id != right; i = Following({i.leaf, i.index + 1})) {
    const Item& other = ItemAt(i);
    if (other.left != left) {
      if (StandsBefore(other.left, left)) break;
    } else if (other.right == right) {
      if (history.Before(first, other.id)) break;
      scanning = false;
    } else {
      scanning = StandsBefore(other.right, right);
    }
    passed += other.Merged();
    if (!scanning) {
      at = {i.leaf, i.index + 1};
      merged += passed;
      passed = 0;
    }
  }
  return at;
}

void Tracker::Delete(Op first, int32_t position, int32_t length, std::vector<Removal>& removals) {
  Reach(first + length);
  Op* target = slots_.data() + (first - base_ - 1);
  int32_t left = length;
  while (left > 0) {
    const Found found = FindVisible(position);
    const int32_t here = std::min(left, ItemAt(found.at).length - found.offset);
    const Cursor c = Isolate(found.at, found.offset, here);
    Item& item = leaves_[c.leaf].items[c.index];
    const bool gone = item.gone != 0;
    removals.push_back({here, gone ? -1 : found.merged + found.offset});
    for (int32_t k = 0; k < here; ++k) *target++ = item.id + k;
    item.state = 2;
    item.gone = 1;
    tree_.Change(c.leaf, Lengths{-here, gone ? 0 : -here});
    Rejoin(c);
    left -= here;
  }
  chains_.TakeIn(first, first + length);
}

Tracker::Spot Tracker::SpotOf(Op character) const {
  const Cursor c = CursorOf(character);
  const Lengths before = tree_.Before(c.leaf);
  Spot spot{before.current, before.merged, false, false};
  for (uint32_t i = 0; i < c.index; ++i) {
    spot.current += leaves_[c.leaf].items[i].Current();
    spot.merged += leaves_[c.leaf].items[i].Merged();
  }
  const Item& item = ItemAt(c);
  spot.visible = item.state == 1;
  spot.alive = item.gone == 0;
  if (spot.visible) spot.current += character - item.id;
  if (spot.alive) spot.merged += character - item.id;
  return spot;
}

Tracker::Cursor Tracker::Following(Cursor c) const {
  return c.index < leaves_[c.leaf].count ? c : Cursor{leaves_[c.leaf].next, 0};
}

Tracker::Found Tracker::FindVisible(int32_t index) const {
  const auto place = tree_.Find(&Lengths::current, index + 1);
  const Leaf& leaf = leaves_[place.leaf];
  int32_t left = index - place.before.current;
  Found found{{place.leaf, 0}, 0, place.before.merged};
  for (;; ++found.at.index) {
    const Item& item = leaf.items[found.at.index];
    if (left < item.Current()) break;
    left -= item.Current();
    found.merged += item.Merged();
  }
  found.offset = left;
  return found;
}

uint32_t Tracker::LeafOf(Op id) const {
  if (id < kBaseText) return static_cast<uint32_t>(slots_[id - base_ - 1]);
  return id - kBaseText < tail_begin_ ? base_slots_[id - kBaseText] : 0;
}

Tracker::Cursor Tracker::CursorOf(Op id) const {
  Cursor c{LeafOf(id), 0};
  const Leaf& leaf = leaves_[c.leaf];
  while (static_cast<uint32_t>(id - leaf.items[c.index].id) >=
         static_cast<uint32_t>(leaf.items[c.index].length)) {
    ++c.index;
  }
  return c;
}

bool Tracker::StandsBefore(Op a, Op b) const {
  if (a < 0 || b < 0) return a < b;
  const Cursor first = CursorOf(a);
  const Cursor second = CursorOf(b);
  if (first.leaf != second.leaf) return tree_.Precedes(first.leaf, second.leaf);
  if (first.index != second.index) return first.index < second.index;
  return a < b;
}

void Tracker::SetSlots(Op id, int32_t length, uint32_t leaf) {
  if (id < kBaseText) {
    std::fill_n(slots_.begin() + (id - base_ - 1), length, static_cast<Op>(leaf));
  } else if (id - kBaseText < tail_begin_) {
    std::fill_n(base_slots_.begin() + (id - kBaseText), length, leaf);
  }
}

// Splits a full leaf, moving the half that has fewer characters: each character moves seldom.
Tracker::Cursor Tracker::MakeRoom(Cursor c) {
  if (leaves_[c.leaf].count < kItems) return c;
  constexpr uint32_t kHalf = kItems / 2;
  const auto fresh = static_cast<uint32_t>(leaves_.size());
  leaves_.emplace_back();
  Leaf& old = leaves_[c.leaf];
  Leaf& half = leaves_[fresh];
  int64_t balance = 0;
  for (uint32_t i = 0; i < kItems; ++i) balance += (i < kHalf ? 1 : -1) * old.items[i].length;
  const bool upper = balance >= 0;
  std::copy_n(old.items.begin() + (upper ? kHalf : 0), kHalf, half.items.begin());
  if (!upper) std::copy_n(old.items.begin() + kHalf, kHalf, old.items.begin());
  old.count = half.count = kHalf;
  Lengths moved;
  for (uint32_t i = 0; i < kHalf; ++i) {
    moved += Lengths{half.items[i].Current(), half.items[i].Merged()};
    SetSlots(half.items[i].id, half.items[i].length, fresh);
  }
  if (upper) {
    tree_.InsertAfter(c.leaf, fresh);
    half.next = old.next;
    half.previous = c.leaf;
  } else {
    tree_.InsertBefore(c.leaf, fresh);
    half.next = c.leaf;
    half.previous = old.previous;
  }
  if (half.next != kNone) leaves_[half.next].previous = fresh;
  if (half.previous != kNone) leaves_[half.previous].next = fresh;
  if (half.previous == kNone) head_ = fresh;
  tree_.Change(fresh, moved);
  Lengths lost;
  lost -= moved;
  tree_.Change(c.leaf, lost);
  const bool in_upper = c.index > kHalf || (c.index == kHalf && !upper);
  if (in_upper) c.index -= kHalf;
  return {in_upper == upper ? fresh : c.leaf, c.index};
}

// The lengths of a new item are added to the tree by the caller.
Tracker::Cursor Tracker::Put(Cursor c, const Item& item) {
  c = MakeRoom(c);
  Leaf& leaf = leaves_[c.leaf];
  std::copy_backward(leaf.items.begin() + c.index, leaf.items.begin() + leaf.count,
                     leaf.items.begin() + leaf.count + 1);
  leaf.items[c.index] = item;
  ++leaf.count;
  return c;
}

// Cuts the item at `c` in two; returns where the second begins, in the same leaf as the first.
Tracker::Cursor Tracker::Cut(Cursor c, int32_t offset) {
  const bool full = leaves_[c.leaf].count == kItems;
  if (full) {
    const Op id = ItemAt(c).id;
    MakeRoom(c);
    c = CursorOf(id);
  }
  Item second = ItemAt(c);
  if (second.id == kBaseText + tail_begin_) {
    tail_begin_ += offset;
    base_slots_.resize(tail_begin_, c.leaf);
  }
  second.id += offset;
  second.length -= offset;
  second.left = second.id - 1;
  leaves_[c.leaf].items[c.index].length = offset;
  return Put({c.leaf, c.index + 1}, second);
}

// Makes an item of its own of a part of the item at `c`.
Tracker::Cursor Tracker::Isolate(Cursor c, int32_t offset, int32_t length) {
  if (offset > 0) c = Cut(c, offset);
  if (length == ItemAt(c).length) return c;
  c = Cut(c, length);
  return {c.leaf, c.index - 1};
}

bool Tracker::Joins(const Item& a, const Item& b) const {
  return a.end() == b.id && b.left == b.id - 1 && a.right == b.right && a.state == b.state &&
         a.gone == b.gone && b.id != kBaseText + tail_begin_;
}

// Joins the item at `c` with its neighbours in the leaf where they are of one piece again.
void Tracker::Rejoin(Cursor c) {
  Leaf& leaf = leaves_[c.leaf];
  for (uint32_t i = c.index + 1; i >= c.index && i > 0; --i) {
    if (i >= leaf.count || !Joins(leaf.items[i - 1], leaf.items[i])) continue;
    leaf.items[i - 1].length += leaf.items[i].length;
    std::copy(leaf.items.begin() + i + 1, leaf.items.begin() + leaf.count, leaf.items.begin() + i);
    --leaf.count;
  }
}

}  // namespace twinning::text

#include "common/text/item_list.h"

#include <algorithm>
#include <numeric>

#include "common/text/fetch.h"

namespace twinning::text {

void ItemList::Restart(Op base) {
  base_ = base;
  leaves_.clear();
  leaves_.emplace_back();
  labels_.assign(1, 0);
  tree_.Restart(Length{kEndless});
  head_ = 0;
  slots_.clear();
  base_slots_.Restart();
  tail_begin_ = 0;
  inserted_ = {0, kItems};
  counted_ = kNone;
  Item& tail = leaves_[0].items[0];
  tail.id = kBaseText;
  tail.length = kEndless;
  leaves_[0].count = 1;
}

void ItemList::Reach(Op end) {
  if (static_cast<size_t>(end - base_ - 1) > slots_.size()) slots_.resize(end - base_ - 1);
}

void ItemList::ReverseTargets(Op first, int32_t length) {
  const auto slot = slots_.begin() + (first - base_ - 1);
  std::reverse(slot, slot + length);
}

int32_t ItemList::Insert(const History& history, Op first, int32_t length, const Gap& gap) {
  const auto [left, right, at_left] = gap;
  Reach(first + length);
  const Item item{first, length, left, right};
  Cursor at;
  int32_t merged = left < 0 ? 0 : at_left.merged + 1;
  if (InsertWithin(item, at_left, at)) {
    if (at_left.merged < 0) merged = MergedBefore(at);
  } else {
    at = After(gap);
    const bool stranger = ItemAt(Following(at)).id != right;
    if (stranger) at = Integrate(history, first, left, right, at);
    if (stranger || (left >= 0 && at_left.merged < 0)) merged = MergedBefore(at);
    at = PutOrJoin(at, item);
  }
  SetSlots(first, length, at.leaf);
  Change(at.leaf, length);
  inserted_ = at;
  return merged;
}

// Puts an item between two characters that follow each other within another. False, and nothing
// done, where they do not, or the leaf has no room.
bool ItemList::InsertWithin(const Item& item, const Spot& at_left, Cursor& at) {
  if (item.left < 0 || item.right != item.left + 1) return false;
  const Cursor c = at_left.merged < 0 ? CursorOf(item.left) : at_left.cursor;
  const int32_t offset = item.right - ItemAt(c).id;
  if (offset == ItemAt(c).length || leaves_[c.leaf].count + 2 > kItems) return false;
  Split(c, offset, 0);
  at = {c.leaf, c.index + 1};
  leaves_[at.leaf].items[at.index] = item;
  return true;
}

// So many more characters of the merged text are in a leaf.
void ItemList::Change(uint32_t leaf, int32_t merged) {
  if (leaf != counted_) counted_ = kNone;
  tree_.Change(leaf, Length{merged});
}

bool ItemList::Extend(Op first, int32_t length) {
  if (inserted_.index >= leaves_[inserted_.leaf].count) return false;
  Item& item = leaves_[inserted_.leaf].items[inserted_.index];
  if (item.end() != first || item.gone) return false;
  Reach(first + length);
  item.length += length;
  SetSlots(first, length, inserted_.leaf);
  Change(inserted_.leaf, length);
  return true;
}

// The place behind a character, between two items.
ItemList::Cursor ItemList::After(const Gap& gap) {
  if (gap.left < 0) return {head_, 0};
  const Cursor c = gap.at_left.merged < 0 ? CursorOf(gap.left) : gap.at_left.cursor;
  const int32_t offset = gap.left + 1 - ItemAt(c).id;
  return offset == ItemAt(c).length ? Cursor{c.leaf, c.index + 1} : Cut(c, offset);
}

// Everything from `c` up to the item `right` is concurrent with the new text and was inserted in
// the same gap. Where the new text goes among it: see TEXT.md.
ItemList::Cursor ItemList::Integrate(const History& history, Op first, Op left, Op right,
                                     Cursor c) const {
  Cursor at = c;
  bool scanning = false;
  for (Cursor i = Following(c); ItemAt(i).id != right; i = Following({i.leaf, i.index + 1})) {
    const Item& other = ItemAt(i);
    if (other.left != left) {
      if (other.left < 0 || (left >= 0 && StandsBefore(other.left, left))) break;
    } else if (other.right == right) {
      if (history.Before(first, other.id)) break;
      scanning = false;
    } else {
      scanning = StandsBefore(other.right, right);
    }
    if (!scanning) at = {i.leaf, i.index + 1};
  }
  return at;
}

void ItemList::Delete(Op first, Op target, int32_t length, std::vector<Removal>& removals,
                      Spot spot) {
  Reach(first + length);
  std::iota(slots_.begin() + (first - base_ - 1), slots_.begin() + (first - base_ - 1 + length),
            target);
  while (length > 0) {
    const bool known = spot.merged >= 0;
    Cursor c = known ? spot.cursor : CursorOf(target);
    const int32_t offset = target - ItemAt(c).id;
    const int32_t here = std::min(length, ItemAt(c).length - offset);
    if (ItemAt(c).gone) {
      removals.push_back({here, -1});
    } else {
      c = Isolate(c, offset, here);
      removals.push_back({here, known ? spot.merged : MergedBefore(c)});
      leaves_[c.leaf].items[c.index].gone = true;
      Change(c.leaf, -here);
      Rejoin(c);
    }
    target += here;
    length -= here;
    spot = {};
  }
}

ItemList::Cursor ItemList::Following(Cursor c) const {
  return c.index < leaves_[c.leaf].count ? c : Cursor{leaves_[c.leaf].next, 0};
}

bool ItemList::Advance(Cursor& c) const {
  c = {c.leaf, c.index + 1};
  if (c.index < leaves_[c.leaf].count) return true;
  if (leaves_[c.leaf].next == kNone) return false;
  c = {leaves_[c.leaf].next, 0};
  return true;
}

int32_t ItemList::MergedBeforeLeaf(uint32_t leaf) const {
  if (leaf != counted_) {
    counted_ = leaf;
    counted_before_ = tree_.Before(leaf).merged;
  }
  return counted_before_;
}

int32_t ItemList::MergedBefore(Cursor c) const {
  int32_t merged = MergedBeforeLeaf(c.leaf);
  for (uint32_t i = 0; i < c.index; ++i) merged += leaves_[c.leaf].items[i].Merged();
  return merged;
}

ItemList::Cursor ItemList::CursorAt(int32_t index, int32_t& offset) const {
  const auto place = tree_.Find(&Length::merged, index + 1);
  const Leaf& leaf = leaves_[place.leaf];
  Fetch(leaf);
  offset = index - place.before.merged;
  uint32_t i = 0;
  for (; offset >= leaf.items[i].Merged(); ++i) offset -= leaf.items[i].Merged();
  return {place.leaf, i};
}

uint32_t ItemList::IndexIn(uint32_t leaf, Op id) const {
  const Leaf& l = leaves_[leaf];
  uint32_t index = 0;
  while (static_cast<uint32_t>(id - l.items[index].id) >=
         static_cast<uint32_t>(l.items[index].length)) {
    ++index;
  }
  return index;
}

ItemList::Cursor ItemList::CursorOf(Op character) const {
  const uint32_t leaf = LeafOf(character);
  Fetch(leaves_[leaf]);
  tree_.Expect(leaf);
  return {leaf, IndexIn(leaf, character)};
}

bool ItemList::StandsBeforeInLeaf(Op a, Op b, Cursor at) const {
  const uint32_t index = IndexIn(at.leaf, a);
  return index == at.index ? a < b : index < at.index;
}

bool ItemList::StandsBefore(Op a, Op b) const { return StandsBefore(a, b, CursorOf(b)); }

void ItemList::SetSlots(Op id, int32_t length, uint32_t leaf) {
  if (id < kBaseText) {
    std::fill_n(slots_.begin() + (id - base_ - 1), length, static_cast<Op>(leaf));
  } else if (id - kBaseText < tail_begin_) {
    base_slots_.Fill(id - kBaseText, id - kBaseText + length, leaf);
  }
}

// Gives a new leaf a label between its neighbours'; new ones to all when there is none left.
void ItemList::Label(uint32_t leaf) {
  constexpr uint64_t kApart = uint64_t{1} << 32;
  labels_.resize(leaves_.size());
  const uint32_t previous = leaves_[leaf].previous;
  const uint32_t next = leaves_[leaf].next;
  const uint64_t low = previous == kNone ? 0 : labels_[previous] + 1;
  const uint64_t high = next == kNone ? low + kApart : labels_[next];
  labels_[leaf] = low + (high - low) / 2;
  if (low < high) return;
  uint64_t label = kApart;
  for (uint32_t n = head_; n != kNone; n = leaves_[n].next, label += kApart) labels_[n] = label;
}

// Splits a full leaf, moving the half that has fewer characters: each character moves seldom.
ItemList::Cursor ItemList::MakeRoom(Cursor c) {
  if (leaves_[c.leaf].count < kItems) return c;
  constexpr uint32_t kHalf = kItems / 2;
  const auto fresh = static_cast<uint32_t>(leaves_.size());
  leaves_.emplace_back();
  Leaf& old = leaves_[c.leaf];
  Leaf& half = leaves_[fresh];
  int64_t balance = 0;
  for (uint32_t i = 0; i < kItems; ++i) balance += (i < kHalf ? 1 : -1) * old.items[i].length;
  const bool upper = balance >= 0;
  counted_ = kNone;
  std::copy_n(old.items.begin() + (upper ? kHalf : 0), kHalf, half.items.begin());
  if (!upper) std::copy_n(old.items.begin() + kHalf, kHalf, old.items.begin());
  old.count = half.count = kHalf;
  Length moved;
  for (uint32_t i = 0; i < kHalf; ++i) {
    moved.merged += half.items[i].Merged();
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
  Label(fresh);
  tree_.Change(fresh, moved);
  tree_.Change(c.leaf, Length{-moved.merged});
  const bool in_upper = c.index > kHalf || (c.index == kHalf && !upper);
  if (in_upper) c.index -= kHalf;
  return {in_upper == upper ? fresh : c.leaf, c.index};
}

// Behind the item left of it where the two are one piece.
ItemList::Cursor ItemList::PutOrJoin(Cursor c, const Item& item) {
  Item* previous = c.index > 0 ? &leaves_[c.leaf].items[c.index - 1] : nullptr;
  if (previous == nullptr || !Joins(*previous, item)) return Put(c, item);
  previous->length += item.length;
  return {c.leaf, c.index - 1};
}

// The length of a new item is added to the tree by the caller.
ItemList::Cursor ItemList::Put(Cursor c, const Item& item) {
  c = MakeRoom(c);
  OpenAt(c, 1);
  leaves_[c.leaf].items[c.index] = item;
  return c;
}

// Makes way for so many items in a leaf that has room for them.
void ItemList::OpenAt(Cursor c, uint32_t items) {
  Leaf& leaf = leaves_[c.leaf];
  std::copy_backward(leaf.items.begin() + c.index, leaf.items.begin() + leaf.count,
                     leaf.items.begin() + leaf.count + items);
  leaf.count += items;
}

// The endless item begins so much later; what it loses is in a leaf.
void ItemList::MoveTail(int32_t offset, uint32_t leaf) {
  base_slots_.Fill(tail_begin_, tail_begin_ + offset, leaf);
  tail_begin_ += offset;
}

// Cuts the item at `c` in two; returns where the second begins, in the same leaf as the first.
ItemList::Cursor ItemList::Cut(Cursor c, int32_t offset) {
  if (leaves_[c.leaf].count == kItems) {
    const Op id = ItemAt(c).id;
    MakeRoom(c);
    c = CursorOf(id);
  }
  Item second = ItemAt(c);
  if (second.id == kBaseText + tail_begin_) MoveTail(offset, c.leaf);
  second.id += offset;
  second.length -= offset;
  second.left = second.id - 1;
  leaves_[c.leaf].items[c.index].length = offset;
  return Put({c.leaf, c.index + 1}, second);
}

// Makes an item of its own of a part of the item at `c`.
ItemList::Cursor ItemList::Isolate(Cursor c, int32_t offset, int32_t length) {
  const int32_t rest = ItemAt(c).length - offset - length;
  if (offset > 0 && rest > 0 && leaves_[c.leaf].count + 2 <= kItems) {
    Split(c, offset, length);
    return {c.leaf, c.index + 1};
  }
  if (offset > 0) c = Cut(c, offset);
  if (rest == 0) return c;
  c = Cut(c, length);
  return {c.leaf, c.index - 1};
}

// Cuts the item at `c` in two, `offset` characters into it, with room for another between, or, with
// a length, in three.
void ItemList::Split(Cursor c, int32_t offset, int32_t length) {
  OpenAt({c.leaf, c.index + 1}, 2);
  Item* items = leaves_[c.leaf].items.data() + c.index;
  if (items->id == kBaseText + tail_begin_) MoveTail(offset + length, c.leaf);
  const auto part = [&](int32_t begin, int32_t size) {
    Item cut = items[0];
    cut.id += begin;
    cut.length = size;
    cut.left = cut.id - 1;
    return cut;
  };
  items[2] = part(offset + length, items->length - offset - length);
  items[1] = part(offset, length);
  items[0].length = offset;
}

bool ItemList::Joins(const Item& a, const Item& b) const {
  return a.end() == b.id && b.left == b.id - 1 && a.right == b.right && a.gone == b.gone &&
         b.id != kBaseText + tail_begin_;
}

// Joins the item at `c` with its neighbours in the leaf where they are of one piece again.
void ItemList::Rejoin(Cursor c) {
  Leaf& leaf = leaves_[c.leaf];
  for (uint32_t i = c.index + 1; i >= c.index && i > 0; --i) {
    if (i >= leaf.count || !Joins(leaf.items[i - 1], leaf.items[i])) continue;
    leaf.items[i - 1].length += leaf.items[i].length;
    std::copy(leaf.items.begin() + i + 1, leaf.items.begin() + leaf.count, leaf.items.begin() + i);
    --leaf.count;
  }
}

}  // namespace twinning::text

// Every character that took part since one critical version, in the order of the merged text with
// the deleted ones left in their places. Runs of characters are items; everything older is one run
// of placeholders. Must not know: versions, the characters themselves.
#ifndef TWINNING_COMMON_TEXT_ITEM_LIST_H_
#define TWINNING_COMMON_TEXT_ITEM_LIST_H_

#include <array>
#include <cstdint>
#include <vector>

#include "common/text/history.h"
#include "common/text/large_pages.h"
#include "common/text/paged_slots.h"
#include "common/text/sum_tree.h"

namespace twinning::text {

// Characters of the text at the base are known by their position in it, from here on.
inline constexpr Op kBaseText = Op{1} << 30;
// How many there seem to be: the last item has no end.
inline constexpr int32_t kEndless = (int32_t{1} << 30) - 1;

// What a deletion does to the merged text. `position` is -1 when the characters were gone already.
struct Removal {
  int32_t length = 0;
  int32_t position = -1;
};

class ItemList {
 public:
  struct Item {
    Op id = 0;
    int32_t length = 0;
    Op left = -1;   // what stood left of its first character for its author
    Op right = -1;  // and right of it, of what the author had seen
    bool gone = false;
    int32_t Merged() const { return gone ? 0 : length; }
    Op end() const { return id + length; }
  };
  // Before items[index] of a leaf; index may be the leaf's count.
  struct Cursor {
    uint32_t leaf = 0;
    uint32_t index = 0;
  };

  // Where a character of the merged text is, for a caller who knows.
  struct Spot {
    Cursor cursor;
    int32_t merged = -1;  // characters of the merged text left of it; -1: nobody knows where it is
  };
  // Between two characters that somebody had seen next to each other.
  struct Gap {
    Op left = -1;  // -1: at the start
    Op right = -1;
    Spot at_left;
  };

  explicit ItemList(Op base) { Restart(base); }
  // As if made anew.
  void Restart(Op base);

  // Puts new characters where their author did; returns their place in the merged text.
  int32_t Insert(const History& history, Op first, int32_t length, const Gap& gap);
  // More of what was inserted last, right behind it; false, and nothing done, where that is no
  // longer seen at once.
  bool Extend(Op first, int32_t length);
  // Marks `length` characters from `target` on, which is at `spot`, as deleted by operations from
  // `first` on.
  void Delete(Op first, Op target, int32_t length, std::vector<Removal>& removals, Spot spot);
  // Operations below `end` may follow.
  void Reach(Op end);
  void ReverseTargets(Op first, int32_t length);

  int64_t MergedLength() const { return tree_.total().merged; }
  Op TargetOf(Op deletion) const { return slots_[deletion - base_ - 1]; }
  Cursor CursorOf(Op character) const;
  // At the character, or at the start for -1.
  Cursor CursorFrom(Op character) const {
    return character < 0 ? Cursor{head_, 0} : CursorOf(character);
  }
  const Item& ItemAt(Cursor c) const { return leaves_[c.leaf].items[c.index]; }
  Op LeftOf(Op character) const { return LeftOf(character, CursorOf(character)); }
  // The same of one that is at `at`.
  Op LeftOf(Op character, Cursor at) const {
    const Item& item = ItemAt(at);
    return character == item.id ? item.left : character - 1;
  }
  Op RightOf(Op character) const { return ItemAt(CursorOf(character)).right; }
  // The item of a character of the merged text, and how many of its characters stand before that.
  Cursor CursorAt(int32_t index, int32_t& offset) const;
  // The item after that at `c`; false when there is none.
  bool Advance(Cursor& c) const;
  // Characters of the merged text left of a place.
  int32_t MergedBefore(Cursor c) const;
  // Whether the character `a` stands before `b`, which is at `at`.
  bool StandsBefore(Op a, Op b, Cursor at) const {
    const uint32_t leaf = LeafOf(a);
    return leaf != at.leaf ? labels_[leaf] < labels_[at.leaf] : StandsBeforeInLeaf(a, b, at);
  }
  bool StandsBefore(Op a, Op b) const;

 private:
  static constexpr uint32_t kItems = 16;
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Leaf {
    uint32_t next = kNone;
    uint32_t previous = kNone;
    uint32_t count = 0;
    std::array<Item, kItems> items;
  };
  struct Length {
    int32_t merged = 0;
    Length& operator+=(const Length& other) {
      merged += other.merged;
      return *this;
    }
    Length& operator-=(const Length& other) {
      merged -= other.merged;
      return *this;
    }
  };

  Cursor Following(Cursor c) const;
  uint32_t LeafOf(Op id) const {
    if (id < kBaseText) return static_cast<uint32_t>(slots_[id - base_ - 1]);
    return id - kBaseText < tail_begin_ ? base_slots_.At(id - kBaseText) : 0;
  }
  bool StandsBeforeInLeaf(Op a, Op b, Cursor at) const;
  uint32_t IndexIn(uint32_t leaf, Op id) const;
  void SetSlots(Op id, int32_t length, uint32_t leaf);
  Cursor After(const Gap& gap);
  bool InsertWithin(const Item& item, const Spot& at_left, Cursor& at);
  void Split(Cursor c, int32_t offset, int32_t length);
  void Change(uint32_t leaf, int32_t merged);
  int32_t MergedBeforeLeaf(uint32_t leaf) const;
  void OpenAt(Cursor c, uint32_t items);
  void MoveTail(int32_t offset, uint32_t leaf);
  Cursor Integrate(const History& history, Op first, Op left, Op right, Cursor c) const;
  void Label(uint32_t leaf);
  Cursor MakeRoom(Cursor c);
  Cursor PutOrJoin(Cursor c, const Item& item);
  Cursor Put(Cursor c, const Item& item);
  Cursor Cut(Cursor c, int32_t offset);
  Cursor Isolate(Cursor c, int32_t offset, int32_t length);
  void Rejoin(Cursor c);
  bool Joins(const Item& a, const Item& b) const;

  Op base_ = -1;
  LargeVector<Leaf> leaves_;
  SumTree<Length> tree_;
  uint32_t head_ = 0;
  // For operations after the base: the leaf of an inserted character, the target of a deletion.
  LargeVector<Op> slots_;
  Cursor inserted_;                   // where the last insertion went
  mutable uint32_t counted_ = kNone;  // a leaf of which it is known what stands left of it
  mutable int32_t counted_before_ = 0;
  LargeVector<uint64_t> labels_;  // ascend from leaf to leaf in the order of the list
  PagedSlots base_slots_;         // leaves of base characters left of tail_begin_
  int32_t tail_begin_ = 0;        // the endless item begins here; it stays in leaf 0
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_ITEM_LIST_H_

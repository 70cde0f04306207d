// Where concurrent operations land. Holds every character that took part since one critical version
// in one list, with its state at a movable version; operations made at that version are placed by
// it. Everything older is one run of placeholders. Must not know: the characters themselves.
#ifndef TWINNING_COMMON_TEXT_TRACKER_H_
#define TWINNING_COMMON_TEXT_TRACKER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "common/text/chains.h"
#include "common/text/history.h"
#include "common/text/sum_tree.h"

namespace twinning::text {

// Characters of the text at the base are known by their position in it, from here on.
inline constexpr Op kBaseText = Op{1} << 30;

// What a deletion does to the merged text. `position` is -1 when the characters were gone already.
struct Removal {
  int32_t length = 0;
  int32_t position = -1;
};

class Tracker {
 public:
  // At `base`, a critical operation of the history, or -1 for the empty text.
  explicit Tracker(Op base);

  Op base() const { return base_; }
  const Version& version() const { return chains_.version(); }
  // One after the last operation it has taken in. Between calls it has taken in all before.
  Op next() const { return next_; }

  // Takes in all operations of `history` that it lacks, up to `end`.
  void CatchUp(const History& history, Op end);
  void CatchUp(const History& history) { CatchUp(history, history.operations()); }
  // Everything at and before the base must be in `version`, everything in it taken in.
  void MoveTo(const History& history, const Version& version);
  // How much longer the text is at the current version, and with all operations, than at the base.
  int64_t GrowthAtVersion() const { return int64_t{tree_.total().current} - kTail; }
  int64_t GrowthMerged() const { return int64_t{tree_.total().merged} - kTail; }

  // Operations made at the current version (see MoveTo), in order; the version goes on with them.
  // Insert returns where the text goes in the merged text.
  int32_t Insert(const History& history, Op first, int32_t position, int32_t length);
  // Deletes to the right of `position`; adds to `removals` in the order of the operations.
  void Delete(Op first, int32_t position, int32_t length, std::vector<Removal>& removals);

  // Takes in a run at the current version. Removals are added from left to right, whatever the
  // order of the operations.
  void Apply(const History& history, const Run& run, std::vector<Removal>& removals);

  // A stretch of characters as the reader below sees it.
  struct Stretch {
    Op first = 0;  // the operation that inserted it, or kBaseText + position
    int32_t length = 0;
    bool visible = false;  // at the current version
    bool merged = false;   // in the merged text
  };
  struct Spot {
    int32_t current = 0;  // characters left of it at the current version
    int32_t merged = 0;   // and in the merged text
    bool visible = false;
    bool alive = false;
  };
  // Where a character taken in stands.
  Spot SpotOf(Op character) const;
  // What stood left of an inserted character when it was inserted, at its author's version; -1:
  // none.
  Op LeftOf(Op character) const {
    const Item& item = ItemAt(CursorOf(character));
    return character == item.id ? item.left : character - 1;
  }
  // What a deletion deleted.
  Op TargetOf(Op deletion) const { return slots_[deletion - base_ - 1]; }
  // Calls visit(Stretch) for every stretch from the character `from` (-1: the start) on, in order,
  // until it returns false. The last stretch is endless: whatever stood behind at the base.
  template <typename Visitor>
  void Read(Op from, Visitor visit) const;

 private:
  static constexpr int32_t kTail = (int32_t{1} << 30) - 1;
  static constexpr uint32_t kItems = 32;
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Item {
    Op id = 0;
    int32_t length = 0;
    Op left = -1;   // what stood left of its first character for its author
    Op right = -1;  // and right of it, of what the author had seen
    // 0: not yet inserted at the current version; 1: there; above: deleted so many times less one.
    uint32_t state : 31 = 0;
    uint32_t gone : 1 = 0;  // deleted by anyone
    int32_t Current() const { return state == 1 ? length : 0; }
    int32_t Merged() const { return gone ? 0 : length; }
    Op end() const { return id + length; }
  };
  struct Leaf {
    uint32_t next = kNone;
    uint32_t previous = kNone;
    uint32_t count = 0;
    std::array<Item, kItems> items;
  };
  struct Lengths {
    int32_t current = 0;
    int32_t merged = 0;
    Lengths& operator+=(const Lengths& other) {
      current += other.current;
      merged += other.merged;
      return *this;
    }
    Lengths& operator-=(const Lengths& other) {
      current -= other.current;
      merged -= other.merged;
      return *this;
    }
  };
  // Before items[index] of a leaf; index may be the leaf's count.
  struct Cursor {
    uint32_t leaf = 0;
    uint32_t index = 0;
  };
  // The item a character of the current version is in.
  struct Found {
    Cursor at;
    int32_t offset = 0;
    int32_t merged = 0;  // characters of the merged text left of the item
  };

  const Item& ItemAt(Cursor c) const { return leaves_[c.leaf].items[c.index]; }
  Cursor Following(Cursor c) const;
  Found FindVisible(int32_t index) const;
  uint32_t LeafOf(Op id) const;
  Cursor CursorOf(Op id) const;
  bool StandsBefore(Op a, Op b) const;
  void SetSlots(Op id, int32_t length, uint32_t leaf);
  Cursor MakeRoom(Cursor c);
  Cursor Put(Cursor c, const Item& item);
  Cursor Cut(Cursor c, int32_t offset);
  Cursor Isolate(Cursor c, int32_t offset, int32_t length);
  void Rejoin(Cursor c);
  bool Joins(const Item& a, const Item& b) const;
  Cursor Integrate(const History& history, Op first, Op left, Op right, Cursor c,
                   int32_t& merged) const;
  void Reach(Op end);
  void Toggle(const History& history, OpRange range, int direction);
  void ToggleTargets(OpRange deletions, int direction);
  void ToggleCharacters(Op id, int32_t length, int direction);

  Op base_;
  Op next_;
  Chains chains_;
  std::vector<Leaf> leaves_;
  SumTree<Lengths> tree_;
  uint32_t head_ = 0;
  // For operations after the base: the leaf of an inserted character, the target of a deletion.
  std::vector<Op> slots_;
  std::vector<uint32_t> base_slots_;  // leaves of base characters left of tail_begin_
  int32_t tail_begin_ = 0;            // the endless stretch begins here; it stays in leaf 0
  History::Split split_;              // scratch
};

template <typename Visitor>
void Tracker::Read(Op from, Visitor visit) const {
  Cursor c = from < 0 ? Cursor{head_, 0} : CursorOf(from);
  int32_t skip = from < 0 ? 0 : from - ItemAt(c).id;
  for (;;) {
    const Item& item = ItemAt(c);
    if (!visit(Stretch{item.id + skip, item.length - skip, item.state == 1, item.gone == 0}))
      return;
    skip = 0;
    ++c.index;
    if (c.index == leaves_[c.leaf].count) {
      if (leaves_[c.leaf].next == kNone) return;
      c = {leaves_[c.leaf].next, 0};
    }
  }
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_TRACKER_H_

// Where concurrent operations land: takes in operations since one critical version, each at the
// version it was made at, and says what it does to the merged text. Authors who write side by side
// each keep their view of the text, so that going from one to another costs next to nothing. Must
// not know: the characters themselves.
#ifndef TWINNING_COMMON_TEXT_TRACKER_H_
#define TWINNING_COMMON_TEXT_TRACKER_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/text/chains.h"
#include "common/text/history.h"
#include "common/text/item_list.h"
#include "common/text/views.h"

namespace twinning::text {

class Tracker {
 public:
  // At `base`, a critical operation of the history, or -1 for the empty text.
  explicit Tracker(Op base);
  // As if made anew, in the same memory.
  void Restart(Op base);

  Op base() const { return base_; }
  const Version& version() const { return stand().at.version; }
  // One after the last operation it has taken in. Between calls it has taken in all before.
  Op next() const { return next_; }

  // Takes in all operations of `history` that it lacks, up to `end`.
  void CatchUp(const History& history, Op end);
  void CatchUp(const History& history) { CatchUp(history, history.operations()); }
  // Everything at and before the base must be in `version`, everything in it taken in. `author` is
  // who writes there next, if anybody.
  static constexpr Author kNobody = UINT32_MAX;
  void MoveTo(const History& history, const Version& version, Author author = kNobody);
  // How much longer the text is at the current version, and with all operations, than at the base.
  int64_t GrowthAtVersion() const { return int64_t{stand().view.visible} - kEndless; }
  int64_t GrowthMerged() const { return list_.MergedLength() - kEndless; }

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
  Op LeftOf(Op character) const { return list_.LeftOf(character); }
  // What a deletion deleted.
  Op TargetOf(Op deletion) const { return list_.TargetOf(deletion); }
  // Calls visit(Stretch) for every stretch from the character `from` (-1: the start) on, in order,
  // until it returns false. The last stretch is endless: whatever stood behind at the base.
  template <typename Visitor>
  void Read(Op from, Visitor visit) const;

 private:
  // A version that somebody writes at, or wrote at last.
  struct Stand {
    Standpoint at;
    View view;
    Author author = kNobody;
    uint64_t used = 0;
    // The latest operation of the version; -1: none.
    Operation Head() const { return at.version.empty() ? -1 : at.version.back(); }
  };
  static constexpr size_t kNone = SIZE_MAX;

  const Stand& stand() const { return stands_[current_]; }
  Stand& stand() { return stands_[current_]; }
  void Start();
  void Choose(const Version& version, Author author);
  size_t StandAt(const Version& version, Author author) const;
  size_t OwnStand(Author author) const;
  size_t Nearest(const Version& version, size_t own) const;
  void NoteUse();
  void DropIdle(size_t keep);
  void KeepWithinBounds();
  void Leave(const History& history, OpRange range);
  void Enter(const History& history, OpRange range);
  void CountTargets(OpRange deletions, int change);

  Op base_;
  Op next_;
  ItemList list_;
  Chains chains_;
  mutable ViewPool pool_;
  std::vector<Stand> stands_;
  size_t current_ = 0;
  uint64_t moves_ = 0;
  std::vector<size_t> recent_;   // stands used last, the latest first
  std::vector<int32_t> target_;  // scratch
  History::Split split_;         // scratch
};

template <typename Visitor>
void Tracker::Read(Op from, Visitor visit) const {
  ItemList::Cursor c = list_.CursorFrom(from);
  ViewPool::Walk seen(pool_, list_, stand().view, from);
  Op next = from < 0 ? list_.ItemAt(c).id : from;
  do {
    const ItemList::Item& item = list_.ItemAt(c);
    if (from < 0) next = item.id;
    from = -1;
    while (next < item.end()) {
      Stretch stretch{next, item.end() - next, false, !item.gone};
      const bool here = !seen.AtEnd() && seen.character() >= next && seen.character() < item.end();
      if (here && seen.character() == next) {
        stretch.visible = seen.visible();
        stretch.length = std::min(stretch.length, seen.length());
        seen.Skip(stretch.length);
      } else if (here) {
        stretch.length = seen.character() - next;
      }
      if (!visit(stretch)) return;
      next += stretch.length;
    }
  } while (list_.Advance(c));
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_TRACKER_H_

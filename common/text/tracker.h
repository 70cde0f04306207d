// Where concurrent operations land: takes in operations since one critical version, each at the
// version it was made at, and says what it does to the merged text. An author who goes on where he
// left off stands where he stood. One who lacks little of what was done last is helped by the merged
// text itself. Others who write side by side each keep their view of the text, so that going from
// one to another costs next to nothing. Must not know: the characters themselves.
#ifndef TWINNING_COMMON_TEXT_TRACKER_H_
#define TWINNING_COMMON_TEXT_TRACKER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/text/carets.h"
#include "common/text/graph.h"
#include "common/text/history.h"
#include "common/text/item_list.h"
#include "common/text/recent.h"
#include "common/text/views.h"

namespace twinning::text {

// How much of what it can work out again it keeps. None of it changes what it says.
struct TrackerBounds {
  size_t stands = 4096;            // versions that keep their views
  size_t nodes = size_t{1} << 17;  // of views
  size_t on_the_way = 64;          // versions that somebody moved to, besides where authors are
  size_t smallest_collection = ViewPool::kSmallestCollection;
};

class Tracker {
 public:
  // At `base`, a critical operation of the history, or -1 for the empty text.
  explicit Tracker(Op base, const TrackerBounds& bounds = {});
  // As if made anew, in the same memory.
  void Restart(Op base);

  Op base() const { return base_; }
  const Version& version() const { return by_ == By::kView ? stand().version : place_.version; }
  // One after the last operation it has taken in. Between calls it has taken in all before.
  Op next() const { return next_; }

  // Takes in all operations of `history` that it lacks. False, and the tracker of no more use, when
  // one lies outside its author's text.
  bool CatchUp(const History& history);
  // To a version of which everything has been taken in, and that has everything at and before the
  // base; `seen` is what it has. `author` is who writes there next; kNobody, where SpotOf and Read
  // are to be asked.
  static constexpr Author kNobody = UINT32_MAX;
  void MoveTo(const History& history, const Version& version, const Seen& seen,
              Author author = kNobody);
  void MoveTo(const History& history, const Version& version);
  // The same where the author was last; false, and nothing done, when that is elsewhere.
  bool ReturnTo(const Version& version, Author author);
  // Lets SpotOf and Read be asked at the current version, whoever writes there.
  void MakeView(const History& history);
  // How much longer the text is at the current version, and with all operations, than at the base.
  int64_t GrowthAtVersion() const {
    if (by_ == By::kRecent) return place_.growth;
    if (by_ == By::kCaret) return carets_.Of(place_.author).growth;
    return int64_t{stand().view.visible} - kEndless;
  }
  int64_t GrowthMerged() const { return list_.MergedLength() - kEndless; }

  // Operations made at the current version (see MoveTo), in order; the version goes on with them.
  // Insert returns where the text goes in the merged text.
  int32_t Insert(const History& history, Op first, int32_t position, int32_t length);
  // More of what was inserted last, right behind it.
  void Extend(const History& history, Op first, int32_t position, int32_t length);
  // Deletes to the right of `position`; adds to `removals` in the order of the operations.
  void Delete(const History& history, Op first, int32_t position, int32_t length,
              std::vector<Removal>& removals);

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
  // The one that is at a position of the merged text.
  Op CharacterAt(int64_t merged) const {
    int32_t offset = 0;
    const ItemList::Cursor c = list_.CursorAt(static_cast<int32_t>(merged), offset);
    return list_.ItemAt(c).id + offset;
  }
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
  // A version that somebody writes at, or wrote at last, or moved to on the way.
  struct Stand {
    Version version;
    Seen seen;
    View view;
    Author author = kNobody;
    uint32_t next = kNone;  // of the same author
    uint64_t used = 0;
    bool follows = false;  // another's view was nearer when its author came back
  };
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr Author kOnTheWay = UINT32_MAX - 1;

  // What tells the current version.
  enum class By : uint8_t { kView, kRecent, kCaret };
  // Where somebody is who needs no view.
  struct Place {
    Version version;
    Author author = kNobody;
    Op next = 0;  // as long as that is the next operation nobody else wrote
    int32_t growth = 0;  // of his text since the base, where recent_ helps
  };

  const Stand& stand() const { return stands_[current_]; }
  Stand& stand() { return stands_[current_]; }
  Author author() const { return by_ == By::kView ? stand().author : place_.author; }
  void Start();
  bool IsNoting() const { return near_ends_ > 0; }
  bool StandNearEnd(const Graph& graph, const Version& version, const Seen& seen, Author author);
  void CountNearEnd(bool near);
  void StandByView();
  void StandBy(By by, const Version& version, Author author);
  uint32_t StandAt(const Version& version, Author author) const;
  bool GoOn(const Version& version, Author author);
  void StandElsewhere(const History& history);
  void SetCaret(Op at, int32_t position, const ItemList::Gap& gap, Op since);
  void MoveView(const History& history, const Version& version, const Seen& seen, Author author);
  void Choose(const Graph& graph, const Version& version, const Seen& seen, Author author);
  void StandAtBase();
  bool IsNearerToBase(const Graph& graph, const Seen& seen);
  void KeepUp(const Graph& graph);
  uint32_t OwnStand(const Graph& graph, const Seen& seen, Author author) const;
  uint32_t Nearest(const Graph& graph, const Version& version, const Seen& seen, uint32_t own);
  uint32_t NearestOfFar(const Graph& graph, const Seen& seen, uint32_t own);
  std::pair<uint32_t, uint32_t> BesideOnTheWay(Op prefix) const;
  void NoteOnTheWay();
  // Where in firsts_ an author is.
  static size_t SlotOf(Author author) { return static_cast<uint32_t>(author + 1); }
  uint32_t NewStand(Author author);
  void Link(uint32_t i);
  void KeepWithinBounds();
  void NoteReturn(uint32_t own, bool overtaken);
  bool MostFollow() const { return 8 * overtaken_ > 7 * returned_; }
  void DropFollowers();
  void DropIdle(size_t most);
  template <typename Wanted>
  void Keep(Wanted wanted);
  void Made(const History& history, OpRange range);
  void NoteInsertion(Op first, int32_t length, int32_t position);
  void NoteRemovals(Op first, Op target, const std::vector<Removal>& removals, size_t from);
  bool Apply(const History& history, const Run& run, std::vector<Removal>& removals);
  void Leave(const History& history, OpRange range);
  void Enter(const History& history, OpRange range);
  void CountTargets(OpRange deletions, int change);

  TrackerBounds bounds_;
  Op base_;
  Op next_;
  ItemList list_;
  Recent recent_;
  Carets carets_;
  By by_ = By::kView;
  Place place_;        // unless by a view
  int near_ends_ = 0;  // how often of late recent_ helped or could have; while never, it rests
  int noted_ = 0;      // runs, since somebody was counted
  mutable ViewPool pool_;
  std::vector<Stand> stands_;
  uint32_t current_ = 0;
  uint64_t generation_ = 0;  // of the graph, when the stands' versions were told
  uint64_t moves_ = 0;
  uint32_t returned_ = 0;             // authors with views of their own, of late
  uint32_t overtaken_ = 0;            // those of them who began at another's
  bool copied_ = false;               // whether the author was given another's view last
  std::vector<uint32_t> firsts_;      // stands of authors
  std::vector<uint32_t> on_the_way_;  // stands, in turn
  size_t next_on_the_way_ = 0;
  Split split_;  // from the current stand to where it is to be
  Split other_;  // scratch
  std::vector<OpRange> lacking_;  // scratch
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

// The operations taken in last and where each is in the merged text. For an author who lacks only
// some of them the merged text is nearly what he saw: his positions are found in it by passing over
// what he lacks, without a view of his own. Must not know: versions, the characters themselves.
#ifndef TWINNING_COMMON_TEXT_RECENT_H_
#define TWINNING_COMMON_TEXT_RECENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/text/graph.h"
#include "common/text/item_list.h"

namespace twinning::text {

class Recent {
 public:
  // Characters of an author's text that follow each other there and in the list.
  struct Stretch {
    Op first = 0;
    int32_t length = 0;
    ItemList::Spot spot;  // of the first; known where that is in the merged text
  };

  // Knows nothing before `next`.
  void Restart(Op next);
  // Somebody lacked more than is known.
  void Widen();
  // The first operation known.
  Op begin() const { return begin_; }
  // Whether there is so much that the author had better have a view: also, when he is to delete
  // `deleted` characters, because others may have deleted them.
  bool IsFull(int32_t deleted = 0) const {
    return parts_.size() >= 2 * most_ || (deleted > kLong && !passed_.empty());
  }

  // What was taken in, in order of the operations. Positions are in the merged text of then.
  void Inserted(const ItemList& list, Op first, int32_t length, int32_t position);
  // More of what was inserted last, right behind it.
  void Extended(Op first, int32_t length);
  // Characters that were there in the merged text, at `position`; or -1: they were gone already.
  void Deleted(Op first, Op target, int32_t length, int32_t position);
  // The deletions from `first` on were made from right to left.
  void ReverseTargets(Op first, Op end);

  // The functions below are for an author who has everything but `lacking`, in ascending order and
  // not before begin(), and goes on from there: what is taken in after this is his.
  void StandWithout(const std::vector<OpRange>& lacking);
  // He is asked after no more.
  void Leave();
  // How much longer his text is than the merged text.
  int32_t Growth() const;
  // Where in the list a position of his text is.
  ItemList::Gap Between(const ItemList& list, int32_t position);
  // What begins at a position of his text.
  Stretch From(const ItemList& list, int32_t position);

 private:
  enum class Kind : uint8_t {
    kInserted,
    kGone,  // inserted, and deleted since
    kDeleted,
  };
  // Operations of one kind that follow each other in the list.
  struct Part {
    Op first = 0;
    int32_t length = 0;
    Op target = 0;  // of deletions: the first of the characters
    Kind kind = Kind::kInserted;
    Op end() const { return first + length; }
    Op target_end() const { return target + length; }
  };
  // A deletion of what somebody had deleted before.
  struct Again {
    Op deletion = 0;
    Op target = 0;
  };
  // A part that the author passes over.
  struct Passed {
    uint32_t part = 0;
    int32_t position = 0;  // in the merged text
    int32_t lost = 0;      // characters of that which he lacks; less than 0: which he has besides
  };
  using Index = uint32_t;
  // So many parts are known at most, as many as are needed of late; the oldest are forgotten.
  static constexpr size_t kFewest = 96;
  static constexpr size_t kMost = 192;
  static constexpr int32_t kLong = 32;  // characters deleted twice that are told one by one

  void Forget(Op next);
  void Add(const Part& part, int32_t position);
  void Place(Index i, int32_t position);
  int32_t PositionOf(Index i) const {
    return begins_.data()[i] - (parts_.data()[i].kind == Kind::kInserted ? 1 : 0);
  }
  size_t Kept() const { return most_ * 5 / 6; }  // of the most, when the oldest are forgotten
  void CountNeed(Index oldest);
  void DropOldest();
  Index SplitAt(Op operation);
  void Split(Index i, int32_t at);
  void DeletedAgain(Op first, Op target, int32_t length);
  void Move(Index count, int32_t behind, int32_t by);
  void InsertedAt(const ItemList& list, Index i, Op first, int32_t length, int32_t position);
  void PassDeletion(Index i);
  void RenewPlaces();
  bool Lacks(Op character) const {
    return !lacking_.empty() && character >= lacking_.front().begin &&
           character < lacking_.back().end && IsLacked(character);
  }
  bool IsLacked(Op character) const;
  bool HasDeletedAgain(Op target) const;
  Stretch Search(const ItemList& list, int32_t index, int32_t probe);
  int32_t IndexAt(int32_t merged) const;
  Stretch Alive(const ItemList& list, int32_t merged, int32_t length) const;

  Op begin_ = 0;
  std::vector<Part>
      parts_;  // in order of the operations; of those that deleted again there is none
  // For each part the positions in the merged text from `begin` to before `end` where something
  // inserted may go between its characters, or between those that it deleted; what is inserted
  // before `begin` moves it.
  std::vector<int32_t> begins_;
  std::vector<int32_t> ends_;
  std::vector<Again> again_;
  size_t most_ = kFewest;
  int unneeded_ = 0;  // so many authors in a row would have done with a quarter of it

  std::vector<OpRange> lacking_;
  std::vector<Passed> passed_;  // in any order
  std::vector<Passed> dead_;    // scratch
  bool moved_ = false;          // since they were told where they are
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_RECENT_H_

// What authors have seen: for a version, every character that it has, deleted ones too, in the
// order of the item list, so that a position finds its characters and a character its position.
// Views share what they have in common: a copy costs nothing until one of the two changes.
#ifndef TWINNING_COMMON_TEXT_VIEWS_H_
#define TWINNING_COMMON_TEXT_VIEWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "common/text/item_list.h"

namespace twinning::text {

// A handle; the pool has the contents.
struct View {
  uint32_t root = 0;
  uint32_t owner = 0;   // nodes with this mark belong to this view alone
  int32_t visible = 0;  // characters not deleted
};

class ViewPool {
 public:
  // Characters that follow each other in a view.
  struct Piece {
    Op id = 0;
    int32_t length = 0;
    uint32_t deleted = 0;  // how many times, at that version
    int32_t Visible() const { return deleted == 0 ? length : 0; }
    Op end() const { return id + length; }
  };
  // Where something is, or would be, in a view.
  struct Place {
    Piece piece;
    int32_t offset = 0;  // characters of the piece left of it; the length: behind the piece
    bool found = false;  // whether the character asked for is there, at `offset`
  };

  // Nodes are collected when there are twice as many as were needed then, and at least so many.
  static constexpr size_t kSmallestCollection = 512;
  explicit ViewPool(size_t smallest_collection = kSmallestCollection)
      : smallest_collection_(smallest_collection), collect_at_(smallest_collection) {}
  // As if made anew.
  void Restart();

  // Sees the text at the base, all of it.
  View Base();
  View Copy(View& from);

  // Edits of the author whose view it is. Insert returns between which two characters (-1: the
  // start); Delete the first of those that it deleted and how many, which may be fewer.
  std::pair<Op, Op> Insert(View& view, int32_t position, Op first, int32_t length);
  std::pair<Op, int32_t> Delete(View& view, int32_t position, int32_t length);
  // More of what was inserted last, right behind it; false, and nothing done, where that is no
  // longer seen at once.
  bool Extend(View& view, Op first, int32_t length);

  // Edits of others, of which the list has the characters: in an order in which they may have been
  // made, or back. Count says how often characters were deleted.
  void Add(const ItemList& list, View& view, Op first, int32_t length);
  void Remove(const ItemList& list, View& view, Op first, int32_t length);
  void Count(const ItemList& list, View& view, Op target, int32_t length, int change);

  Place Find(const ItemList& list, const View& view, Op character);
  // Characters visible left of the piece found last.
  int32_t VisibleBefore() const;

  // Goes through the pieces of a view, which must not change meanwhile.
  class Walk {
   public:
    // From a character on, or where it would be; -1: from the start.
    Walk(ViewPool& pool, const ItemList& list, const View& view, Op from);
    bool AtEnd() const { return path_.empty(); }
    Op character() const { return piece_.id + offset_; }
    int32_t length() const { return piece_.length - offset_; }
    bool visible() const { return piece_.deleted == 0; }
    void Skip(int32_t characters);

   private:
    void NextPiece();

    const ViewPool& pool_;
    std::vector<std::pair<uint32_t, uint32_t>> path_;
    Piece piece_;
    int32_t offset_ = 0;
  };

  // Whether there is so much that Collect is worth while.
  bool IsFull() const { return made_ - free_.size() >= collect_at_; }
  // Frees what none of `views` needs. Returns how many nodes they need.
  size_t Collect(const std::vector<uint32_t>& roots);

 private:
  static constexpr uint32_t kFanout = 16;
  static constexpr uint32_t kChunk = 32;  // nodes

  struct Node {
    uint32_t owner = 0;
    uint16_t count = 0;
    uint16_t height = 0;  // 0: a leaf
    // As many as `count` says.
    Op first[kFanout];       // characters
    int32_t size[kFanout];   // visible characters; in a leaf all, visible or not
    uint32_t link[kFanout];  // nodes; in a leaf: how often deleted
    Node() {}                // they are not cleared: nobody reads behind the count
    bool IsLeaf() const { return height == 0; }
    Piece At(uint32_t i) const { return {first[i], size[i], link[i]}; }
    int32_t VisibleAt(uint32_t i) const { return IsLeaf() && link[i] != 0 ? 0 : size[i]; }
    void PutAt(uint32_t slot, const Piece& piece);
    void MakeRoomAt(uint32_t slot, uint32_t pieces = 1);
    void EraseAt(uint32_t slot);
  };

  // From the root to a piece, or to a slot behind a leaf's last.
  struct Step {
    Node* node = nullptr;
    uint32_t number = 0;
    uint32_t slot = 0;
    int32_t before = 0;  // characters visible left of the node, where the path is counted
  };
  struct Path {
    // A node has children at first, or after it was split, half as many as it may have at most; so
    // this height takes 2^48 pieces put.
    static constexpr size_t kMostHeight = 16;
    std::array<Step, kMostHeight> steps;
    size_t depth = 0;
    bool counted = false;
    Path() = default;
    // What is copied has nodes of its own.
    Path(const Path& /*other*/) {}
    Path& operator=(const Path& /*other*/) {
      depth = 0;
      return *this;
    }
    Step& last() { return steps[depth - 1]; }
  };

  uint32_t NewNode(uint32_t owner, uint16_t height);
  bool IsPathOf(const View& view) const {
    return path_.depth > 0 && path_.steps[0].number == view.root;
  }
  void BeginAt(const View& view);
  void FindStart(const View& view);
  Place FindVisible(const View& view, int32_t position);
  Place FindAt(const ItemList& list, const View& view, Op character, ItemList::Cursor at);
  bool FindBeside(const View& view, Op character, Place& place);
  Place FindThere(const ItemList& list, const View& view, Op character);
  Place FindGap(const ItemList& list, const View& view, Op character);
  template <typename Behind>
  void GoUpTo(Behind behind);
  Op NextFirst() const;
  void Own(View& view);
  // By a number that the pool gave: not checked again, for merging does little else.
  Node& NodeAt(uint32_t n) { return chunks_.data()[n / kChunk].data()[n % kChunk]; }
  const Node& NodeAt(uint32_t n) const { return chunks_.data()[n / kChunk].data()[n % kChunk]; }
  Node& Leaf() { return *path_.last().node; }
  uint32_t& Slot() { return path_.last().slot; }
  void AddVisible(View& view, int32_t change);
  void RenewFirsts(size_t level);
  void Replace(View& view, std::initializer_list<Piece> pieces);
  void Put(View& view, uint32_t slot, const Piece& piece);
  void Split(View& view, size_t level);
  void Take(View& view);
  void PutAt(View& view, const Place& place, const Piece& piece);
  void SetDeleted(View& view, const Place& place, int32_t length, uint32_t deleted);
  bool JoinLeft(View& view, const Piece& changed, const Piece& rest);
  bool JoinRight(View& view, const Piece& before, const Piece& changed);
  int32_t OffsetIn(const ItemList& list, const Piece& piece, Op character,
                   ItemList::Cursor at) const;

  // In chunks that never move and are small enough to be made of memory that was used before: one
  // long array is given fresh memory whenever it grows, and most of a short merge would be waiting
  // for it.
  std::vector<std::vector<Node>> chunks_;
  uint32_t made_ = 0;  // so many nodes, the free ones too
  std::vector<uint32_t> free_;
  // To where the last search ended, kept up by changes there: the next one is often near.
  Path path_;
  size_t smallest_collection_;
  size_t collect_at_;
  uint32_t next_owner_ = 1;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_VIEWS_H_

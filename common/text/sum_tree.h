// A B+tree that knows, for an ordered list of leaves, the sums of what they hold: which leaf a
// position falls into, what stands before a leaf, which of two leaves comes first. What a leaf
// holds is its owner's business. All in flat arrays, so that a copy is a copy of memory.
#ifndef TWINNING_COMMON_TEXT_SUM_TREE_H_
#define TWINNING_COMMON_TEXT_SUM_TREE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/text/fetch.h"
#include "common/text/large_pages.h"

namespace twinning::text {

// `Sum` is a value with default construction to zero, += and -=.
template <typename Sum>
class SumTree {
 public:
  struct Place {
    uint32_t leaf = 0;
    Sum before;  // the sums of all leaves left of it
  };

  // One leaf, number 0, holding `sum`. Further leaves are numbered by the owner, densely.
  explicit SumTree(Sum sum = Sum()) { Restart(sum); }

  // As if made anew.
  void Restart(Sum sum) {
    nodes_.clear();
    nodes_.emplace_back();
    parents_.assign(1, 0);
    root_ = 0;
    total_ = sum;
    nodes_[0].count = 1;
    nodes_[0].bottom = true;
    nodes_[0].sums[0] = sum;
  }

  const Sum& total() const { return total_; }

  void Change(uint32_t leaf, const Sum& delta) {
    total_ += delta;
    uint32_t child = leaf;
    for (uint32_t n = parents_[leaf];; n = nodes_[n].parent) {
      Node& node = nodes_[n];
      node.sums[Slot(node, child)] += delta;
      if (n == root_) return;
      child = n;
    }
  }

  // `leaf` is the next unused number; the sums of `neighbour` stay as they are.
  void InsertAfter(uint32_t neighbour, uint32_t leaf) { Insert(neighbour, leaf, 1); }
  void InsertBefore(uint32_t neighbour, uint32_t leaf) { Insert(neighbour, leaf, 0); }

  // The first leaf at whose end the sum of `dimension` reaches `position`; the last leaf otherwise.
  Place Find(int32_t Sum::*dimension, int32_t position) const {
    Place place;
    uint32_t n = root_;
    for (;;) {
      const Node& node = nodes_[n];
      uint32_t i = 0;
      for (; i + 1 < node.count; ++i) {
        if (place.before.*dimension + node.sums[i].*dimension >= position) break;
        place.before += node.sums[i];
      }
      n = node.children[i];
      if (node.bottom) break;
      Fetch(nodes_[n]);
    }
    place.leaf = n;
    return place;
  }

  // Before and Change will be asked of it soon.
  void Expect(uint32_t leaf) const { Fetch(nodes_[parents_[leaf]]); }

  Sum Before(uint32_t leaf) const {
    Sum before;
    uint32_t child = leaf;
    for (uint32_t n = parents_[leaf];; n = nodes_[n].parent) {
      const Node& node = nodes_[n];
      Fetch(nodes_[node.parent]);
      for (uint32_t i = 0; node.children[i] != child; ++i) before += node.sums[i];
      if (n == root_) return before;
      child = n;
    }
  }

  bool Precedes(uint32_t a, uint32_t b) const {
    if (a == b) return false;
    uint32_t up_a = parents_[a];
    uint32_t up_b = parents_[b];
    while (up_a != up_b) {
      a = up_a;
      b = up_b;
      up_a = nodes_[up_a].parent;
      up_b = nodes_[up_b].parent;
    }
    return Slot(nodes_[up_a], a) < Slot(nodes_[up_a], b);
  }

 private:
  static constexpr uint32_t kFanout = 16;

  struct Node {
    uint32_t parent = 0;
    uint16_t count = 0;
    bool bottom = false;  // whether children are leaves
    std::array<uint32_t, kFanout> children{};
    std::array<Sum, kFanout> sums{};
  };

  static uint32_t Slot(const Node& node, uint32_t child) {
    uint32_t i = 0;
    while (node.children[i] != child) ++i;
    return i;
  }

  uint32_t& ParentOf(uint32_t child, bool is_leaf) {
    return is_leaf ? parents_[child] : nodes_[child].parent;
  }

  void Insert(uint32_t neighbour, uint32_t leaf, uint32_t after) {
    if (leaf >= parents_.size()) parents_.resize(leaf + 1);
    uint32_t n = parents_[neighbour];
    if (nodes_[n].count == kFanout) {
      Split(n);
      n = parents_[neighbour];
    }
    Put(n, Slot(nodes_[n], neighbour) + after, leaf, Sum());
  }

  void Put(uint32_t n, uint32_t slot, uint32_t child, const Sum& sum) {
    Node& node = nodes_[n];
    for (uint32_t i = node.count; i > slot; --i) {
      node.children[i] = node.children[i - 1];
      node.sums[i] = node.sums[i - 1];
    }
    node.children[slot] = child;
    node.sums[slot] = sum;
    ++node.count;
    ParentOf(child, node.bottom) = n;
  }

  // Moves the upper half of a full node to a new node right of it. All nodes lie at equal depth.
  void Split(uint32_t n) {
    if (n == root_) {
      Node top;
      top.count = 1;
      top.children[0] = n;
      top.sums[0] = total_;
      root_ = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back(top);
      nodes_[n].parent = root_;
      nodes_[root_].parent = root_;
    } else if (nodes_[nodes_[n].parent].count == kFanout) {
      Split(nodes_[n].parent);
    }
    const auto fresh = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
    Node& lower = nodes_[n];
    Node& upper = nodes_[fresh];
    upper.bottom = lower.bottom;
    Sum moved;
    for (uint32_t i = kFanout / 2; i < kFanout; ++i) {
      upper.children[upper.count] = lower.children[i];
      upper.sums[upper.count++] = lower.sums[i];
      moved += lower.sums[i];
      ParentOf(lower.children[i], lower.bottom) = fresh;
    }
    lower.count = kFanout / 2;
    const uint32_t parent = lower.parent;
    const uint32_t slot = Slot(nodes_[parent], n);
    nodes_[parent].sums[slot] -= moved;
    Put(parent, slot + 1, fresh, moved);
  }

  LargeVector<Node> nodes_;
  std::vector<uint32_t> parents_;  // of the leaves
  uint32_t root_ = 0;
  Sum total_;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_SUM_TREE_H_

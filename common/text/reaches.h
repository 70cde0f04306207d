// Maps from chains to how far a version reaches in them. Maps share what they have in common, so
// that most of two is compared at a glance and a copy costs nothing.
#ifndef TWINNING_COMMON_TEXT_REACHES_H_
#define TWINNING_COMMON_TEXT_REACHES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twinning::text {

// Operation numbers inside the engine.
using Op = int32_t;

class Reaches {
 public:
  // A map; 0 is the empty one.
  using Map = uint32_t;
  static constexpr Op kNone = -1;

  Reaches() : nodes_(1) {}
  size_t nodes() const { return nodes_.size(); }

  // kNone: the map does not have the chain.
  Op Find(Map map, uint32_t chain) const {
    if (map == 0 || chain >= Span(map)) return kNone;
    while (nodes_[map].height > 0) {
      map = nodes_[map].slots[(chain >> (kBits * nodes_[map].height)) % kFanout];
      if (map == 0) return kNone;
    }
    return static_cast<Op>(nodes_[map].slots[chain % kFanout]) - 1;
  }
  // Copies a map of another's. `copied` is empty at first, and belongs to both.
  Map Copy(const Reaches& other, Map map, std::vector<Map>& copied);

  // With another end for one chain; kNone takes it out.
  Map Set(Map map, uint32_t chain, Op end);
  // What is made from here on is for one map in the end, of which older states are not needed: it
  // may be changed in place.
  void BeginDraft() { draft_ = static_cast<Map>(nodes_.size()); }
  // Forgets what `map` does not need of that. Returns what it is called from now on.
  Map EndDraft(Map map);

  // The map of choose(chain, end in a, end in b), which may be kNone, for every chain that one of
  // them has. Of what both have in common it is not asked.
  template <typename Choose>
  Map Unite(Map a, Map b, Choose choose) {
    if (a == b) return a;
    Level(a, b);
    return UniteNodes(a, b, 0, nodes_[a != 0 ? a : b].height, choose);
  }

  // Calls visit(chain, end in a, end in b) for chains that one of them has, and certainly where
  // they differ, until it returns false.
  template <typename Visitor>
  bool Compare(Map a, Map b, Visitor visit) const {
    if (a == b) return true;
    return CompareNodes(a, b, 0, visit);
  }

 private:
  static constexpr uint32_t kBits = 4;
  static constexpr uint32_t kFanout = 1 << kBits;

  struct Node {
    uint32_t height = 0;
    std::array<uint32_t, kFanout> slots{};  // nodes, 0: none; at height 0 ends plus 1
    bool IsEmpty() const {
      return std::all_of(slots.begin(), slots.end(), [](uint32_t s) { return s == 0; });
    }
    friend bool operator==(const Node&, const Node&) = default;
  };

  // How many chains, from 0 on, there is room for.
  uint64_t Span(Map map) const { return uint64_t{1} << (kBits * (nodes_[map].height + 1)); }
  Map New(const Node& node) {
    nodes_.push_back(node);
    return static_cast<Map>(nodes_.size() - 1);
  }
  Map Raised(Map map);
  Map Keep(Map map);
  void Level(Map& a, Map& b) {
    while (a != 0 && b != 0 && nodes_[a].height < nodes_[b].height) a = Raised(a);
    while (a != 0 && b != 0 && nodes_[b].height < nodes_[a].height) b = Raised(b);
  }
  // The node, or one of the two where it is the same, or none where it is empty.
  Map Kept(const Node& node, Map a, Map b) {
    if (a != 0 && node == nodes_[a]) return a;
    if (b != 0 && node == nodes_[b]) return b;
    return node.IsEmpty() ? 0 : New(node);
  }

  template <typename Choose>
  Map UniteNodes(Map a, Map b, uint32_t first, uint32_t height, Choose& choose) {
    const Node of_a = nodes_[a];  // copies: there may be new ones meanwhile
    const Node of_b = nodes_[b];
    Node node = of_a;
    node.height = height;
    for (uint32_t i = 0; i < kFanout; ++i) {
      const uint32_t x = of_a.slots[i];
      const uint32_t y = of_b.slots[i];
      if (x == y) continue;
      const uint32_t chain = first + (i << (kBits * height));
      if (height > 0) {
        node.slots[i] = UniteNodes(x, y, chain, height - 1, choose);
      } else {
        const Op end = choose(chain, static_cast<Op>(x) - 1, static_cast<Op>(y) - 1);
        node.slots[i] = static_cast<uint32_t>(end + 1);
      }
    }
    return Kept(node, a, b);
  }

  template <typename Visitor>
  bool CompareNodes(Map a, Map b, uint32_t first, Visitor& visit) const {
    const Node& of_a = nodes_[a];
    const Node& of_b = nodes_[b];
    const uint32_t height_a = a == 0 ? of_b.height : of_a.height;
    const uint32_t height_b = b == 0 ? of_a.height : of_b.height;
    if (height_a != height_b) return CompareRaised(a, b, first, visit);
    for (uint32_t i = 0; i < kFanout; ++i) {
      const uint32_t x = of_a.slots[i];
      const uint32_t y = of_b.slots[i];
      if (x == y) continue;
      const uint32_t chain = first + (i << (kBits * height_a));
      const bool more = height_a > 0 ? CompareNodes(x, y, chain, visit)
                                     : visit(chain, static_cast<Op>(x) - 1, static_cast<Op>(y) - 1);
      if (!more) return false;
    }
    return true;
  }
  // The lower one stands for the first part of the higher.
  template <typename Visitor>
  bool CompareRaised(Map a, Map b, uint32_t first, Visitor& visit) const {
    const bool a_is_lower = nodes_[a].height < nodes_[b].height;
    const Node& higher = nodes_[a_is_lower ? b : a];
    for (uint32_t i = 0; i < kFanout; ++i) {
      const uint32_t chain = first + (i << (kBits * higher.height));
      const Map x = a_is_lower ? (i == 0 ? a : 0) : higher.slots[i];
      const Map y = a_is_lower ? higher.slots[i] : (i == 0 ? b : 0);
      if (x != y && !CompareNodes(x, y, chain, visit)) return false;
    }
    return true;
  }

  static constexpr Map kNoDraft = UINT32_MAX;

  std::vector<Node> nodes_;  // the first is empty, of any height
  Map draft_ = kNoDraft;     // the first that belongs to the draft
  std::vector<Node> kept_;   // scratch
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_REACHES_H_

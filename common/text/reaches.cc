#include "common/text/reaches.h"

namespace twinning::text {

Reaches::Map Reaches::Raised(Map map) {
  Node above;
  above.height = nodes_[map].height + 1;
  above.slots[0] = map;
  return New(above);
}

Reaches::Map Reaches::Copy(const Reaches& other, Map map, std::vector<Map>& copied) {
  if (map == 0) return 0;
  copied.resize(other.nodes_.size(), 0);
  if (copied[map] != 0) return copied[map];
  Node node = other.nodes_[map];
  for (uint32_t& slot : node.slots) {
    if (node.height > 0) slot = Copy(other, slot, copied);
  }
  return copied[map] = New(node);
}

Reaches::Map Reaches::Set(Map map, uint32_t chain, Op end) {
  if (map == 0) {
    Node node;
    while (chain >> (kBits * (node.height + 1)) != 0) ++node.height;
    map = New(node);
  }
  while (chain >= Span(map)) map = Raised(map);
  Node node = nodes_[map];
  uint32_t& slot = node.slots[(chain >> (kBits * node.height)) % kFanout];
  if (node.height == 0) {
    slot = static_cast<uint32_t>(end + 1);
  } else if (slot != 0) {
    slot = Set(slot, chain % (1u << (kBits * node.height)), end);
  } else if (end != kNone) {
    Node below;
    below.height = node.height - 1;
    slot = Set(New(below), chain % (1u << (kBits * node.height)), end);
  }
  return Kept(node, map, 0);
}

}  // namespace twinning::text

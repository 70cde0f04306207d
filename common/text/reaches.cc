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
  const uint32_t place = (chain >> (kBits * node.height)) % kFanout;
  uint32_t slot = node.slots[place];
  if (node.height == 0) {
    slot = static_cast<uint32_t>(end + 1);
  } else if (slot != 0) {
    slot = Set(slot, chain % (1u << (kBits * node.height)), end);
  } else if (end != kNone) {
    Node below;
    below.height = node.height - 1;
    slot = Set(New(below), chain % (1u << (kBits * node.height)), end);
  }
  if (slot == node.slots[place]) return map;
  node.slots[place] = slot;
  if (node.IsEmpty()) return 0;
  if (map < draft_) return New(node);
  nodes_[map].slots[place] = slot;
  return map;
}

Reaches::Map Reaches::EndDraft(Map map) {
  kept_.clear();
  map = Keep(map);
  nodes_.resize(draft_);
  nodes_.insert(nodes_.end(), kept_.begin(), kept_.end());
  draft_ = kNoDraft;
  return map;
}

Reaches::Map Reaches::Keep(Map map) {
  if (map < draft_) return map;
  Node node = nodes_[map];
  if (node.height > 0) {
    for (uint32_t& slot : node.slots) slot = Keep(slot);
  }
  kept_.push_back(node);
  return draft_ + static_cast<Map>(kept_.size() - 1);
}

}  // namespace twinning::text

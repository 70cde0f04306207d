// How views change: their nodes, shared until somebody writes there.
#include <algorithm>

#include "common/text/views.h"

namespace twinning::text {

// In a leaf.
void ViewPool::Node::PutAt(uint32_t slot, const Piece& piece) {
  first[slot] = piece.id;
  size[slot] = piece.length;
  link[slot] = piece.deleted;
}

void ViewPool::Node::MakeRoomAt(uint32_t slot) {
  const auto shift = [slot, this](auto& values) {
    std::copy_backward(values + slot, values + count, values + count + 1);
  };
  shift(first);
  shift(size);
  shift(link);
  ++count;
}

void ViewPool::Node::EraseAt(uint32_t slot) {
  const auto shift = [slot, this](auto& values) {
    std::copy(values + slot + 1, values + count, values + slot);
  };
  shift(first);
  shift(size);
  shift(link);
  --count;
}

uint32_t ViewPool::NewNode(uint32_t owner, uint16_t height) {
  uint32_t fresh = made_;
  if (free_.empty()) {
    if (made_ == chunks_.size() * kChunk) chunks_.emplace_back(kChunk);
    ++made_;
  } else {
    fresh = free_.back();
    free_.pop_back();
  }
  NodeAt(fresh).owner = owner;
  NodeAt(fresh).count = 0;
  NodeAt(fresh).height = height;
  return fresh;
}

// Makes everything on the path this view's own, so that it may change.
void ViewPool::Own(View& view) {
  for (size_t level = 0; level < path_.size(); ++level) {
    const uint32_t shared = path_[level].first;
    if (NodeAt(shared).owner == view.owner) continue;
    const uint32_t fresh = NewNode(view.owner, 0);
    NodeAt(fresh) = NodeAt(shared);
    NodeAt(fresh).owner = view.owner;
    path_[level].first = fresh;
    if (level == 0) {
      view.root = fresh;
    } else {
      NodeAt(path_[level - 1].first).link[path_[level - 1].second] = fresh;
    }
  }
}

// There are so many more below the path.
void ViewPool::AddVisible(View& view, int32_t change) {
  if (change == 0) return;
  for (size_t level = 0; level + 1 < path_.size(); ++level) {
    NodeAt(path_[level].first).size[path_[level].second] += change;
  }
  view.visible += change;
}

// Above `level` nodes are known by their first characters.
void ViewPool::RenewFirsts(size_t level) {
  for (; level > 0; --level) {
    NodeAt(path_[level - 1].first).first[path_[level - 1].second] =
        NodeAt(path_[level].first).first[0];
  }
}

// Replaces the piece on the path.
void ViewPool::Set(View& view, const Piece& piece) {
  Node& leaf = Leaf();
  const uint32_t slot = Slot();
  const int32_t before = leaf.VisibleAt(slot);
  leaf.PutAt(slot, piece);
  AddVisible(view, piece.Visible() - before);
  if (slot == 0) RenewFirsts(path_.size() - 1);
}

// Puts a piece into the leaf on the path; the path then leads to it.
void ViewPool::Put(View& view, uint32_t slot, const Piece& piece) {
  Slot() = slot;
  if (Leaf().count == kFanout) Split(view, path_.size() - 1);
  slot = Slot();
  Node& leaf = Leaf();
  leaf.MakeRoomAt(slot);
  leaf.PutAt(slot, piece);
  AddVisible(view, piece.Visible());
  if (slot == 0) RenewFirsts(path_.size() - 1);
}

// Moves the upper half of the full node on the path to a new one right of it; the path still leads
// to the same slot.
void ViewPool::Split(View& view, size_t level) {
  constexpr uint32_t kHalf = kFanout / 2;
  if (level == 0) {
    const auto height = static_cast<uint16_t>(NodeAt(view.root).height + 1);
    const uint32_t top = NewNode(view.owner, height);
    NodeAt(top).count = 1;
    NodeAt(top).first[0] = NodeAt(view.root).first[0];
    NodeAt(top).size[0] = view.visible;
    NodeAt(top).link[0] = view.root;
    view.root = top;
    path_.insert(path_.begin(), {top, 0});
    ++level;
  } else if (NodeAt(path_[level - 1].first).count == kFanout) {
    const size_t height = path_.size();
    Split(view, level - 1);
    level += path_.size() - height;
  }
  const uint32_t fresh = NewNode(view.owner, NodeAt(path_[level].first).height);
  Node& lower = NodeAt(path_[level].first);
  Node& upper = NodeAt(fresh);
  int32_t moved = 0;
  for (uint32_t i = kHalf; i < kFanout; ++i) {
    upper.first[i - kHalf] = lower.first[i];
    upper.size[i - kHalf] = lower.size[i];
    upper.link[i - kHalf] = lower.link[i];
    moved += lower.VisibleAt(i);
  }
  lower.count = upper.count = kHalf;
  auto& [parent, slot] = path_[level - 1];
  Node& above = NodeAt(parent);
  above.MakeRoomAt(slot + 1);
  above.first[slot + 1] = upper.first[0];
  above.size[slot + 1] = moved;
  above.link[slot + 1] = fresh;
  above.size[slot] -= moved;
  if (path_[level].second < kHalf) return;
  path_[level] = {fresh, path_[level].second - kHalf};
  ++slot;
}

// Takes out the piece on the path, and nodes that become empty. A view is never empty: its last
// piece has no end.
void ViewPool::Take(View& view) {
  AddVisible(view, -Leaf().VisibleAt(Slot()));
  for (size_t level = path_.size(); level-- > 0;) {
    Node& node = NodeAt(path_[level].first);
    node.EraseAt(path_[level].second);
    if (node.count > 0) return RenewFirsts(level);
    free_.push_back(path_[level].first);
  }
}

void ViewPool::PutAt(View& view, const Place& place, const Piece& piece) {
  const Piece& old = place.piece;
  if (place.offset == 0) return Put(view, Slot(), piece);
  const bool behind = place.offset == old.length;
  if (behind && old.end() == piece.id && old.deleted == piece.deleted) {
    return Set(view, {old.id, old.length + piece.length, old.deleted});
  }
  if (behind) return Put(view, Slot() + 1, piece);
  Set(view, {old.id, place.offset, old.deleted});
  Put(view, Slot() + 1, {old.id + place.offset, old.length - place.offset, old.deleted});
  Put(view, Slot(), piece);
}

// Changes how often a part of the piece on the path is deleted, joining it with a neighbour where
// it can: many characters deleted one by one are one piece again.
void ViewPool::SetDeleted(View& view, const Place& place, int32_t length, uint32_t deleted) {
  const Piece& piece = place.piece;
  const Piece before{piece.id, place.offset, piece.deleted};
  const Piece changed{piece.id + place.offset, length, deleted};
  const Piece rest{changed.end(), piece.length - place.offset - length, piece.deleted};
  if (before.length == 0 && JoinLeft(view, changed, rest)) return;
  if (rest.length == 0 && JoinRight(view, before, changed)) return;
  if (before.length > 0) {
    Set(view, before);
    Put(view, Slot() + 1, changed);
  } else {
    Set(view, changed);
  }
  if (rest.length > 0) Put(view, Slot() + 1, rest);
}

bool ViewPool::JoinLeft(View& view, const Piece& changed, const Piece& rest) {
  const uint32_t slot = Slot();
  if (slot == 0) return false;
  const Piece left = Leaf().At(slot - 1);
  if (left.end() != changed.id || left.deleted != changed.deleted) return false;
  Slot() = slot - 1;
  Set(view, {left.id, left.length + changed.length, left.deleted});
  Slot() = slot;
  if (rest.length > 0) {
    Set(view, rest);
  } else {
    Take(view);
  }
  return true;
}

bool ViewPool::JoinRight(View& view, const Piece& before, const Piece& changed) {
  const uint32_t slot = Slot();
  if (slot + 1u >= Leaf().count) return false;
  const Piece right = Leaf().At(slot + 1);
  if (changed.end() != right.id || right.deleted != changed.deleted) return false;
  Slot() = slot + 1;
  Set(view, {changed.id, changed.length + right.length, right.deleted});
  Slot() = slot;
  if (before.length > 0) {
    Set(view, before);
  } else {
    Take(view);
  }
  return true;
}

ViewPool::Walk::Walk(ViewPool& pool, const ItemList& list, const View& view, Op from)
    : pool_(pool) {
  if (from < 0) {
    pool.FindStart(view);
  } else {
    offset_ = pool.Find(list, view, from).offset;
  }
  path_ = pool.path_;
  piece_ = pool.Leaf().At(pool.Slot());
  Skip(0);
}

}  // namespace twinning::text

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

void ViewPool::Node::MakeRoomAt(uint32_t slot, uint32_t pieces) {
  for (uint32_t i = count; i-- > slot;) {
    first[i + pieces] = first[i];
    size[i + pieces] = size[i];
    link[i + pieces] = link[i];
  }
  count = static_cast<uint16_t>(count + pieces);
}

void ViewPool::Node::EraseAt(uint32_t slot) {
  --count;
  for (uint32_t i = slot; i < count; ++i) {
    first[i] = first[i + 1];
    size[i] = size[i + 1];
    link[i] = link[i + 1];
  }
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

// Makes everything on the path this view's own, so that it may change. What leads to an own node is
// the view's own, too.
void ViewPool::Own(View& view) {
  if (Leaf().owner == view.owner) return;
  for (size_t level = 0; level < path_.depth; ++level) {
    Step& step = path_.steps[level];
    if (step.node->owner == view.owner) continue;
    const uint32_t fresh = NewNode(view.owner, 0);
    NodeAt(fresh) = *step.node;
    NodeAt(fresh).owner = view.owner;
    step.node = &NodeAt(fresh);
    step.number = fresh;
    if (level == 0) {
      view.root = fresh;
    } else {
      path_.steps[level - 1].node->link[path_.steps[level - 1].slot] = fresh;
    }
  }
}

// There are so many more below the path.
void ViewPool::AddVisible(View& view, int32_t change) {
  if (change == 0) return;
  for (size_t level = 0; level + 1 < path_.depth; ++level) {
    path_.steps[level].node->size[path_.steps[level].slot] += change;
  }
  view.visible += change;
}

// Above `level` nodes are known by their first characters.
void ViewPool::RenewFirsts(size_t level) {
  for (; level > 0; --level) {
    const Step& above = path_.steps[level - 1];
    above.node->first[above.slot] = path_.steps[level].node->first[0];
    if (above.slot > 0) return;
  }
}

// Puts up to three pieces in the place of the one on the path; it then leads to the second of them.
void ViewPool::Replace(View& view, std::initializer_list<Piece> pieces) {
  Node& leaf = Leaf();
  const uint32_t slot = Slot();
  const auto more = static_cast<uint32_t>(pieces.size() - 1);
  const Piece* piece = pieces.begin();
  int32_t change = -leaf.VisibleAt(slot);
  leaf.PutAt(slot, *piece);
  change += piece->Visible();
  if (slot == 0) RenewFirsts(path_.depth - 1);
  if (leaf.count + more > kFanout) {
    AddVisible(view, change);
    Put(view, slot + 1, piece[more]);
    if (more > 1) Put(view, Slot(), piece[1]);
    return;
  }
  if (more > 0) {
    leaf.MakeRoomAt(slot + 1, more);
    for (uint32_t i = 1; i <= more; ++i) {
      leaf.PutAt(slot + i, piece[i]);
      change += piece[i].Visible();
    }
    ++Slot();
  }
  AddVisible(view, change);
}

// Puts a piece into the leaf on the path; the path then leads to it.
void ViewPool::Put(View& view, uint32_t slot, const Piece& piece) {
  Slot() = slot;
  if (Leaf().count == kFanout) Split(view, path_.depth - 1);
  slot = Slot();
  Node& leaf = Leaf();
  leaf.MakeRoomAt(slot);
  leaf.PutAt(slot, piece);
  AddVisible(view, piece.Visible());
  if (slot == 0) RenewFirsts(path_.depth - 1);
}

// Moves the upper half of the full node on the path to a new one right of it; the path still leads
// to the same slot.
void ViewPool::Split(View& view, size_t level) {
  constexpr uint32_t kHalf = kFanout / 2;
  if (level == 0) {
    const Node& root = *path_.steps[0].node;
    const uint32_t top = NewNode(view.owner, static_cast<uint16_t>(root.height + 1));
    NodeAt(top).count = 1;
    NodeAt(top).PutAt(0, {root.first[0], view.visible, view.root});
    view.root = top;
    std::copy_backward(path_.steps.begin(), path_.steps.begin() + path_.depth,
                       path_.steps.begin() + path_.depth + 1);
    ++path_.depth;
    path_.steps[0] = {&NodeAt(top), top, 0, 0};
    ++level;
  } else if (path_.steps[level - 1].node->count == kFanout) {
    const size_t depth = path_.depth;
    Split(view, level - 1);
    level += path_.depth - depth;
  }
  Step& step = path_.steps[level];
  Node& lower = *step.node;
  const uint32_t fresh = NewNode(view.owner, lower.height);
  Node& upper = NodeAt(fresh);
  int32_t moved = 0;
  for (uint32_t i = kHalf; i < kFanout; ++i) {
    upper.PutAt(i - kHalf, lower.At(i));
    moved += lower.VisibleAt(i);
  }
  lower.count = upper.count = kHalf;
  Step& above = path_.steps[level - 1];
  above.node->size[above.slot] -= moved;
  above.node->MakeRoomAt(above.slot + 1);
  above.node->PutAt(above.slot + 1, {upper.first[0], moved, fresh});
  if (step.slot < kHalf) return;
  step = {&upper, fresh, step.slot - kHalf, step.before + above.node->size[above.slot]};
  ++above.slot;
}

// Takes out the piece on the path, and nodes that become empty. A view is never empty: its last
// piece has no end.
void ViewPool::Take(View& view) {
  AddVisible(view, -Leaf().VisibleAt(Slot()));
  for (size_t level = path_.depth; level-- > 0;) {
    const Step& step = path_.steps[level];
    step.node->EraseAt(step.slot);
    if (step.node->count > 0) {
      if (step.slot == 0) RenewFirsts(level);
      if (level + 1 < path_.depth) path_.depth = 0;
      return;
    }
    free_.push_back(step.number);
  }
}

void ViewPool::PutAt(View& view, const Place& place, const Piece& piece) {
  const Piece& old = place.piece;
  if (place.offset == 0) return Put(view, Slot(), piece);
  const bool behind = place.offset == old.length;
  if (behind && old.end() == piece.id && old.deleted == piece.deleted) {
    return Replace(view, {{old.id, old.length + piece.length, old.deleted}});
  }
  if (behind) return Put(view, Slot() + 1, piece);
  Replace(view, {{old.id, place.offset, old.deleted},
                 piece,
                 {old.id + place.offset, old.length - place.offset, old.deleted}});
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
    rest.length > 0 ? Replace(view, {before, changed, rest}) : Replace(view, {before, changed});
  } else {
    rest.length > 0 ? Replace(view, {changed, rest}) : Replace(view, {changed});
  }
}

// The piece on the path, which is now `changed` and `rest`, goes on with its left neighbour.
bool ViewPool::JoinLeft(View& view, const Piece& changed, const Piece& rest) {
  const uint32_t slot = Slot();
  if (slot == 0) return false;
  Node& leaf = Leaf();
  const Piece left = leaf.At(slot - 1);
  if (left.end() != changed.id || left.deleted != changed.deleted) return false;
  const int32_t change = changed.Visible() + rest.Visible() - leaf.VisibleAt(slot);
  leaf.size[slot - 1] += changed.length;
  if (rest.length > 0) {
    leaf.PutAt(slot, rest);
  } else {
    leaf.EraseAt(slot);
    Slot() = slot - 1;
  }
  AddVisible(view, change);
  return true;
}

// The piece on the path, which is now `before` and `changed`, with its right neighbour.
bool ViewPool::JoinRight(View& view, const Piece& before, const Piece& changed) {
  const uint32_t slot = Slot();
  Node& leaf = Leaf();
  if (slot + 1u >= leaf.count) return false;
  const Piece right = leaf.At(slot + 1);
  if (changed.end() != right.id || right.deleted != changed.deleted) return false;
  const int32_t change = before.Visible() + changed.Visible() - leaf.VisibleAt(slot);
  if (before.length > 0) {
    leaf.PutAt(slot, before);
  } else {
    leaf.EraseAt(slot);
  }
  leaf.PutAt(before.length > 0 ? slot + 1 : slot,
             {changed.id, changed.length + right.length, right.deleted});
  AddVisible(view, change);
  return true;
}

ViewPool::Walk::Walk(ViewPool& pool, const ItemList& list, const View& view, Op from)
    : pool_(pool) {
  if (from < 0) {
    pool.FindStart(view);
  } else {
    offset_ = pool.Find(list, view, from).offset;
  }
  for (size_t level = 0; level < pool.path_.depth; ++level) {
    path_.emplace_back(pool.path_.steps[level].number, pool.path_.steps[level].slot);
  }
  piece_ = pool.Leaf().At(pool.Slot());
  Skip(0);
}

}  // namespace twinning::text

#include "common/text/views.h"

#include <algorithm>

namespace twinning::text {
namespace {

constexpr size_t kSmallestCollection = 4096;

}  // namespace

void ViewPool::Node::MakeRoomAt(uint32_t slot) {
  const auto shift = [slot, this](auto& values) {
    std::copy_backward(values.begin() + slot, values.begin() + count, values.begin() + count + 1);
  };
  shift(first);
  shift(sum);
  shift(link);
  if (leaf) shift(length);
  ++count;
}

void ViewPool::Node::EraseAt(uint32_t slot) {
  const auto shift = [slot, this](auto& values) {
    std::copy(values.begin() + slot + 1, values.begin() + count, values.begin() + slot);
  };
  shift(first);
  shift(sum);
  shift(link);
  if (leaf) shift(length);
  --count;
}

uint32_t ViewPool::NewNode(uint32_t owner, bool leaf) {
  uint32_t fresh = static_cast<uint32_t>(nodes_.size());
  if (free_.empty()) {
    nodes_.emplace_back();
  } else {
    fresh = free_.back();
    free_.pop_back();
  }
  nodes_[fresh].owner = owner;
  nodes_[fresh].count = 0;
  nodes_[fresh].leaf = leaf;
  return fresh;
}

void ViewPool::Restart() {
  nodes_.clear();
  free_.clear();
  collect_at_ = kSmallestCollection;
  next_owner_ = 1;
}

View ViewPool::Base() {
  View view{0, next_owner_++, 0};
  view.root = NewNode(view.owner, true);
  path_.assign(1, {view.root, 0});
  Put(view, 0, {kBaseText, kEndless, 0});
  return view;
}

View ViewPool::Copy(View& from) {
  View copy = from;
  from.owner = next_owner_++;
  copy.owner = next_owner_++;
  return copy;
}

size_t ViewPool::Collect(const std::vector<uint32_t>& roots) {
  std::vector<bool> needed(nodes_.size(), false);
  std::vector<uint32_t> visit;
  size_t live = 0;
  const auto reach = [&](uint32_t n) {
    if (needed[n]) return;
    needed[n] = true;
    ++live;
    visit.push_back(n);
  };
  for (uint32_t root : roots) reach(root);
  while (!visit.empty()) {
    const Node& node = nodes_[visit.back()];
    visit.pop_back();
    for (uint32_t i = 0; !node.leaf && i < node.count; ++i) reach(node.link[i]);
  }
  free_.clear();
  for (uint32_t n = 0; n < nodes_.size(); ++n) {
    if (!needed[n]) free_.push_back(n);
  }
  collect_at_ = std::max(kSmallestCollection, 2 * live);
  return live;
}

void ViewPool::FindStart(const View& view) {
  path_.assign(1, {view.root, 0});
  while (!Leaf().leaf) path_.emplace_back(Leaf().link[0], 0);
}

// The character at a position.
ViewPool::Place ViewPool::FindVisible(const View& view, int32_t position) {
  path_.clear();
  Place place;
  place.found = true;
  for (uint32_t n = view.root;;) {
    const Node& node = nodes_[n];
    uint32_t i = 0;
    for (; i + 1 < node.count && place.visible + node.sum[i] <= position; ++i) {
      place.visible += node.sum[i];
    }
    path_.emplace_back(n, i);
    if (node.leaf) {
      place.piece = node.At(i);
      place.offset = position - place.visible;
      return place;
    }
    n = node.link[i];
  }
}

// The first character of the piece after the one found last.
Op ViewPool::NextFirst() const {
  for (size_t level = path_.size(); level-- > 0;) {
    const Node& node = nodes_[path_[level].first];
    if (path_[level].second + 1u < node.count) return node.first[path_[level].second + 1];
  }
  return -1;
}

ViewPool::Place ViewPool::Find(const ItemList& list, const View& view, Op character) {
  const ItemList::Cursor at = list.CursorOf(character);
  path_.clear();
  Place place;
  for (uint32_t n = view.root;;) {
    const Node& node = nodes_[n];
    uint32_t low = 0;
    for (uint32_t high = node.count; high - low > 1;) {
      const uint32_t middle = (low + high) / 2;
      const Op first = node.first[middle];
      const bool behind = first != character && !list.StandsBefore(first, character, at);
      (behind ? high : low) = middle;
    }
    for (uint32_t i = 0; i < low; ++i) place.visible += node.sum[i];
    path_.emplace_back(n, low);
    if (node.leaf) {
      place.piece = node.At(low);
      break;
    }
    n = node.link[low];
  }
  const auto ahead = static_cast<uint32_t>(character - place.piece.id);
  place.found = ahead < static_cast<uint32_t>(place.piece.length);
  place.offset =
      place.found ? character - place.piece.id : OffsetIn(list, place.piece, character, at);
  return place;
}

// How many characters of a piece stand before one that is not in it.
int32_t ViewPool::OffsetIn(const ItemList& list, const Piece& piece, Op character,
                           ItemList::Cursor at) const {
  const auto before = [&](int32_t k) { return list.StandsBefore(piece.id + k, character, at); };
  if (before(piece.length - 1)) return piece.length;
  const Op left = list.LeftOf(character);
  const auto beside = static_cast<uint32_t>(left - piece.id);
  int32_t low = 0;  // so many do
  if (left >= 0 && beside + 1 < static_cast<uint32_t>(piece.length)) {
    low = static_cast<int32_t>(beside) + 1;
    if (!before(low)) return low;
  } else if (!before(0)) {
    return 0;
  }
  for (int32_t high = piece.length - 1; low < high;) {
    const int32_t middle = low + (high - low) / 2;
    if (before(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// Makes everything on the path this view's own, so that it may change.
void ViewPool::Own(View& view) {
  for (size_t level = 0; level < path_.size(); ++level) {
    const uint32_t shared = path_[level].first;
    if (nodes_[shared].owner == view.owner) continue;
    const uint32_t fresh = NewNode(view.owner, false);
    nodes_[fresh] = nodes_[shared];
    nodes_[fresh].owner = view.owner;
    path_[level].first = fresh;
    if (level == 0) {
      view.root = fresh;
    } else {
      nodes_[path_[level - 1].first].link[path_[level - 1].second] = fresh;
    }
  }
}

void ViewPool::AddSum(View& view, int32_t change) {
  if (change == 0) return;
  for (const auto& [node, slot] : path_) nodes_[node].sum[slot] += change;
  view.visible += change;
}

// Above `level` nodes are known by their first characters.
void ViewPool::RenewFirsts(size_t level) {
  for (; level > 0; --level) {
    nodes_[path_[level - 1].first].first[path_[level - 1].second] =
        nodes_[path_[level].first].first[0];
  }
}

// Replaces the piece on the path.
void ViewPool::Set(View& view, const Piece& piece) {
  Node& leaf = Leaf();
  const uint32_t slot = Slot();
  leaf.first[slot] = piece.id;
  leaf.length[slot] = piece.length;
  leaf.link[slot] = piece.deleted;
  AddSum(view, piece.Visible() - leaf.sum[slot]);
  if (slot == 0) RenewFirsts(path_.size() - 1);
}

// Puts a piece into the leaf on the path; the path then leads to it.
void ViewPool::Put(View& view, uint32_t slot, const Piece& piece) {
  Slot() = slot;
  if (Leaf().count == kFanout) Split(view, path_.size() - 1);
  slot = Slot();
  Node& leaf = Leaf();
  leaf.MakeRoomAt(slot);
  leaf.first[slot] = piece.id;
  leaf.length[slot] = piece.length;
  leaf.link[slot] = piece.deleted;
  leaf.sum[slot] = 0;
  AddSum(view, piece.Visible());
  if (slot == 0) RenewFirsts(path_.size() - 1);
}

// Moves the upper half of the full node on the path to a new one right of it; the path still leads
// to the same slot.
void ViewPool::Split(View& view, size_t level) {
  constexpr uint32_t kHalf = kFanout / 2;
  if (level == 0) {
    const uint32_t top = NewNode(view.owner, false);
    nodes_[top].count = 1;
    nodes_[top].first[0] = nodes_[view.root].first[0];
    nodes_[top].sum[0] = view.visible;
    nodes_[top].link[0] = view.root;
    view.root = top;
    path_.insert(path_.begin(), {top, 0});
    ++level;
  } else if (nodes_[path_[level - 1].first].count == kFanout) {
    const size_t height = path_.size();
    Split(view, level - 1);
    level += path_.size() - height;
  }
  const uint32_t fresh = NewNode(view.owner, nodes_[path_[level].first].leaf);
  Node& lower = nodes_[path_[level].first];
  Node& upper = nodes_[fresh];
  int32_t moved = 0;
  for (uint32_t i = kHalf; i < kFanout; ++i) {
    upper.first[i - kHalf] = lower.first[i];
    upper.sum[i - kHalf] = lower.sum[i];
    upper.link[i - kHalf] = lower.link[i];
    upper.length[i - kHalf] = lower.length[i];
    moved += lower.sum[i];
  }
  lower.count = upper.count = kHalf;
  auto& [parent, slot] = path_[level - 1];
  Node& above = nodes_[parent];
  above.MakeRoomAt(slot + 1);
  above.first[slot + 1] = upper.first[0];
  above.sum[slot + 1] = moved;
  above.link[slot + 1] = fresh;
  above.sum[slot] -= moved;
  if (path_[level].second < kHalf) return;
  path_[level] = {fresh, path_[level].second - kHalf};
  ++slot;
}

// Takes out the piece on the path, and nodes that become empty. A view is never empty: its last
// piece has no end.
void ViewPool::Take(View& view) {
  AddSum(view, -Leaf().sum[Slot()]);
  for (size_t level = path_.size(); level-- > 0;) {
    Node& node = nodes_[path_[level].first];
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
  Put(view, Slot() + 1, piece);
  Put(view, Slot() + 1, {old.id + place.offset, old.length - place.offset, old.deleted});
}

std::pair<Op, Op> ViewPool::Insert(View& view, int32_t position, Op first, int32_t length) {
  const Piece piece{first, length, 0};
  if (position == 0) {
    FindStart(view);
    const Op right = Leaf().first[0];
    Own(view);
    Put(view, 0, piece);
    return {-1, right};
  }
  Place place = FindVisible(view, position - 1);
  const Op left = place.piece.id + place.offset;
  ++place.offset;
  const Op right = place.offset < place.piece.length ? left + 1 : NextFirst();
  Own(view);
  PutAt(view, place, piece);
  return {left, right};
}

std::pair<Op, int32_t> ViewPool::Delete(View& view, int32_t position, int32_t length) {
  const Place place = FindVisible(view, position);
  const int32_t here = std::min(length, place.piece.length - place.offset);
  Own(view);
  SetDeleted(view, place, here, 1);
  return {place.piece.id + place.offset, here};
}

void ViewPool::Add(const ItemList& list, View& view, Op first, int32_t length) {
  const Place place = Find(list, view, first);
  Own(view);
  PutAt(view, place, {first, length, 0});
}

void ViewPool::Remove(const ItemList& list, View& view, Op first, int32_t length) {
  while (length > 0) {
    const Place place = Find(list, view, first);
    const Piece& piece = place.piece;
    const int32_t here = std::min(length, piece.length - place.offset);
    const int32_t rest = piece.length - place.offset - here;
    Own(view);
    if (place.offset > 0) Set(view, {piece.id, place.offset, piece.deleted});
    if (rest > 0) {
      const Piece after{piece.end() - rest, rest, piece.deleted};
      if (place.offset > 0) {
        Put(view, Slot() + 1, after);
      } else {
        Set(view, after);
      }
    } else if (place.offset == 0) {
      Take(view);
    }
    first += here;
    length -= here;
  }
}

void ViewPool::Count(const ItemList& list, View& view, Op target, int32_t length, int change) {
  while (length > 0) {
    const Place place = Find(list, view, target);
    const int32_t here = std::min(length, place.piece.length - place.offset);
    Own(view);
    SetDeleted(view, place, here, place.piece.deleted + change);
    target += here;
    length -= here;
  }
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

void ViewPool::Walk::Skip(int32_t characters) {
  offset_ += characters;
  while (!AtEnd() && offset_ >= piece_.length) NextPiece();
}

void ViewPool::Walk::NextPiece() {
  offset_ = 0;
  while (!path_.empty() && path_.back().second + 1u >= pool_.nodes_[path_.back().first].count) {
    path_.pop_back();
  }
  if (path_.empty()) return;
  ++path_.back().second;
  while (!pool_.nodes_[path_.back().first].leaf) {
    path_.emplace_back(pool_.nodes_[path_.back().first].link[path_.back().second], 0);
  }
  piece_ = pool_.nodes_[path_.back().first].At(path_.back().second);
}

}  // namespace twinning::text

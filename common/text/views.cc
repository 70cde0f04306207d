#include "common/text/views.h"

#include <algorithm>

#include "common/text/fetch.h"

namespace twinning::text {
void ViewPool::Restart() {
  made_ = 0;
  free_.clear();
  path_.depth = 0;
  collect_at_ = smallest_collection_;
  next_owner_ = 1;
}

View ViewPool::Base() {
  View view{0, next_owner_++, 0};
  view.root = NewNode(view.owner, 0);
  BeginAt(view);
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
  std::vector<char> needed(made_, 0);
  std::vector<uint32_t> visit;
  size_t live = 0;
  const auto reach = [&](uint32_t n, bool is_leaf) {
    if (needed[n]) return;
    needed[n] = true;
    ++live;
    if (!is_leaf) visit.push_back(n);
  };
  for (uint32_t root : roots) reach(root, NodeAt(root).IsLeaf());
  while (!visit.empty()) {
    const Node& node = NodeAt(visit.back());
    visit.pop_back();
    for (uint32_t i = 0; i < node.count; ++i) reach(node.link[i], node.height == 1);
  }
  free_.clear();
  path_.depth = 0;
  for (uint32_t n = 0; n < made_; ++n) {
    if (!needed[n]) free_.push_back(n);
  }
  collect_at_ = std::max(smallest_collection_, 2 * live);
  return live;
}

// The path is to the root now.
void ViewPool::BeginAt(const View& view) {
  path_.steps[0] = {&NodeAt(view.root), view.root, 0, 0};
  path_.depth = 1;
  path_.counted = true;
}

void ViewPool::FindStart(const View& view) {
  BeginAt(view);
  while (!Leaf().IsLeaf()) {
    const uint32_t n = Leaf().link[0];
    path_.steps[path_.depth++] = {&NodeAt(n), n, 0, 0};
  }
}

// The character at a position.
ViewPool::Place ViewPool::FindVisible(const View& view, int32_t position) {
  if (IsPathOf(view) && path_.counted) {
    while (path_.depth > 1) {  // up to the lowest node that has it
      const Step& above = path_.steps[path_.depth - 2];
      const int32_t ahead = position - path_.last().before;
      if (ahead >= 0 && ahead < above.node->size[above.slot]) break;
      --path_.depth;
    }
  } else {
    BeginAt(view);
  }
  for (;;) {
    Step& step = path_.last();
    const Node& node = *step.node;
    int32_t ahead = position - step.before;
    uint32_t i = 0;
    if (node.IsLeaf()) {
      for (; i + 1 < node.count && node.VisibleAt(i) <= ahead; ++i) ahead -= node.VisibleAt(i);
      step.slot = i;
      return {node.At(i), ahead, true};
    }
    for (; i + 1 < node.count && node.size[i] <= ahead; ++i) ahead -= node.size[i];
    step.slot = i;
    const uint32_t n = node.link[i];
    path_.steps[path_.depth++] = {&NodeAt(n), n, 0, position - ahead};
    Fetch(NodeAt(n));
  }
}

int32_t ViewPool::VisibleBefore() const {
  int32_t visible = 0;
  for (size_t level = 0; level < path_.depth; ++level) {
    const Step& step = path_.steps[level];
    for (uint32_t i = 0; i < step.slot; ++i) visible += step.node->VisibleAt(i);
  }
  return visible;
}

// The first character of the piece after the one found last.
Op ViewPool::NextFirst() const {
  for (size_t level = path_.depth; level-- > 0;) {
    const Step& step = path_.steps[level];
    if (step.slot + 1u < step.node->count) return step.node->first[step.slot + 1];
  }
  return -1;
}

// Shortens the path to the lowest node on it that has a character, or would have it; behind() says
// of another whether it stands behind that.
template <typename Behind>
void ViewPool::GoUpTo(Behind behind) {
  size_t level = path_.depth - 1;
  const auto& steps = path_.steps;
  while (level > 0 && behind(steps[level].node->first[0])) {
    while (level > 0 && steps[level - 1].slot == 0) --level;  // begins with the same
    if (level > 0) --level;
  }
  if (level + 1 == path_.depth) {
    while (level > 0) {
      size_t up = level;
      while (up > 0 && steps[up - 1].slot + 1u >= steps[up - 1].node->count) --up;
      if (up == 0 || behind(steps[up - 1].node->first[steps[up - 1].slot + 1])) break;
      level = up - 1;
    }
  }
  if (level + 1 < path_.depth) path_.counted = false;
  path_.depth = level + 1;
}

ViewPool::Place ViewPool::Find(const ItemList& list, const View& view, Op character) {
  return FindAt(list, view, character, list.CursorOf(character));
}

// The same of one that is at `at` in the list.
ViewPool::Place ViewPool::FindAt(const ItemList& list, const View& view, Op character,
                                 ItemList::Cursor at) {
  const auto behind = [&](Op other) {
    return other != character && !list.StandsBefore(other, character, at);
  };
  if (IsPathOf(view)) {
    GoUpTo(behind);
  } else {
    BeginAt(view);
    path_.counted = false;
  }
  Place place;
  for (;;) {
    Step& step = path_.last();
    const Node& node = *step.node;
    uint32_t low = 0;
    for (uint32_t high = node.count; high - low > 1;) {
      const uint32_t middle = (low + high) / 2;
      (behind(node.first[middle]) ? high : low) = middle;
    }
    step.slot = low;
    if (node.IsLeaf()) {
      place.piece = node.At(low);
      break;
    }
    const uint32_t n = node.link[low];
    path_.steps[path_.depth++] = {&NodeAt(n), n, 0, 0};
  }
  const auto ahead = static_cast<uint32_t>(character - place.piece.id);
  place.found = ahead < static_cast<uint32_t>(place.piece.length);
  place.offset =
      place.found ? character - place.piece.id : OffsetIn(list, place.piece, character, at);
  return place;
}

// A character that is there, if it is in the leaf that the last search ended in.
bool ViewPool::FindBeside(const View& view, Op character, Place& place) {
  if (!IsPathOf(view)) return false;
  const Node& leaf = Leaf();
  for (uint32_t i = 0; i < leaf.count; ++i) {
    const int32_t offset = character - leaf.first[i];
    if (static_cast<uint32_t>(offset) >= static_cast<uint32_t>(leaf.size[i])) continue;
    Slot() = i;
    place = {leaf.At(i), offset, true};
    return true;
  }
  return false;
}

// The same as Find, of a character that is there: often that takes no look at the list.
ViewPool::Place ViewPool::FindThere(const ItemList& list, const View& view, Op character) {
  Place place;
  return FindBeside(view, character, place) ? place : Find(list, view, character);
}

// The same, of one that is not there, but all that its author had seen is: where it was inserted
// right behind one in the leaf that the last search ended in, there is mostly nothing between.
ViewPool::Place ViewPool::FindGap(const ItemList& list, const View& view, Op character) {
  const ItemList::Cursor at = list.CursorOf(character);
  const Op left = list.LeftOf(character, at);
  Place place;
  if (left >= 0 && FindBeside(view, left, place)) {
    ++place.offset;
    place.found = false;
    const Op next = place.offset < place.piece.length ? left + 1 : NextFirst();
    if (!list.StandsBefore(next, character, at)) return place;
  }
  return FindAt(list, view, character, at);
}

// How many characters of a piece stand before one that is not in it.
int32_t ViewPool::OffsetIn(const ItemList& list, const Piece& piece, Op character,
                           ItemList::Cursor at) const {
  const auto before = [&](int32_t k) { return list.StandsBefore(piece.id + k, character, at); };
  if (before(piece.length - 1)) return piece.length;
  const Op left = list.LeftOf(character, at);
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

bool ViewPool::Extend(View& view, Op first, int32_t length) {
  if (!IsPathOf(view) || Leaf().owner != view.owner || Slot() >= Leaf().count) return false;
  const Piece piece = Leaf().At(Slot());
  if (piece.end() != first || piece.deleted != 0) return false;
  Replace(view, {{piece.id, piece.length + length, 0}});
  return true;
}

std::pair<Op, int32_t> ViewPool::Delete(View& view, int32_t position, int32_t length) {
  const Place place = FindVisible(view, position);
  const int32_t here = std::min(length, place.piece.length - place.offset);
  Own(view);
  SetDeleted(view, place, here, 1);
  return {place.piece.id + place.offset, here};
}

void ViewPool::Add(const ItemList& list, View& view, Op first, int32_t length) {
  const Place place = FindGap(list, view, first);
  Own(view);
  PutAt(view, place, {first, length, 0});
}

void ViewPool::Remove(const ItemList& list, View& view, Op first, int32_t length) {
  while (length > 0) {
    const Place place = FindThere(list, view, first);
    const Piece& piece = place.piece;
    const int32_t here = std::min(length, piece.length - place.offset);
    const int32_t rest = piece.length - place.offset - here;
    Own(view);
    const Piece before{piece.id, place.offset, piece.deleted};
    const Piece after{piece.end() - rest, rest, piece.deleted};
    if (before.length > 0) {
      after.length > 0 ? Replace(view, {before, after}) : Replace(view, {before});
    } else {
      after.length > 0 ? Replace(view, {after}) : Take(view);
    }
    first += here;
    length -= here;
  }
}

void ViewPool::Count(const ItemList& list, View& view, Op target, int32_t length, int change) {
  while (length > 0) {
    const Place place = FindThere(list, view, target);
    const int32_t here = std::min(length, place.piece.length - place.offset);
    Own(view);
    SetDeleted(view, place, here, place.piece.deleted + change);
    target += here;
    length -= here;
  }
}

void ViewPool::Walk::Skip(int32_t characters) {
  offset_ += characters;
  while (!AtEnd() && offset_ >= piece_.length) NextPiece();
}

void ViewPool::Walk::NextPiece() {
  offset_ = 0;
  while (!path_.empty() && path_.back().second + 1u >= pool_.NodeAt(path_.back().first).count) {
    path_.pop_back();
  }
  if (path_.empty()) return;
  ++path_.back().second;
  while (!pool_.NodeAt(path_.back().first).IsLeaf()) {
    path_.emplace_back(pool_.NodeAt(path_.back().first).link[path_.back().second], 0);
  }
  piece_ = pool_.NodeAt(path_.back().first).At(path_.back().second);
}

}  // namespace twinning::text

#include "common/text/replay.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace twinning::text {

bool History::Knows(const Version& candidate) const {
  const auto count = static_cast<Operation>(operations.size());
  return std::all_of(candidate.begin(), candidate.end(),
                     [count](Operation o) { return o >= 0 && o < count; });
}

const Entry& History::EntryOf(Operation operation) const {
  auto after = std::upper_bound(entries.begin(), entries.end(), operation,
                                [](Operation o, const Entry& e) { return o < e.first; });
  return *std::prev(after);
}

std::vector<bool> History::Closure(const Version& heads) const {
  std::vector<bool> in(operations.size(), false);
  for (Operation head : heads) in[head] = true;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    Operation o = entry->first + entry->count - 1;
    while (o >= entry->first && !in[o]) --o;
    if (o < entry->first) continue;
    for (; o >= entry->first; --o) in[o] = true;
    for (Operation parent : entry->parents) in[parent] = true;
  }
  return in;
}

Version History::Frontier(const std::vector<bool>& closure) const {
  Version frontier;
  for (const Entry& entry : entries) {
    if (!closure[entry.first]) continue;
    Operation last = entry.first;
    while (last + 1 < entry.first + entry.count && closure[last + 1]) ++last;
    std::erase_if(frontier, [&entry](Operation o) {
      return std::find(entry.parents.begin(), entry.parents.end(), o) != entry.parents.end();
    });
    frontier.push_back(last);
  }
  return frontier;
}

Replay::Replay(const History& history)
    : history_(history),
      targets_(history.operations.size(), -1),
      effects_(history.operations.size()) {
  for (const Entry& entry : history.entries) {
    std::vector<bool> context = history.Closure(entry.parents);
    for (Operation o = entry.first; o < entry.first + entry.count; ++o) {
      Apply(o, context);
      context[o] = true;
    }
  }
}

bool Replay::VisibleIn(const Item& item, const std::vector<bool>& closure) const {
  return closure[item.inserted] && std::none_of(item.deletions.begin(), item.deletions.end(),
                                                [&](Operation d) { return closure[d]; });
}

void Replay::Apply(Operation operation, const std::vector<bool>& context) {
  const HistoryOperation& what = history_.operations[operation];
  if (what.inserted == kDeletion) {
    Delete(operation, what.position, context);
  } else {
    Insert(operation, what.position, context);
  }
}

void Replay::Delete(Operation operation, int64_t position, const std::vector<bool>& context) {
  size_t index = 0;
  for (int64_t left = position;; ++index) {
    if (VisibleIn(items_[index], context) && left-- == 0) break;
  }
  targets_[operation] = items_[index].inserted;
  effects_[operation] = {MergedPosition(index), items_[index].deletions.empty()};
  items_[index].deletions.push_back(operation);
}

void Replay::Insert(Operation operation, int64_t position, const std::vector<bool>& context) {
  size_t at = 0;
  for (int64_t left = position; left > 0; ++at) {
    if (VisibleIn(items_[at], context)) --left;
  }
  size_t right = at;
  while (right < items_.size() && !context[items_[right].inserted]) ++right;

  Item item;
  item.inserted = operation;
  if (at > 0) item.left = items_[at - 1].inserted;
  if (right < items_.size()) item.right = items_[right].inserted;

  // Everything in [at, right) is concurrent with the new item and was inserted in the same gap.
  const auto left_index = static_cast<int64_t>(at) - 1;
  bool scanning = false;
  for (size_t i = at; i < right; ++i) {
    const Item& other = items_[i];
    const int64_t other_left = other.left < 0 ? -1 : static_cast<int64_t>(IndexOf(other.left));
    if (other_left < left_index) break;
    if (other_left == left_index) {
      const size_t other_right = other.right < 0 ? items_.size() : IndexOf(other.right);
      if (other_right == right && Before(operation, other.inserted)) break;
      scanning = other_right < right;
    }
    if (!scanning) at = i + 1;
  }
  effects_[operation] = {MergedPosition(at), true};
  items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(at), std::move(item));
}

size_t Replay::IndexOf(Operation inserted) const {
  return std::find_if(items_.begin(), items_.end(),
                      [inserted](const Item& i) { return i.inserted == inserted; }) -
         items_.begin();
}

bool Replay::Before(Operation a, Operation b) const {
  const Author first = history_.EntryOf(a).author;
  const Author second = history_.EntryOf(b).author;
  if (first != second) return history_.authors[first] < history_.authors[second];
  return a < b;
}

int64_t Replay::MergedPosition(size_t index) const {
  return std::count_if(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(index),
                       [](const Item& i) { return i.deletions.empty(); });
}

std::vector<Splice> Replay::Transformed(Operation begin, Operation end) const {
  std::vector<Splice> splices;
  int64_t inserted = 0;  // code points that the last splice inserts
  for (Operation o = begin; o < end; ++o) {
    const auto [position, changes] = effects_[o];
    if (!changes) continue;
    const char32_t c = history_.operations[o].inserted;
    if (c == kDeletion) {
      if (!splices.empty() && splices.back().position == position && inserted == 0) {
        ++splices.back().removed;
      } else {
        splices.push_back({position, 1, ""});
        inserted = 0;
      }
    } else {
      if (splices.empty() || splices.back().position + inserted != position) {
        splices.push_back({position, 0, ""});
        inserted = 0;
      }
      AppendUtf8(c, splices.back().inserted);
      ++inserted;
    }
  }
  return splices;
}

}  // namespace twinning::text

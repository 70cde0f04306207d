#include "common/text/walk.h"

#include <algorithm>
#include <cstddef>

namespace twinning::text {

std::vector<OpRange> WalkOrder(const History& history, OpRange range) {
  std::vector<OpRange> order;
  if (range.begin >= range.end) return order;
  const size_t begin = history.EntryOf(range.begin);
  const size_t end = history.EntryOf(range.end - 1) + 1;
  std::vector<uint32_t> missing(end - begin, 0);    // parents not yet walked
  std::vector<std::pair<size_t, size_t>> children;  // parent, child
  for (size_t i = begin; i < end; ++i) {
    const Entry& entry = history.entries()[i];
    if (entry.first < range.begin) continue;
    for (Op parent : history.ParentsOf(entry)) {
      if (parent < range.begin) continue;
      children.emplace_back(history.EntryOf(parent), i);
      ++missing[i - begin];
    }
  }
  std::sort(children.begin(), children.end());
  std::vector<size_t> ready;
  for (size_t i = end; i-- > begin;) {
    if (missing[i - begin] == 0) ready.push_back(i);
  }
  while (!ready.empty()) {
    const size_t i = ready.back();
    ready.pop_back();
    const Entry& entry = history.entries()[i];
    order.push_back({std::max(entry.first, range.begin), std::min(entry.end, range.end)});
    const auto first = std::lower_bound(children.begin(), children.end(), std::pair(i, size_t{0}));
    auto last = first;
    while (last != children.end() && last->first == i) ++last;
    // The earliest child on top: it most likely goes on where this piece ends.
    while (last != first) {
      --last;
      if (--missing[last->second - begin] == 0) ready.push_back(last->second);
    }
  }
  return order;
}

Version VersionBefore(const History& history, Op operation) {
  const Entry& entry = history.entries()[history.EntryOf(operation)];
  if (operation > entry.first) return {operation - 1};
  const auto parents = history.ParentsOf(entry);
  return Version(parents.begin(), parents.end());
}

}  // namespace twinning::text

#include "common/text/overlap.h"

#include <algorithm>
#include <map>
#include <optional>

#include "common/text/passage.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// The text of the common prefix, laid over the items of the replay.
class Common {
 public:
  Common(const History& history, const Replay& replay, Operation prefix)
      : history_(history), replay_(replay) {
    std::vector<bool> in(history.operations.size(), false);
    std::fill(in.begin(), in.begin() + prefix, true);
    for (size_t i = 0; i < replay.items().size(); ++i) {
      const Item& item = replay.items()[i];
      places_[item.inserted] = static_cast<int64_t>(text_.size());
      if (!replay.VisibleIn(item, in)) continue;
      visible_.push_back(i);
      visible_operations_.push_back(item.inserted);
      text_ += history.operations[item.inserted].inserted;
    }
    std::sort(visible_operations_.begin(), visible_operations_.end());
    passages_ = Passages(std::u32string_view(text_));
    if (passages_.empty()) passages_.push_back({0, 0});
    open_ = !LastPassageIsClosed(text_);
  }

  const std::vector<Range>& passages() const { return passages_; }

  // The passage that `operation` touches, if any.
  std::optional<size_t> TouchedBy(Operation operation) const {
    const Operation target = history_.operations[operation].inserted == kDeletion
                                 ? replay_.TargetOf(operation)
                                 : operation;
    const int64_t place = places_.at(target);
    const bool visible =
        target != operation &&
        std::binary_search(visible_operations_.begin(), visible_operations_.end(), target);
    const auto size = static_cast<int64_t>(text_.size());
    if (!visible && place == size) {
      if (open_) return passages_.size() - 1;
      return std::nullopt;
    }
    const auto after = std::upper_bound(passages_.begin(), passages_.end(), place,
                                        [](int64_t p, const Range& r) { return p < r.begin; });
    const auto passage = std::prev(after);
    if (!visible && passage->begin == place) return std::nullopt;
    return passage - passages_.begin();
  }

  // The items of a passage in a version. What was inserted exactly at its start belongs to it only
  // when its first character is gone: then it replaced it.
  std::pair<size_t, size_t> ItemsOf(size_t passage, const std::vector<bool>& closure) const {
    const Range range = passages_[passage];
    size_t begin = visible_.empty() ? 0 : visible_[range.begin];
    if (!visible_.empty() && !replay_.VisibleIn(replay_.items()[begin], closure)) {
      begin = range.begin == 0 ? 0 : visible_[range.begin - 1] + 1;
    }
    const bool last = passage + 1 == passages_.size() && open_;
    return {begin, last ? replay_.items().size() : visible_[range.end - 1] + 1};
  }

 private:
  const History& history_;
  const Replay& replay_;
  std::u32string text_;
  std::vector<size_t> visible_;                // items of the common text
  std::vector<Operation> visible_operations_;  // what inserted them, ascending
  std::map<Operation, int64_t> places_;        // common characters left of each item
  std::vector<Range> passages_;
  bool open_ = false;
};

std::string Reading(const History& history, const Replay& replay, std::pair<size_t, size_t> items,
                    const std::vector<bool>& closure) {
  std::string text;
  for (size_t i = items.first; i < items.second; ++i) {
    const Item& item = replay.items()[i];
    if (replay.VisibleIn(item, closure)) {
      AppendUtf8(history.operations[item.inserted].inserted, text);
    }
  }
  return text;
}

}  // namespace

std::vector<Overlap> Overlaps(const History& history, Operation prefix, Operation first,
                              Operation end) {
  const Replay replay(history);
  const Common common(history, replay, prefix);
  const std::vector<bool> ours = history.Closure({end - 1});
  std::vector<bool> ancestors = history.Closure({first});

  std::map<size_t, bool> ours_touched;
  for (Operation o = first; o < end; ++o) {
    if (const auto passage = common.TouchedBy(o)) ours_touched[*passage] = true;
  }
  std::map<size_t, Operation> theirs_touched;
  Version concurrent;
  for (Operation o = 0; o < prefix; ++o) concurrent.push_back(o);
  for (Operation o = prefix; o < first; ++o) {
    if (ancestors[o]) continue;
    concurrent.push_back(o);
    if (const auto passage = common.TouchedBy(o)) theirs_touched[*passage] = o;
  }
  const std::vector<bool> theirs = history.Closure(concurrent);
  const std::vector<bool> everything(history.operations.size(), true);

  std::vector<Overlap> overlaps;
  for (const auto& [passage, last] : theirs_touched) {
    if (!ours_touched.contains(passage)) continue;
    const auto items = common.ItemsOf(passage, everything);
    Overlap overlap;
    overlap.common_begin = common.passages()[passage].begin;
    overlap.common_end = common.passages()[passage].end;
    const auto alive = [](const Item& item) { return item.deletions.empty(); };
    const auto begin = replay.items().begin();
    overlap.begin = std::count_if(begin, begin + static_cast<std::ptrdiff_t>(items.first), alive);
    overlap.end = std::count_if(begin, begin + static_cast<std::ptrdiff_t>(items.second), alive);
    overlap.ours = Reading(history, replay, common.ItemsOf(passage, ours), ours);
    overlap.theirs = Reading(history, replay, common.ItemsOf(passage, theirs), theirs);
    overlap.theirs_last = last;
    overlaps.push_back(std::move(overlap));
  }
  return overlaps;
}

}  // namespace twinning::text

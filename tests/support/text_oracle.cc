#include "tests/support/text_oracle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "common/text/passage.h"
#include "common/text/utf8.h"

namespace twinning::text {

bool OracleHistory::Knows(const Version& candidate) const {
  const auto count = static_cast<Operation>(operations.size());
  return std::all_of(candidate.begin(), candidate.end(),
                     [count](Operation o) { return o >= 0 && o < count; });
}

const OracleEntry& OracleHistory::EntryOf(Operation operation) const {
  auto after = std::upper_bound(entries.begin(), entries.end(), operation,
                                [](Operation o, const OracleEntry& e) { return o < e.first; });
  return *std::prev(after);
}

std::vector<bool> OracleHistory::Closure(const Version& heads) const {
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

Version OracleHistory::Frontier(const std::vector<bool>& closure) const {
  Version frontier;
  for (const OracleEntry& entry : entries) {
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

OracleReplay::OracleReplay(const OracleHistory& history)
    : history_(history),
      targets_(history.operations.size(), -1),
      effects_(history.operations.size()) {
  for (const OracleEntry& entry : history.entries) {
    std::vector<bool> context = history.Closure(entry.parents);
    for (Operation o = entry.first; o < entry.first + entry.count; ++o) {
      Apply(o, context);
      context[o] = true;
    }
  }
}

bool OracleReplay::VisibleIn(const OracleItem& item, const std::vector<bool>& closure) const {
  return closure[item.inserted] && std::none_of(item.deletions.begin(), item.deletions.end(),
                                                [&](Operation d) { return closure[d]; });
}

void OracleReplay::Apply(Operation operation, const std::vector<bool>& context) {
  const OracleOperation& what = history_.operations[operation];
  if (what.inserted == kOracleDeletion) {
    Delete(operation, what.position, context);
  } else {
    Insert(operation, what.position, context);
  }
}

void OracleReplay::Delete(Operation operation, int64_t position, const std::vector<bool>& context) {
  size_t index = 0;
  for (int64_t left = position;; ++index) {
    if (VisibleIn(items_[index], context) && left-- == 0) break;
  }
  targets_[operation] = items_[index].inserted;
  effects_[operation] = {MergedPosition(index), items_[index].deletions.empty()};
  items_[index].deletions.push_back(operation);
}

void OracleReplay::Insert(Operation operation, int64_t position, const std::vector<bool>& context) {
  size_t at = 0;
  for (int64_t left = position; left > 0; ++at) {
    if (VisibleIn(items_[at], context)) --left;
  }
  size_t right = at;
  while (right < items_.size() && !context[items_[right].inserted]) ++right;

  OracleItem item;
  item.inserted = operation;
  if (at > 0) item.left = items_[at - 1].inserted;
  if (right < items_.size()) item.right = items_[right].inserted;

  // Everything in [at, right) is concurrent with the new item and was inserted in the same gap.
  const auto left_index = static_cast<int64_t>(at) - 1;
  bool scanning = false;
  for (size_t i = at; i < right; ++i) {
    const OracleItem& other = items_[i];
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

size_t OracleReplay::IndexOf(Operation inserted) const {
  return std::find_if(items_.begin(), items_.end(),
                      [inserted](const OracleItem& i) { return i.inserted == inserted; }) -
         items_.begin();
}

bool OracleReplay::Before(Operation a, Operation b) const {
  const Author first = history_.EntryOf(a).author;
  const Author second = history_.EntryOf(b).author;
  if (first != second) return history_.authors[first] < history_.authors[second];
  return a < b;
}

int64_t OracleReplay::MergedPosition(size_t index) const {
  return std::count_if(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(index),
                       [](const OracleItem& i) { return i.deletions.empty(); });
}

std::vector<Splice> OracleReplay::Transformed(Operation begin, Operation end) const {
  std::vector<Splice> splices;
  int64_t inserted = 0;  // code points that the last splice inserts
  for (Operation o = begin; o < end; ++o) {
    const auto [position, changes] = effects_[o];
    if (!changes) continue;
    const char32_t c = history_.operations[o].inserted;
    if (c == kOracleDeletion) {
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

namespace {

// The text of the common prefix, laid over the items of the replay.
class Common {
 public:
  Common(const OracleHistory& history, const OracleReplay& replay, Operation prefix)
      : history_(history), replay_(replay) {
    std::vector<bool> in(history.operations.size(), false);
    std::fill(in.begin(), in.begin() + prefix, true);
    for (size_t i = 0; i < replay.items().size(); ++i) {
      const OracleItem& item = replay.items()[i];
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

  // The passage that `operation` touches, if any; `side` is what its side had seen and done. What
  // goes in exactly where a passage begins is in it only when that side has none of its beginning.
  std::optional<size_t> TouchedBy(Operation operation, const std::vector<bool>& side) const {
    const Operation target = history_.operations[operation].inserted == kOracleDeletion
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
    if (!visible && passage->begin == place && replay_.VisibleIn(ItemAt(place), side)) {
      return std::nullopt;
    }
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
  const OracleItem& ItemAt(int64_t place) const { return replay_.items()[visible_[place]]; }

  const OracleHistory& history_;
  const OracleReplay& replay_;
  std::u32string text_;
  std::vector<size_t> visible_;                // items of the common text
  std::vector<Operation> visible_operations_;  // what inserted them, ascending
  std::map<Operation, int64_t> places_;        // common characters left of each item
  std::vector<Range> passages_;
  bool open_ = false;
};

std::string Reading(const OracleHistory& history, const OracleReplay& replay,
                    std::pair<size_t, size_t> items, const std::vector<bool>& closure) {
  std::string text;
  for (size_t i = items.first; i < items.second; ++i) {
    const OracleItem& item = replay.items()[i];
    if (replay.VisibleIn(item, closure)) {
      AppendUtf8(history.operations[item.inserted].inserted, text);
    }
  }
  return text;
}

}  // namespace

std::vector<Overlap> Overlaps(const OracleHistory& history, Operation prefix, Operation first,
                              Operation end) {
  const OracleReplay replay(history);
  const Common common(history, replay, prefix);
  const std::vector<bool> ours = history.Closure({end - 1});
  std::vector<bool> ancestors = history.Closure({first});

  std::map<size_t, bool> ours_touched;
  for (Operation o = first; o < end; ++o) {
    if (const auto passage = common.TouchedBy(o, ours)) ours_touched[*passage] = true;
  }
  std::map<size_t, Operation> theirs_touched;
  Version concurrent;
  for (Operation o = 0; o < prefix; ++o) concurrent.push_back(o);
  for (Operation o = prefix; o < first; ++o) {
    if (ancestors[o]) continue;
    concurrent.push_back(o);
  }
  const std::vector<bool> theirs = history.Closure(concurrent);
  for (Operation o = prefix; o < first; ++o) {
    if (ancestors[o]) continue;
    if (const auto passage = common.TouchedBy(o, theirs)) theirs_touched[*passage] = o;
  }
  const std::vector<bool> everything(history.operations.size(), true);

  std::vector<Overlap> overlaps;
  for (const auto& [passage, last] : theirs_touched) {
    if (!ours_touched.contains(passage)) continue;
    const auto items = common.ItemsOf(passage, everything);
    Overlap overlap;
    overlap.common_begin = common.passages()[passage].begin;
    overlap.common_end = common.passages()[passage].end;
    const auto alive = [](const OracleItem& item) { return item.deletions.empty(); };
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

namespace {

absl::Status CheckSplices(int64_t size, std::span<const Splice> splices) {
  for (const Splice& splice : splices) {
    if (splice.position < 0 || splice.removed < 0 || splice.position > size ||
        splice.removed > size - splice.position) {
      return absl::InvalidArgumentError("text: a splice lies outside the text it was made in");
    }
    if (!IsValidUtf8(splice.inserted)) {
      return absl::InvalidArgumentError("text: inserted text is not valid UTF-8");
    }
    size += CodePoints(splice.inserted) - splice.removed;
  }
  return absl::OkStatus();
}

// Adds the operations of `splices` and returns how many.
int64_t AddOperations(OracleHistory& history, std::span<const Splice> splices) {
  const size_t before = history.operations.size();
  for (const Splice& splice : splices) {
    for (int64_t i = 0; i < splice.removed; ++i) {
      history.operations.push_back({splice.position, kOracleDeletion});
    }
    int64_t position = splice.position;
    for (char32_t c : ToCodePoints(splice.inserted)) history.operations.push_back({position++, c});
  }
  return static_cast<int64_t>(history.operations.size() - before);
}

void ApplyTo(std::u32string& text, std::span<const Splice> splices) {
  for (const Splice& s : splices) text.replace(s.position, s.removed, ToCodePoints(s.inserted));
}

}  // namespace

Author TextOracle::AddAuthor(std::string_view id) {
  auto& authors = history_.authors;
  const auto found = std::find(authors.begin(), authors.end(), id);
  if (found == authors.end()) {
    authors.emplace_back(id);
    return static_cast<Author>(authors.size() - 1);
  }
  return static_cast<Author>(found - authors.begin());
}

absl::StatusOr<std::vector<Splice>> TextOracle::Append(Author author, const Version& parents,
                                                       std::span<const Splice> splices) {
  OracleHistory& history = history_;
  if (author >= history.authors.size()) return absl::InvalidArgumentError("text: unknown author");
  if (!history.Knows(parents)) return absl::InvalidArgumentError("text: unknown parent version");

  const bool sequential = parents == history.version;
  Version minimal = parents;
  int64_t size = static_cast<int64_t>(history.text.size());
  if (!sequential) {
    const std::vector<bool> context = history.Closure(parents);
    minimal = history.Frontier(context);
    const OracleReplay replay(history);
    size = std::count_if(replay.items().begin(), replay.items().end(),
                         [&](const OracleItem& item) { return replay.VisibleIn(item, context); });
  }
  if (absl::Status status = CheckSplices(size, splices); !status.ok()) return status;

  const Operation first = operations();
  const int64_t count = AddOperations(history, splices);
  if (count == 0) return std::vector<Splice>();
  std::erase_if(history.version, [&minimal](Operation o) {
    return std::find(minimal.begin(), minimal.end(), o) != minimal.end();
  });
  history.version.push_back(first + count - 1);
  OracleEntry* last = history.entries.empty() ? nullptr : &history.entries.back();
  if (last != nullptr && last->author == author && minimal == Version{first - 1}) {
    last->count += count;
  } else {
    history.entries.push_back({first, count, author, std::move(minimal)});
  }

  std::vector<Splice> merged;
  if (sequential) {
    std::copy_if(splices.begin(), splices.end(), std::back_inserter(merged),
                 [](const Splice& s) { return s.removed > 0 || !s.inserted.empty(); });
  } else {
    merged = OracleReplay(history).Transformed(first, first + count);
  }
  ApplyTo(history.text, merged);
  return merged;
}

Version TextOracle::VersionAt(Operation count) const {
  std::vector<bool> closure(operations(), false);
  std::fill(closure.begin(), closure.begin() + std::clamp<Operation>(count, 0, operations()), true);
  return history_.Frontier(closure);
}

Version TextOracle::Merge(const Version& a, const Version& b) const {
  Version both = a;
  both.insert(both.end(), b.begin(), b.end());
  std::erase_if(both, [this](Operation o) { return o < 0 || o >= operations(); });
  return history_.Frontier(history_.Closure(both));
}

std::string TextOracle::text() const { return ToUtf8(history_.text); }

absl::StatusOr<std::string> TextOracle::TextAt(const Version& at) const {
  if (!history_.Knows(at)) return absl::InvalidArgumentError("text: unknown version");
  const std::vector<bool> closure = history_.Closure(at);
  const OracleReplay replay(history_);
  std::string text;
  for (const OracleItem& item : replay.items()) {
    if (replay.VisibleIn(item, closure)) {
      AppendUtf8(history_.operations[item.inserted].inserted, text);
    }
  }
  return text;
}

absl::StatusOr<std::vector<Overlap>> TextOracle::FindOverlaps(Operation prefix, Operation first,
                                                              Operation end) const {
  if (prefix < 0 || prefix > first || first > end || end > operations()) {
    return absl::InvalidArgumentError("text: no such operations");
  }
  if (first == end) return std::vector<Overlap>();
  return Overlaps(history_, prefix, first, end);
}

}  // namespace twinning::text

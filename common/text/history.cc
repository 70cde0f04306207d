#include "common/text/history.h"

#include <algorithm>
#include <functional>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// Walks back through the graph from the latest operations, an entry at a time.
struct Visit {
  Op operation;
  uint8_t sides;
  friend bool operator<(const Visit& a, const Visit& b) { return a.operation < b.operation; }
};

class Heap {
 public:
  void Push(Op operation, uint8_t sides) {
    visits_.push_back({operation, sides});
    std::push_heap(visits_.begin(), visits_.end());
  }
  Visit Pop() {
    std::pop_heap(visits_.begin(), visits_.end());
    const Visit top = visits_.back();
    visits_.pop_back();
    return top;
  }
  bool empty() const { return visits_.empty(); }
  const Visit& top() const { return visits_.front(); }

 private:
  std::vector<Visit> visits_;
};

bool IsAscending(const Version& version) {
  return std::adjacent_find(version.begin(), version.end(), std::greater_equal<>()) ==
         version.end();
}

void Prepend(std::vector<OpRange>& ranges, OpRange range) {
  if (!ranges.empty() && ranges.back().begin == range.end) {
    ranges.back().begin = range.begin;
  } else {
    ranges.push_back(range);
  }
}

}  // namespace

void History::StartAt(std::vector<std::string> authors, Version version, Op end) {
  authors_ = std::move(authors);
  version_ = std::move(version);
  end_ = end;
  entry_index_.StartAt(end);
  run_index_.StartAt(end);
  if (version_.size() == 1) critical_.push_back({end - 1, end});
}

bool Run::FitsIn(int64_t size) const {
  const auto count = static_cast<int64_t>(length);
  switch (kind()) {
    case Kind::kInsert:
      return position <= size;
    case Kind::kDelete:
      return position + count <= size;
    case Kind::kDeleteBackward:
      return position < size && position + 1 >= count;
  }
  return false;
}

Author History::AddAuthor(std::string_view id) {
  const auto found = std::find(authors_.begin(), authors_.end(), id);
  if (found == authors_.end()) {
    authors_.emplace_back(id);
    return static_cast<Author>(authors_.size() - 1);
  }
  return static_cast<Author>(found - authors_.begin());
}

bool History::Before(Op a, Op b) const {
  const Author first = entries_[EntryOf(a)].author;
  const Author second = entries_[EntryOf(b)].author;
  if (first != second) return authors_[first] < authors_[second];
  return a < b;
}

bool History::Knows(const Version& version) const {
  return std::all_of(version.begin(), version.end(),
                     [this](Operation o) { return o >= 0 && o < end_; });
}

std::span<const Op> History::ParentsOf(const Entry& entry) const {
  return {parents_.data() + entry.parents_begin, entry.parents_count};
}

size_t History::EntryOf(Op operation) const {
  if (operation >= entries_.back().first) return entries_.size() - 1;
  return entry_index_.Find(entries_, operation);
}

size_t History::RunOf(Op operation) const {
  if (operation >= runs_.back().first) return runs_.size() - 1;
  return run_index_.Find(runs_, operation);
}

Run History::Clip(size_t index, OpRange range) const {
  Run run = runs_[index];
  const Op begin = std::max(run.first, range.begin);
  const Op end = std::min(run.end(), range.end);
  const Op skipped = begin - run.first;
  if (run.kind() == Kind::kInsert) run.position += skipped;
  if (run.kind() == Kind::kDeleteBackward) run.position -= skipped;
  run.first = begin;
  run.length = end - begin;
  return run;
}

void History::Begin(Author author, const Version& minimal_parents) {
  const bool same_author = !entries_.empty() && entries_.back().author == author;
  if (same_author && version_.size() == 1 && minimal_parents == version_) return;
  Entry entry{end_, end_, author, static_cast<uint32_t>(parents_.size()),
              static_cast<uint32_t>(minimal_parents.size())};
  const bool continues =
      same_author && minimal_parents.size() == 1 && minimal_parents[0] == end_ - 1;
  if (!continues) {
    for (Operation parent : minimal_parents) parents_.push_back(static_cast<Op>(parent));
    entries_.push_back(entry);
    run_open_ = false;
  }
  const Op seen = minimal_parents.empty() ? -1 : static_cast<Op>(minimal_parents.back());
  while (!critical_.empty() && critical_.back().begin > seen) critical_.pop_back();
  if (!critical_.empty()) critical_.back().end = std::min(critical_.back().end, seen + 1);
  Succeed(minimal_parents);
}

void History::Succeed(const Version& parents) {
  const auto succeeded = [&parents](Operation o) {
    return std::binary_search(parents.begin(), parents.end(), o);
  };
  if (parents.size() > 1) {
    std::erase_if(version_, succeeded);
  } else if (!parents.empty()) {
    const auto head = std::lower_bound(version_.begin(), version_.end(), parents[0]);
    if (head != version_.end() && *head == parents[0]) version_.erase(head);
  }
  version_.push_back(end_);
}

bool History::Continues(const Run& run, Kind kind, int32_t position) const {
  const auto length = static_cast<int32_t>(run.length);
  switch (run.kind()) {
    case Kind::kInsert:
      return kind == Kind::kInsert && position == run.position + length;
    case Kind::kDelete:
      return kind == Kind::kDelete && position == run.position;
    case Kind::kDeleteBackward:
      return kind == Kind::kDelete && position == run.position - length;
  }
  return false;
}

void History::Add(Kind kind, int32_t position, int32_t length, std::string_view content) {
  if (length == 0) return;
  Run* last = run_open_ ? &runs_.back() : nullptr;
  const bool same_content =
      last != nullptr && (last->content == content_.size()) == content.empty();
  if (same_content && length == 1 && last->length == 1 && last->kind() == Kind::kDelete &&
      kind == Kind::kDelete && position == last->position - 1) {
    last->kind_bits = static_cast<uint32_t>(Kind::kDeleteBackward);
  }
  const bool joins = same_content && Continues(*last, kind, position) &&
                     (last->kind() != Kind::kDeleteBackward || length == 1);
  if (joins) {
    last->length += length;
  } else {
    Run run;
    run.first = end_;
    run.position = position;
    run.length = length;
    run.kind_bits = static_cast<uint32_t>(kind);
    run.content = static_cast<uint32_t>(content_.size());
    runs_.push_back(run);
    run_open_ = true;
  }
  content_.append(content);
  end_ += length;
  entries_.back().end = end_;
  entry_index_.Grow(end_, entries_.size() - 1);
  run_index_.Grow(end_, runs_.size() - 1);
  version_.back() = end_ - 1;
  if (version_.size() > 1) return;
  if (!critical_.empty() && critical_.back().end == end_ - length) {
    critical_.back().end = end_;
  } else {
    critical_.push_back({end_ - length, end_});
  }
}

void History::AddRun(Kind kind, int32_t position, int32_t length, std::string_view content) {
  if (kind != Kind::kDeleteBackward) return Add(kind, position, length, content);
  for (int32_t k = 0; k < length; ++k) {
    const std::string_view character = SubstringOfCodePoints(content, 0, 1);
    Add(Kind::kDelete, position - k, 1, character);
    content.remove_prefix(character.size());
  }
}

std::string_view History::ContentOfRun(size_t index) const {
  const size_t begin = runs_[index].content;
  const size_t end = index + 1 < runs_.size() ? runs_[index + 1].content : content_.size();
  return std::string_view(content_).substr(begin, end - begin);
}

std::string_view History::ContentOf(Op operation) const {
  const size_t index = RunOf(operation);
  const std::string_view content = ContentOfRun(index);
  const Run& run = runs_[index];
  if (content.size() == run.length) return content.substr(operation - run.first, 1);
  return SubstringOfCodePoints(content, operation - run.first, 1);
}

bool History::IsPlainlyMinimal(const Version& version) const {
  if (version.size() <= 1 || version == version_) return true;
  // What nothing came after is behind no other.
  const bool all_heads = std::all_of(version.begin(), version.end() - 1, [this](Operation o) {
    return std::binary_search(version_.begin(), version_.end(), o);
  });
  return all_heads && IsAscending(version);
}

Version History::Minimal(const Version& version) const {
  if (IsPlainlyMinimal(version)) return version;
  Heap heap;
  size_t candidates = version.size();
  for (Operation o : version) heap.Push(static_cast<Op>(o), 1);
  Version minimal;
  while (candidates > 0) {
    Visit visit = heap.Pop();
    bool reached = visit.sides == 0;
    candidates -= visit.sides;
    while (!heap.empty() && heap.top().operation == visit.operation) {
      const Visit same = heap.Pop();
      candidates -= same.sides;
      reached = reached || same.sides == 0;
    }
    if (!reached) minimal.push_back(visit.operation);
    const Entry& entry = entries_[EntryOf(visit.operation)];
    while (!heap.empty() && heap.top().operation >= entry.first) candidates -= heap.Pop().sides;
    for (Op parent : ParentsOf(entry)) heap.Push(parent, 0);
  }
  std::reverse(minimal.begin(), minimal.end());
  return minimal;
}

Version History::VersionAt(Op count) const {
  if (count <= 0) return {};
  if (count >= end_) return version_;
  const Op critical = CriticalUpTo(count - 1);
  Version frontier;
  if (critical >= 0) frontier.push_back(critical);
  if (critical == count - 1) return frontier;
  for (size_t i = EntryOf(critical + 1); i < entries_.size() && entries_[i].first < count; ++i) {
    const Entry& entry = entries_[i];
    if (entry.first <= critical) {  // the entry goes on behind the critical operation
      frontier.clear();
    } else {
      for (Op parent : ParentsOf(entry)) std::erase(frontier, parent);
    }
    frontier.push_back(std::min(entry.end, static_cast<Op>(count)) - 1);
  }
  return frontier;
}

void History::Diff(const Version& a, const Version& b, Split& out) const {
  out.only_a.clear();
  out.only_b.clear();
  if (a == b) return;
  constexpr uint8_t kBoth = 3;
  Heap heap;
  for (Operation o : a) heap.Push(static_cast<Op>(o), 1);
  for (Operation o : b) heap.Push(static_cast<Op>(o), 2);
  size_t one_sided = a.size() + b.size();
  while (one_sided > 0) {
    Visit visit = heap.Pop();
    one_sided -= visit.sides != kBoth;
    const Entry& entry = entries_[EntryOf(visit.operation)];
    Op from = visit.operation;
    uint8_t sides = visit.sides;
    for (;;) {
      const bool more = !heap.empty() && heap.top().operation >= entry.first;
      const Op down = more ? heap.top().operation + 1 : entry.first;
      if (down <= from && sides != kBoth) {
        Prepend(sides == 1 ? out.only_a : out.only_b, {down, from + 1});
      }
      if (!more) break;
      visit = heap.Pop();
      one_sided -= visit.sides != kBoth;
      from = visit.operation;
      sides |= visit.sides;
    }
    for (Op parent : ParentsOf(entry)) heap.Push(parent, sides);
    if (sides != kBoth) one_sided += entry.parents_count;
  }
}

Op History::CriticalUpTo(Op limit) const {
  for (auto range = critical_.rbegin(); range != critical_.rend(); ++range) {
    if (range->begin <= limit) return std::min(range->end - 1, limit);
  }
  return -1;
}

OpRange History::CriticalFrom(Op operation) const {
  const auto range = std::partition_point(critical_.begin(), critical_.end(),
                                          [operation](OpRange r) { return r.end <= operation; });
  if (range == critical_.end()) return {end_, end_};
  return {std::max(range->begin, operation), range->end};
}

}  // namespace twinning::text

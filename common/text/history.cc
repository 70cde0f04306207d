#include "common/text/history.h"

#include <algorithm>
#include <numeric>

#include "common/text/utf8.h"

namespace twinning::text {

void History::StartAt(std::vector<std::string> authors, Version version, Op end) {
  authors_ = std::move(authors);
  by_id_.resize(authors_.size());
  std::iota(by_id_.begin(), by_id_.end(), Author{0});
  std::sort(by_id_.begin(), by_id_.end(),
            [this](Author a, Author b) { return authors_[a] < authors_[b]; });
  version_ = std::move(version);
  end_ = end;
  graph_.StartAt(end);
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

// The first author whose id is not before this one.
std::vector<Author>::const_iterator History::PlaceOf(std::string_view id) const {
  return std::lower_bound(by_id_.begin(), by_id_.end(), id,
                          [this](Author a, std::string_view b) { return authors_[a] < b; });
}

std::optional<Author> History::FindAuthor(std::string_view id) const {
  const auto place = PlaceOf(id);
  if (place == by_id_.end() || authors_[*place] != id) return std::nullopt;
  return *place;
}

Author History::AddAuthor(std::string_view id) {
  const auto place = PlaceOf(id);
  if (place != by_id_.end() && authors_[*place] == id) return *place;
  const auto fresh = static_cast<Author>(authors_.size());
  by_id_.insert(place, fresh);
  authors_.emplace_back(id);
  return fresh;
}

bool History::Before(Op a, Op b) const {
  const Author first = entries()[EntryOf(a)].author;
  const Author second = entries()[EntryOf(b)].author;
  if (first != second) return authors_[first] < authors_[second];
  return a < b;
}

bool History::Knows(const Version& version) const {
  return std::all_of(version.begin(), version.end(),
                     [this](Operation o) { return o >= 0 && o < end_; });
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

void History::Begin(Author author, const Version& parents, const Seen* seen) {
  if (GoesOn(author, parents)) return;
  const Op last = parents.empty() ? -1 : static_cast<Op>(parents.back());
  while (!critical_.empty() && critical_.back().begin > last) critical_.pop_back();
  if (!critical_.empty()) critical_.back().end = std::min(critical_.back().end, last + 1);
  run_open_ = false;
  const bool sees_all = parents == version_;
  Succeed(parents);
  const bool known = !entries().empty() && last >= entries().front().first;
  if (parents.size() == 1 && known && graph_.GoesOnAfter(last, author)) {
    return graph_.OpenAfter(last, end_, version_.size());
  }
  Seen resolved{.prefix = end_};
  if (!sees_all && seen == nullptr) graph_.Resolve(parents, resolved);
  const bool use_given = !sees_all && seen != nullptr;
  graph_.Open(end_, author, parents, version_.size(), use_given ? *seen : resolved);
}

void History::Succeed(const Version& parents) {
  auto from = version_.begin();
  for (Operation parent : parents) {
    from = std::lower_bound(from, version_.end(), parent);
    if (from != version_.end() && *from == parent) from = version_.erase(from);
  }
  version_.push_back(end_);
}

// Whether a run goes on with a deletion; one of one character may do so backwards. Those whose
// characters are known are no run with those whose are not.
bool History::JoinDeletion(Run& run, int32_t position, int32_t length, std::string_view content) {
  if ((run.content == content_.size()) != content.empty()) return false;
  if (run.kind() == Kind::kDelete && position == run.position) return true;
  if (length != 1 || position != run.position - static_cast<int32_t>(run.length)) return false;
  if (run.kind() == Kind::kDelete && run.length == 1) {
    run.kind_bits = static_cast<uint32_t>(Kind::kDeleteBackward);
  }
  return run.kind() == Kind::kDeleteBackward;
}

void History::Add(Kind kind, int32_t position, int32_t length, std::string_view content) {
  if (length == 0) return;
  Run* last = run_open_ ? &runs_.back() : nullptr;
  if (last != nullptr && kind == Kind::kInsert && last->kind() == Kind::kInsert &&
      position == last->position + static_cast<int32_t>(last->length)) {
    last->length += length;
  } else if (last != nullptr && kind == Kind::kDelete &&
             JoinDeletion(*last, position, length, content)) {
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
  graph_.Grow(end_);
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

size_t History::AddEntryOf(const History& other, const Entry& entry, size_t run) {
  const auto parents = other.ParentsOf(entry);
  Begin(entry.author, Version(parents.begin(), parents.end()));
  for (; run < other.runs_.size() && other.runs_[run].first < entry.end; ++run) {
    const Run& r = other.runs_[run];
    AddRun(r.kind(), r.position, static_cast<int32_t>(r.length), other.ContentOfRun(run));
  }
  return run;
}

std::string_view History::ContentOf(Op operation) const {
  const size_t index = RunOf(operation);
  const std::string_view content = ContentOfRun(index);
  const Run& run = runs_[index];
  if (content.size() == run.length) return content.substr(operation - run.first, 1);
  return SubstringOfCodePoints(content, operation - run.first, 1);
}

Version History::VersionAt(Op count) const {
  if (count <= 0) return {};
  return count >= end_ ? version_ : graph_.VersionAt(count);
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

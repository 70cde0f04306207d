#include "common/text/document.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "common/text/overlap.h"
#include "common/text/replay.h"
#include "common/text/utf8.h"

namespace twinning::text {
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
int64_t AddOperations(History& history, std::span<const Splice> splices) {
  const size_t before = history.operations.size();
  for (const Splice& splice : splices) {
    for (int64_t i = 0; i < splice.removed; ++i) {
      history.operations.push_back({splice.position, kDeletion});
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

Document::Document() : history_(std::make_unique<History>()) {}
Document::Document(const Document& other)
    : history_(other.history_ ? std::make_unique<History>(*other.history_) : nullptr) {}
Document::Document(Document&& other) noexcept = default;
Document& Document::operator=(const Document& other) {
  if (this != &other) *this = Document(other);
  return *this;
}
Document& Document::operator=(Document&& other) noexcept = default;
Document::~Document() = default;

Author Document::AddAuthor(std::string_view id) {
  auto& authors = history_->authors;
  const auto found = std::find(authors.begin(), authors.end(), id);
  if (found == authors.end()) {
    authors.emplace_back(id);
    return static_cast<Author>(authors.size() - 1);
  }
  return static_cast<Author>(found - authors.begin());
}

absl::StatusOr<std::vector<Splice>> Document::Append(Author author, const Version& parents,
                                                     std::span<const Splice> splices) {
  History& history = *history_;
  if (author >= history.authors.size()) return absl::InvalidArgumentError("text: unknown author");
  if (!history.Knows(parents)) return absl::InvalidArgumentError("text: unknown parent version");

  const bool sequential = parents == history.version;
  Version minimal = parents;
  int64_t size = static_cast<int64_t>(history.text.size());
  if (!sequential) {
    const std::vector<bool> context = history.Closure(parents);
    minimal = history.Frontier(context);
    const Replay replay(history);
    size = std::count_if(replay.items().begin(), replay.items().end(),
                         [&](const Item& item) { return replay.VisibleIn(item, context); });
  }
  if (absl::Status status = CheckSplices(size, splices); !status.ok()) return status;

  const Operation first = operations();
  const int64_t count = AddOperations(history, splices);
  if (count == 0) return std::vector<Splice>();
  std::erase_if(history.version, [&minimal](Operation o) {
    return std::find(minimal.begin(), minimal.end(), o) != minimal.end();
  });
  history.version.push_back(first + count - 1);
  Entry* last = history.entries.empty() ? nullptr : &history.entries.back();
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
    merged = Replay(history).Transformed(first, first + count);
  }
  ApplyTo(history.text, merged);
  return merged;
}

Operation Document::operations() const {
  return static_cast<Operation>(history_->operations.size());
}

const Version& Document::version() const { return history_->version; }

Version Document::VersionAt(Operation count) const {
  std::vector<bool> closure(operations(), false);
  std::fill(closure.begin(), closure.begin() + std::clamp<Operation>(count, 0, operations()), true);
  return history_->Frontier(closure);
}

Version Document::Merge(const Version& a, const Version& b) const {
  Version both = a;
  both.insert(both.end(), b.begin(), b.end());
  std::erase_if(both, [this](Operation o) { return o < 0 || o >= operations(); });
  return history_->Frontier(history_->Closure(both));
}

std::string Document::text() const { return ToUtf8(history_->text); }

int64_t Document::size() const { return static_cast<int64_t>(history_->text.size()); }

absl::StatusOr<std::string> Document::TextAt(const Version& at) const {
  if (!history_->Knows(at)) return absl::InvalidArgumentError("text: unknown version");
  const std::vector<bool> closure = history_->Closure(at);
  const Replay replay(*history_);
  std::string text;
  for (const Item& item : replay.items()) {
    if (replay.VisibleIn(item, closure)) {
      AppendUtf8(history_->operations[item.inserted].inserted, text);
    }
  }
  return text;
}

absl::StatusOr<std::vector<Overlap>> Document::FindOverlaps(Operation prefix, Operation first,
                                                            Operation end) const {
  if (prefix < 0 || prefix > first || first > end || end > operations()) {
    return absl::InvalidArgumentError("text: no such operations");
  }
  if (first == end) return std::vector<Overlap>();
  return Overlaps(*history_, prefix, first, end);
}

}  // namespace twinning::text

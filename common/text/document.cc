#include "common/text/document.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "common/text/body.h"
#include "common/text/overlap.h"
#include "common/text/passage_reader.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

absl::Status Unknown(const char* what) {
  return absl::InvalidArgumentError(std::string("text: unknown ") + what);
}

bool IsAscending(const Version& version) {
  return std::adjacent_find(version.begin(), version.end(), std::greater_equal<>()) ==
         version.end();
}

// The code points that splices of a text of `size` add and take away, and the bytes, are bounded.
// `last` is how many the last one inserts.
absl::Status CheckSplices(int64_t size, int64_t room, std::span<const Splice> splices,
                          int64_t& last) {
  for (const Splice& splice : splices) {
    if (splice.position < 0 || splice.removed < 0 || splice.position > size ||
        splice.removed > size - splice.position) {
      return absl::InvalidArgumentError("text: a splice lies outside the text it was made in");
    }
    const int64_t inserted = CodePointsOfValid(splice.inserted);
    if (inserted < 0) return absl::InvalidArgumentError("text: inserted text is not valid UTF-8");
    room -= splice.removed + static_cast<int64_t>(splice.inserted.size());
    if (room < 0) return absl::ResourceExhaustedError("text: the history of this text is full");
    size += inserted - splice.removed;
    last = inserted;
  }
  return absl::OkStatus();
}

// What an edit under way does.
absl::Status AppendSplices(Engine& engine, std::span<const Splice> splices) {
  const History& history = engine.history();
  const int64_t room =
      kMaxOperations - std::max<int64_t>(history.operations(), history.ContentSize());
  int64_t last = 0;
  absl::Status status = CheckSplices(engine.AuthorSize(), room, splices, last);
  if (!status.ok()) return status;
  for (const Splice& splice : splices) {
    // Most edits are one splice: it need not be counted again.
    const bool counted = &splice == &splices.back();
    engine.Delete(splice.position, splice.removed);
    engine.Insert(splice.position, splice.inserted, counted ? last : CodePoints(splice.inserted));
  }
  return status;
}

}  // namespace

Document::Document() : body_(std::make_shared<Body>()) {}

Body& Document::Writable() {
  if (body_.use_count() > 1) body_ = std::make_shared<Body>(*body_);
  return *body_;
}

Author Document::AddAuthor(std::string_view id) {
  const std::optional<Author> found = body_->engine().history().FindAuthor(id);
  return found ? *found : Writable().engine().AddAuthor(id);
}

absl::StatusOr<std::vector<Splice>> Document::Append(Author author, const Version& parents,
                                                     std::span<const Splice> splices) {
  std::vector<Splice> merged;
  const absl::Status status = AppendTo(author, parents, splices, &merged);
  if (!status.ok()) return status;
  return merged;
}

absl::Status Document::Append(Author author, std::span<const Splice> splices) {
  Body& body = Writable();
  if (author >= body.engine().history().authors().size()) return Unknown("author");
  if (version().size() == 1) body.judgement().reset();
  body.engine().BeginAtEnd(author, nullptr);
  return AppendSplices(body.engine(), splices);
}

absl::Status Document::AppendAll(std::span<const Edit> edits) {
  Document changed;
  changed.body_ = std::make_shared<Body>(*body_);
  for (const Edit& edit : edits) {
    absl::Status status = changed.AppendTo(edit.author, edit.parents, edit.splices, nullptr);
    if (!status.ok()) return status;
  }
  *this = std::move(changed);
  return absl::OkStatus();
}

absl::Status Document::AppendTo(Author author, const Version& parents,
                                std::span<const Splice> splices, std::vector<Splice>* merged) {
  Body& body = Writable();
  Engine& engine = body.engine();
  const History& history = engine.history();
  if (author >= history.authors().size()) return Unknown("author");
  if (parents == history.version()) {
    if (parents.size() == 1) body.judgement().reset();
    engine.BeginAtEnd(author, merged);
  } else {
    if (!history.Knows(parents)) return Unknown("parent version");
    body.Unpack();
    if (IsAscending(parents)) {
      engine.Begin(author, parents, merged);
    } else {
      engine.Begin(author, Ascending(parents), merged);
    }
  }
  return AppendSplices(engine, splices);
}

Operation Document::operations() const { return body_->operations(); }

const Version& Document::version() const { return body_->version(); }

Version Document::VersionAt(Operation count) const {
  count = std::clamp<Operation>(count, 0, operations());
  if (count == operations()) return version();
  return body_->Full().history().VersionAt(static_cast<Op>(count));
}

Version Document::Merge(const Version& a, const Version& b) const {
  Version both = a;
  both.insert(both.end(), b.begin(), b.end());
  std::erase_if(both, [this](Operation o) { return o < 0 || o >= operations(); });
  both = Ascending(std::move(both));
  if (both.size() <= 1 || both == version()) return both;
  Seen seen;
  return body_->Full().history().graph().Resolve(both, seen);
}

std::string Document::text() const { return body_->text(); }

int64_t Document::size() const { return body_->size(); }

absl::StatusOr<std::string> Document::TextAt(const Version& at) const {
  if (at == version()) return text();
  if (!body_->engine().history().Knows(at)) return Unknown("version");
  return Excerpt(body_->Full(), Ascending(at)).rope().text();
}

absl::StatusOr<std::string> Document::ReadingAt(const Version& at, int64_t begin,
                                                int64_t end) const {
  if (!body_->engine().history().Knows(at)) return Unknown("version");
  if (begin < 0 || begin > end || end > size()) {
    return absl::InvalidArgumentError("text: no such passage");
  }
  return ReadPassage(body_->Full(), Ascending(at), {begin, end});
}

absl::StatusOr<std::vector<Overlap>> Document::FindOverlaps(Operation prefix, Operation first,
                                                            Operation end,
                                                            const Version& beyond) const {
  if (prefix < 0 || prefix > first || first > end || end > operations()) {
    return absl::InvalidArgumentError("text: no such operations");
  }
  for (Operation seen : beyond) {
    if (seen < 0 || seen >= first) return absl::InvalidArgumentError("text: no such operations");
  }
  if (first == end) return std::vector<Overlap>();
  return Overlaps(body_->Full(), static_cast<Op>(prefix), static_cast<Op>(first),
                  static_cast<Op>(end), beyond, body_->judgement());
}

int64_t Document::Utf16OfCodePoint(int64_t code_point) const {
  return body_->Settled().rope().Utf16OfCodePoint(code_point);
}

int64_t Document::CodePointOfUtf16(int64_t unit) const {
  return body_->Settled().rope().CodePointOfUtf16(unit);
}

}  // namespace twinning::text

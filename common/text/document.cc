#include "common/text/document.h"

#include <algorithm>
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

absl::Status CheckSplices(int64_t size, std::span<const Splice> splices) {
  int64_t room = kMaxOperations;
  for (const Splice& splice : splices) {
    if (splice.position < 0 || splice.removed < 0 || splice.position > size ||
        splice.removed > size - splice.position) {
      return absl::InvalidArgumentError("text: a splice lies outside the text it was made in");
    }
    if (!IsValidUtf8(splice.inserted)) {
      return absl::InvalidArgumentError("text: inserted text is not valid UTF-8");
    }
    const int64_t inserted = CodePoints(splice.inserted);
    room -= splice.removed + inserted;
    if (room < 0) return absl::ResourceExhaustedError("text: too much text in one edit");
    size += inserted - splice.removed;
  }
  return absl::OkStatus();
}

void Apply(Engine& engine, std::span<const Splice> splices) {
  for (const Splice& splice : splices) {
    engine.Delete(splice.position, splice.removed);
    engine.Insert(splice.position, splice.inserted, CodePoints(splice.inserted));
  }
}

// What an edit under way does.
absl::Status AppendSplices(Engine& engine, std::span<const Splice> splices) {
  if (absl::Status status = CheckSplices(engine.AuthorSize(), splices); !status.ok()) return status;
  int64_t added = 0;
  for (const Splice& s : splices) added += s.removed + static_cast<int64_t>(s.inserted.size());
  if (added > kMaxOperations - engine.history().operations() ||
      added > kMaxOperations - engine.history().ContentSize()) {
    return absl::ResourceExhaustedError("text: the history of this text is full");
  }
  Apply(engine, splices);
  return absl::OkStatus();
}

}  // namespace

Document::Document() : body_(std::make_shared<Body>()) {}

Body& Document::Writable() {
  if (body_.use_count() > 1) body_ = std::make_shared<Body>(*body_);
  return *body_;
}

Author Document::AddAuthor(std::string_view id) {
  const auto& authors = body_->engine().history().authors();
  const auto found = std::find(authors.begin(), authors.end(), id);
  if (found != authors.end()) return static_cast<Author>(found - authors.begin());
  return Writable().engine().AddAuthor(id);
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
  body_->Full();
  auto body = std::make_shared<Body>(*body_);
  absl::Status status = body->engine().AppendBatch(edits);
  if (status.ok()) body_ = std::move(body);
  return status;
}

absl::Status Document::AppendTo(Author author, const Version& parents,
                                std::span<const Splice> splices, std::vector<Splice>* merged) {
  Body& body = Writable();
  Engine& engine = body.engine();
  if (author >= engine.history().authors().size()) return Unknown("author");
  if (!engine.history().Knows(parents)) return Unknown("parent version");
  if (parents == version()) {
    if (parents.size() == 1) body.judgement().reset();
    engine.BeginAtEnd(author, merged);
  } else {
    body.Full();
    engine.Begin(author, engine.Minimal(parents), merged);
  }
  return AppendSplices(engine, splices);
}

Operation Document::operations() const { return body_->engine().history().operations(); }

const Version& Document::version() const { return body_->engine().history().version(); }

Version Document::VersionAt(Operation count) const {
  count = std::clamp<Operation>(count, 0, operations());
  if (count == operations()) return version();
  return body_->Full().history().VersionAt(static_cast<Op>(count));
}

Version Document::Merge(const Version& a, const Version& b) const {
  Version both = a;
  both.insert(both.end(), b.begin(), b.end());
  std::erase_if(both, [this](Operation o) { return o < 0 || o >= operations(); });
  std::sort(both.begin(), both.end());
  both.erase(std::unique(both.begin(), both.end()), both.end());
  if (both.size() <= 1 || both == version()) return both;
  return body_->Full().history().Minimal(both);
}

std::string Document::text() const { return body_->engine().rope().text(); }

int64_t Document::size() const { return body_->engine().rope().code_points(); }

absl::StatusOr<std::string> Document::TextAt(const Version& at) const {
  if (at == version()) return text();
  if (!body_->engine().history().Knows(at)) return Unknown("version");
  return Excerpt(body_->Full(), at).rope().text();
}

absl::StatusOr<std::string> Document::ReadingAt(const Version& at, int64_t begin,
                                                int64_t end) const {
  if (!body_->engine().history().Knows(at)) return Unknown("version");
  if (begin < 0 || begin > end || end > size()) {
    return absl::InvalidArgumentError("text: no such passage");
  }
  return ReadPassage(body_->Full(), at, {begin, end});
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
  return body_->engine().rope().Utf16OfCodePoint(code_point);
}

int64_t Document::CodePointOfUtf16(int64_t unit) const {
  return body_->engine().rope().CodePointOfUtf16(unit);
}

}  // namespace twinning::text

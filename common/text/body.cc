#include "common/text/body.h"

#include <cstdlib>
#include <utility>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

// The text before everything in `tail`, which is sequential.
std::string TextBefore(const History& tail, Rope rope) {
  for (size_t i = tail.runs().size(); i-- > 0;) {
    const Run& run = tail.runs()[i];
    const std::string_view content = tail.ContentOfRun(i);
    if (run.kind() == Kind::kInsert) {
      rope.Erase(run.position, run.length, nullptr);
    } else if (run.kind() == Kind::kDelete) {
      rope.Insert(run.position, content);
    } else {
      std::u32string backwards = ToCodePoints(content);
      rope.Insert(run.position - run.length + 1,
                  ToUtf8(std::u32string(backwards.rbegin(), backwards.rend())));
    }
  }
  return rope.text();
}

// Adds what `tail` has to a history that ends where it begins.
void Join(const History& tail, History& history) {
  for (const std::string& author : tail.authors()) history.AddAuthor(author);
  size_t run = 0;
  for (const Entry& entry : tail.entries()) {
    run = history.AddEntryOf(tail, entry, run);
  }
}

// Our own bytes, with a checksum that holds: whatever is wrong with them is a bug of ours.
template <typename T>
T OurOwn(absl::StatusOr<T> unpacked) {
  if (!unpacked.ok()) std::abort();
  return *std::move(unpacked);
}

}  // namespace

Body::Body(const Body& other)
    : engine_(other.engine_ ? std::make_unique<Engine>(*other.engine_) : nullptr),
      packed_(other.packed_),
      text_(other.text_),
      code_points_(other.code_points_),
      judgement_(other.judgement_) {}

Body::Body(Packed packed, std::string text, int64_t code_points)
    : packed_(std::make_shared<const Packed>(std::move(packed))),
      text_(std::move(text)),
      code_points_(code_points) {}

const Version& Body::version() const {
  static const Version kNothing;
  if (engine_) return engine_->history().version();
  return packed_ ? packed_->version : kNothing;
}

std::string Body::text() const { return engine_ ? Settled().rope().text() : TextAtRest(); }

int64_t Body::size() const { return engine_ ? Settled().rope().code_points() : code_points_; }

std::string Body::TextAtRest() const {
  return packed_ && !packed_->text.empty() ? OurOwn(UnpackText(*packed_)) : text_;
}

void Body::Wake() const {
  engine_ = std::make_unique<Engine>();
  if (!packed_) return;
  History history;
  history.StartAt(OurOwn(UnpackAuthors(*packed_)), packed_->version,
                  static_cast<Op>(packed_->operations));
  engine_->Load(std::move(history), Rope(TextAtRest()));
  std::string().swap(text_);  // an assignment would keep the memory
}

void Body::Unpack() const {
  if (!packed_) return;
  const History& tail = engine().history();
  History history = OurOwn(UnpackHistory(*packed_, TextBefore(tail, engine_->rope())));
  Join(tail, history);
  engine_->Load(std::move(history), engine_->rope());
  packed_.reset();
}

}  // namespace twinning::text

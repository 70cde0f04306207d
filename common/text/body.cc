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
    const auto parents = tail.ParentsOf(entry);
    history.Begin(entry.author, Version(parents.begin(), parents.end()));
    for (; run < tail.runs().size() && tail.runs()[run].first < entry.end; ++run) {
      const Run& r = tail.runs()[run];
      history.AddRun(r.kind(), r.position, static_cast<int32_t>(r.length), tail.ContentOfRun(run));
    }
  }
}

}  // namespace

Body::Body(Packed packed, std::string_view text) {
  History history;
  packed_authors_ = packed.authors.size();
  history.StartAt(std::exchange(packed.authors, {}), packed.version,
                  static_cast<Op>(packed.operations));
  engine_.Load(std::move(history), Rope(text));
  packed_ = std::make_shared<const Packed>(std::move(packed));
}

void Body::Unpack() const {
  if (!packed_) return;
  const History& tail = engine_.history();
  Packed packed = *packed_;
  packed.authors.assign(tail.authors().begin(), tail.authors().begin() + packed_authors_);
  absl::StatusOr<History> history = UnpackHistory(packed, TextBefore(tail, engine_.rope()));
  if (!history.ok()) std::abort();  // our own bytes, with a checksum that holds: a bug of ours
  Join(tail, *history);
  engine_.Load(*std::move(history), engine_.rope());
  packed_.reset();
}

}  // namespace twinning::text

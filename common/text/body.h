// What a document consists of: the engine, or for a document opened from its encoding the text and
// the packed history that nobody has asked for yet.
#ifndef TWINNING_COMMON_TEXT_BODY_H_
#define TWINNING_COMMON_TEXT_BODY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/text/engine.h"
#include "common/text/overlap.h"

namespace twinning::text {

// An encoded history, apart from the text that it ends in unless that is packed as well.
struct Packed {
  Version version;
  int64_t operations = 0;
  std::string_view text;     // compressed; empty where the body has it as it reads
  std::string_view authors;  // compressed: see TEXT.md
  std::string_view lost;     // compressed: inserted characters that are not in the text
  std::string_view columns;  // see columns.h
  int64_t text_size = 0;     // bytes
  int64_t authors_size = 0;
  int64_t lost_size = 0;
  std::shared_ptr<const void> keeper;  // keeps the bytes of all four
};

// InvalidArgument where they are damaged. The history with every character of it in its place;
// `text` is the text it ends in.
absl::StatusOr<std::string> UnpackText(const Packed& packed);
absl::StatusOr<std::vector<std::string>> UnpackAuthors(const Packed& packed);
absl::StatusOr<History> UnpackHistory(const Packed& packed, const std::string& text);

class Body {
 public:
  Body() = default;
  Body(const Body& other);
  Body& operator=(const Body& other) = delete;
  // `text` is what `packed` ends in, empty where that has it itself, and has so many code points.
  Body(Packed packed, std::string text, int64_t code_points);

  // Operations and version are known without the engine. While the history is packed the engine
  // holds the text, the version and what was appended since, which is sequential.
  Op operations() const {
    return engine_ ? engine_->history().operations() : static_cast<Op>(operations_at_rest());
  }
  const Version& version() const;
  std::string text() const;
  int64_t size() const;

  Engine& engine() const {
    if (!engine_) Wake();
    return *engine_;
  }
  // The same with its text up to date.
  const Engine& Settled() const {
    engine().Settle();
    return *engine_;
  }
  // The same with the whole history.
  const Engine& Full() const {
    Unpack();
    return Settled();
  }
  void Unpack() const;

  // See overlap.h.
  std::shared_ptr<Judgement>& judgement() const { return judgement_; }

 private:
  int64_t operations_at_rest() const { return packed_ ? packed_->operations : 0; }
  std::string TextAtRest() const;
  void Wake() const;

  mutable std::unique_ptr<Engine> engine_;  // none: at rest
  mutable std::shared_ptr<const Packed> packed_;
  mutable std::string text_;  // at rest, unless it is packed
  mutable int64_t code_points_ = 0;
  mutable std::shared_ptr<Judgement> judgement_;
};

// The document as it stood at a known version, built from that version's operations alone.
Engine Excerpt(const Engine& whole, const Version& version);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_BODY_H_

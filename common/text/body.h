// What a document consists of: the engine, and for a document opened from its encoding the packed
// history that nobody has asked for yet.
#ifndef TWINNING_COMMON_TEXT_BODY_H_
#define TWINNING_COMMON_TEXT_BODY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/text/engine.h"
#include "common/text/overlap.h"

namespace twinning::text {

// An encoded history apart from the text that it ends in.
struct Packed {
  std::vector<std::string> authors;
  Version version;
  int64_t operations = 0;
  std::string_view columns;            // see columns.h
  std::string_view lost;               // compressed: inserted characters that are not in the text
  int64_t lost_size = 0;               // bytes of them
  std::shared_ptr<const void> keeper;  // keeps the bytes of both
};

// The history; every character of it in its place. `text` is the text it ends in.
absl::StatusOr<History> UnpackHistory(const Packed& packed, const std::string& text);

class Body {
 public:
  Body() = default;
  // `text` is what `packed` ends in.
  Body(Packed packed, std::string_view text);

  // While the history is packed the engine holds the text, the version and what was appended since,
  // which is sequential.
  Engine& engine() { return engine_; }
  // The same with its text up to date.
  const Engine& Settled() const {
    engine_.Settle();
    return engine_;
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
  mutable Engine engine_;
  mutable std::shared_ptr<const Packed> packed_;  // without its authors: the engine has them first
  mutable size_t packed_authors_ = 0;
  mutable std::shared_ptr<Judgement> judgement_;
};

// The document as it stood at a known version, built from that version's operations alone.
Engine Excerpt(const Engine& whole, const Version& version);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_BODY_H_

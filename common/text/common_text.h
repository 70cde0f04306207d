// The text that two sides had in common: its passages, its characters, and which passage a place in
// it belongs to. Once made it needs no tracker.
#ifndef TWINNING_COMMON_TEXT_COMMON_TEXT_H_
#define TWINNING_COMMON_TEXT_COMMON_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/text/engine.h"
#include "common/text/passage.h"
#include "common/text/tracker.h"

namespace twinning::text {

// Finds the characters behind the stretches of a tracker that has taken in everything.
class Reader {
 public:
  Reader(const Engine& engine, const Tracker& tracker);

  // The text visible at the tracker's version from the character `from` (-1: the start) up to but
  // not including `to` (-1: the end).
  std::string Read(Op from, Op to) const;
  // One character that is visible at the tracker's version.
  std::string Character(Op character) const;

 private:
  void Append(const Tracker::Stretch& stretch, int64_t merged, std::string& text) const;
  Op DeletionOf(Op character) const;

  const Engine& engine_;
  const Tracker& tracker_;
  mutable std::optional<std::vector<std::pair<Op, Op>>> deleted_;
};

// The characters around a passage, by which it is found in other versions.
struct Bounds {
  Op before = -1;  // the last one of the passage before; -1: none
  Op first = -1;   // its first; -1: the text is empty
  Op last = -1;    // its last; -1: it goes on to the end of whatever text
};

// A place in the common text: at a character of it, or between two.
struct CommonPlace {
  int64_t position = 0;
  bool character = false;
};

class CommonText {
 public:
  // The tracker stands at the common version.
  CommonText(const Reader& reader, const Tracker& tracker);

  Range PassageRange(size_t passage) const { return passages_[passage]; }
  // Between two passages is in neither.
  std::optional<size_t> PassageAt(CommonPlace place) const;
  // The passage that begins at a position.
  std::optional<size_t> PassageFrom(int64_t position) const;
  Bounds BoundsOf(size_t passage) const;
  // The position of a character that is in the common text.
  std::optional<int64_t> PositionOf(Op character) const;

 private:
  // A stretch of common characters.
  struct Piece {
    int64_t position = 0;
    Op first = 0;
    int64_t length = 0;
  };
  Op CharacterAt(int64_t position) const;

  std::vector<Piece> by_position_;
  std::vector<Piece> by_character_;
  std::vector<Range> passages_;
  int64_t size_ = 0;
  bool open_ = false;  // whether the last passage has no end of its own
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_COMMON_TEXT_H_

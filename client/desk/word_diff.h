// What changed between two readings of a text, word by word, as a terminal shows it:
// "closes on [-28-]{+31+} March". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace twinning::desk {

struct Piece {
  enum Kind { kSame, kRemoved, kAdded } kind = kSame;
  std::string text;
  bool operator==(const Piece&) const = default;
};

// Both valid UTF-8. The same and removed pieces make `from`, the same and added ones `to`. Words
// are never cut.
std::vector<Piece> WordPieces(std::string_view from, std::string_view to);

// As one string; of an unchanged stretch at most `context` words stay beside each change, the rest
// becomes an ellipsis.
std::string WordDiff(std::string_view from, std::string_view to, size_t context = SIZE_MAX);

}  // namespace twinning::desk

// Which stretch of a text counts as one passage, when two sides may have rewritten the same one.
// The rule is fixed and versioned: conflicts depend on it, so it never changes under old history.
#ifndef TWINNING_COMMON_TEXT_PASSAGE_H_
#define TWINNING_COMMON_TEXT_PASSAGE_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace twinning::text {

inline constexpr int kPassageRuleVersion = 1;

// Code points [begin, end).
struct Range {
  int64_t begin = 0;
  int64_t end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// Version 1. A passage ends
//   after a line feed (U+000A), or
//   after one or more of . ! ? and U+2026, then any closing quotes and brackets, when white space
//   or the end of the text follows; the white space up to and including a line feed belongs to it.
// White space is U+0009 to U+000D, U+0020 and U+00A0; closing are " ' ) ] } and U+00BB, U+201C,
// U+201D, U+2019, U+203A. The passages cover the text without gaps; an empty text has none.
std::vector<Range> Passages(std::string_view text);
std::vector<Range> Passages(std::u32string_view text);

// Whether the last passage is ended by the rule itself rather than by the end of the text, so that
// what is appended begins a new one. False for an empty text.
bool LastPassageIsClosed(std::u32string_view text);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_PASSAGE_H_

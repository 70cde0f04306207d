#include "common/text/passage.h"

#include <cstddef>

#include "common/text/utf8.h"

namespace twinning::text {
namespace {

bool IsTerminator(char32_t c) { return c == U'.' || c == U'!' || c == U'?' || c == U'\u2026'; }

bool IsSpace(char32_t c) { return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0xA0; }

bool IsCloser(char32_t c) {
  switch (c) {
    case U'"':
    case U'\'':
    case U')':
    case U']':
    case U'}':
    case 0xBB:
    case 0x201C:
    case 0x201D:
    case 0x2019:
    case 0x203A:
      return true;
    default:
      return false;
  }
}

struct Passage {
  size_t end;
  bool closed;
};

// The passage that starts at `begin` (inside the text).
Passage Next(std::u32string_view text, size_t begin) {
  size_t i = begin;
  while (i < text.size()) {
    if (text[i] == U'\n') return {i + 1, true};
    if (!IsTerminator(text[i])) {
      ++i;
      continue;
    }
    while (i < text.size() && IsTerminator(text[i])) ++i;
    while (i < text.size() && IsCloser(text[i])) ++i;
    if (i < text.size() && !IsSpace(text[i])) continue;
    while (i < text.size() && IsSpace(text[i])) {
      if (text[i++] == U'\n') break;
    }
    return {i, true};
  }
  return {i, false};
}

}  // namespace

std::vector<Range> Passages(std::u32string_view text) {
  std::vector<Range> passages;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = Next(text, begin).end;
    passages.push_back({static_cast<int64_t>(begin), static_cast<int64_t>(end)});
    begin = end;
  }
  return passages;
}

std::vector<Range> Passages(std::string_view text) {
  return Passages(std::u32string_view(ToCodePoints(text)));
}

bool LastPassageIsClosed(std::u32string_view text) {
  bool closed = false;
  for (size_t begin = 0; begin < text.size();) {
    const Passage passage = Next(text, begin);
    begin = passage.end;
    closed = passage.closed;
  }
  return closed;
}

}  // namespace twinning::text

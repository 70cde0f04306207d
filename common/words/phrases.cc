#include "common/words/phrases.h"

#include <fmt/core.h>

#include <algorithm>

namespace twinning::words {
namespace {

constexpr size_t kQuoteLimit = 80;

bool BeginsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// U+0080 to U+009F, C1 controls; U+202A to U+202E and U+2066 to U+2069, which turn text round.
size_t UnwantedAt(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 2 && byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (text.size() < 3 || byte(0) != 0xE2) return 0;
  if (byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return 3;
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9 ? 3 : 0;
}

bool IsBreak(char c) { return c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

std::string OneLine(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (size_t unwanted = UnwantedAt(text)) {
      text.remove_prefix(unwanted);
      continue;
    }
    char c = text.front();
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (!control) out.push_back(c);
    if (IsBreak(c) && !out.empty() && out.back() != ' ') out.push_back(' ');
    text.remove_prefix(1);
  }
  return out;
}

std::string Shortened(std::string_view text, size_t limit) {
  size_t points = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (BeginsCodePoint(text[i]) && ++points > limit) return std::string(text.substr(0, i)) + "…";
  }
  return std::string(text);
}

std::string Quoted(std::string_view text) {
  return "\"" + Shortened(OneLine(text), kQuoteLimit) + "\"";
}

std::string Spaced(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string Counted(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace twinning::words

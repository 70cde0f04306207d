#include "common/text/utf8.h"

#include <algorithm>
#include <cstring>

namespace twinning::text {
namespace {

bool Starts(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// Length of the sequence that `lead` opens; 0 when it opens none.
size_t LengthOfLead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool SecondByteFits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

// How many of eight bytes start a code point.
int64_t StartsInWord(const char* bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const uint64_t continuations = (word >> 7) & ~(word >> 6) & kOnes;
  return 8 - static_cast<int64_t>((continuations * kOnes) >> 56);
}

// How many of them open a code point of four bytes.
int64_t FourByteLeadsInWord(const char* bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const uint64_t leads = (word >> 7) & (word >> 6) & (word >> 5) & (word >> 4) & kOnes;
  return static_cast<int64_t>((leads * kOnes) >> 56);
}

bool IsAsciiWord(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080) == 0;
}

// UTF-16 units that the code point opened by `byte` adds; 0 for a continuation byte.
int64_t UnitsOf(char byte) {
  if (!Starts(byte)) return 0;
  return static_cast<unsigned char>(byte) >= 0xF0 ? 2 : 1;
}

}  // namespace

int64_t CodePointsOfValid(std::string_view bytes) {
  int64_t count = 0;
  size_t i = 0;
  while (i < bytes.size()) {
    if (i + 8 <= bytes.size() && IsAsciiWord(bytes.data() + i)) {
      i += 8;
      count += 8;
      continue;
    }
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = LengthOfLead(lead);
    if (length == 0 || length > bytes.size() - i) return -1;
    if (length > 1 && !SecondByteFits(lead, static_cast<unsigned char>(bytes[i + 1]))) return -1;
    for (size_t k = 2; k < length; ++k) {
      if (Starts(bytes[i + k])) return -1;
    }
    i += length;
    ++count;
  }
  return count;
}

bool IsValidUtf8(std::string_view bytes) { return CodePointsOfValid(bytes) >= 0; }

int64_t CodePoints(std::string_view text) {
  if (text.size() == 1) return Starts(text[0]) ? 1 : 0;
  int64_t count = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) count += StartsInWord(text.data());
  return count + std::count_if(text.begin(), text.end(), Starts);
}

int64_t Utf16Units(std::string_view text) {
  int64_t units = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    units += StartsInWord(text.data()) + FourByteLeadsInWord(text.data());
  }
  for (char byte : text) units += UnitsOf(byte);
  return units;
}

int64_t ByteOfCodePoint(std::string_view text, int64_t code_point) {
  if (code_point < 0) return 0;
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    const int64_t starts = StartsInWord(text.data() + i);
    if (starts > code_point) break;
    code_point -= starts;
  }
  for (; i < text.size(); ++i) {
    if (Starts(text[i]) && code_point-- == 0) return static_cast<int64_t>(i);
  }
  return static_cast<int64_t>(text.size());
}

int64_t CodePointOfByte(std::string_view text, int64_t byte) {
  if (byte <= 0) return 0;
  if (byte >= static_cast<int64_t>(text.size())) return CodePoints(text);
  while (byte > 0 && !Starts(text[byte])) --byte;
  return CodePoints(text.substr(0, byte));
}

int64_t Utf16OfCodePoint(std::string_view text, int64_t code_point) {
  return Utf16Units(text.substr(0, ByteOfCodePoint(text, code_point)));
}

int64_t CodePointOfUtf16(std::string_view text, int64_t unit) {
  int64_t code_points = -1;
  int64_t units = 0;
  for (char byte : text) {
    if (!Starts(byte)) continue;
    ++code_points;
    units += UnitsOf(byte);
    if (units > unit) return code_points;
  }
  return code_points + 1;
}

std::string_view SubstringOfCodePoints(std::string_view text, int64_t begin, int64_t count) {
  const int64_t first = ByteOfCodePoint(text, begin);
  text.remove_prefix(first);
  return text.substr(0, ByteOfCodePoint(text, count));
}

void AppendUtf8(char32_t code_point, std::string& out) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code_point >> 18));
    out += static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

std::u32string ToCodePoints(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += byte;
    } else if (byte >= 0xC0) {
      out += byte >= 0xF0 ? byte & 0x07 : byte >= 0xE0 ? byte & 0x0F : byte & 0x1F;
    } else if (!out.empty()) {
      out.back() = (out.back() << 6) | (byte & 0x3F);
    }
  }
  return out;
}

std::string ToUtf8(std::u32string_view code_points) {
  std::string out;
  out.reserve(code_points.size());
  for (char32_t code_point : code_points) AppendUtf8(code_point, out);
  return out;
}

}  // namespace twinning::text

// UTF-8 as the text engine needs it: validity, and offsets in bytes, code points and UTF-16 units.
// Must not know: documents, locales, normalisation.
#ifndef TWINNING_COMMON_TEXT_UTF8_H_
#define TWINNING_COMMON_TEXT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinning::text {

// False for truncated and overlong sequences, surrogates and anything above U+10FFFF.
bool IsValidUtf8(std::string_view bytes);

// The number of code points of valid UTF-8; -1 for anything else.
int64_t CodePointsOfValid(std::string_view bytes);

// The functions below take valid UTF-8; on other input they return something, and never read
// outside it.

// Number of code points.
int64_t CodePoints(std::string_view text);
// Number of UTF-16 units (a code point above U+FFFF counts two).
int64_t Utf16Units(std::string_view text);

// Offsets into `text`. One beyond the end is clamped to the end; one inside a code point (a byte or
// a UTF-16 unit that does not start it) is moved back to its start.
int64_t ByteOfCodePoint(std::string_view text, int64_t code_point);
int64_t CodePointOfByte(std::string_view text, int64_t byte);
int64_t Utf16OfCodePoint(std::string_view text, int64_t code_point);
int64_t CodePointOfUtf16(std::string_view text, int64_t unit);

// The code points [begin, begin + count), clamped to the text.
std::string_view SubstringOfCodePoints(std::string_view text, int64_t begin, int64_t count);

void AppendUtf8(char32_t code_point, std::string& out);
std::u32string ToCodePoints(std::string_view text);
std::string ToUtf8(std::u32string_view code_points);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_UTF8_H_

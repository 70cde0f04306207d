// Guards our own bytes against damage on disk; no protection against people.
#ifndef TWINNING_COMMON_TEXT_CHECKSUM_H_
#define TWINNING_COMMON_TEXT_CHECKSUM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinning::text {

inline constexpr size_t kChecksumBytes = 8;

// FNV-1a over the length and the bytes, least significant byte first.
inline std::string Checksum(std::string_view bytes) {
  uint64_t sum = 0x9E3779B97F4A7C15u + bytes.size();
  for (char c : bytes) sum = (sum ^ static_cast<uint8_t>(c)) * 0x100000001B3u;
  std::string out;
  for (size_t i = 0; i < kChecksumBytes; ++i) out += static_cast<char>(sum >> (8 * i));
  return out;
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CHECKSUM_H_

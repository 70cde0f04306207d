// Guards our own bytes against damage on disk; no protection against people.
#ifndef TWINNING_COMMON_TEXT_CHECKSUM_H_
#define TWINNING_COMMON_TEXT_CHECKSUM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "xxhash.h"

namespace twinning::text {

inline constexpr size_t kChecksumBytes = 8;

// XXH3 (64 bits) of the bytes, least significant byte first.
inline std::string Checksum(std::string_view bytes) {
  const uint64_t sum = XXH3_64bits(bytes.data(), bytes.size());
  std::string out;
  for (size_t i = 0; i < kChecksumBytes; ++i) out += static_cast<char>(sum >> (8 * i));
  return out;
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CHECKSUM_H_

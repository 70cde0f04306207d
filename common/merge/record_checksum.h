// The last field of an encoded record: a checksum that finds damage on disk, and is no protection
// against people. Internal to this folder and its tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/text/checksum.h"

namespace twinning::merge {

inline constexpr char kChecksumTag = 15 << 3 | 1;  // RecordState.checksum, fixed64
inline constexpr size_t kChecksumField = 1 + text::kChecksumBytes;

// `state` must be a serialised RecordState without checksum.
inline std::string Checksummed(std::string state) {
  std::string checksum = text::Checksum(state);
  state.push_back(kChecksumTag);
  return state + checksum;
}

// What the checksum covers; none when it does not fit.
inline std::optional<std::string_view> Unchecksummed(std::string_view bytes) {
  if (bytes.size() < kChecksumField) return std::nullopt;
  std::string_view state = bytes.substr(0, bytes.size() - kChecksumField);
  std::string_view field = bytes.substr(state.size());
  if (field.front() != kChecksumTag || field.substr(1) != text::Checksum(state)) {
    return std::nullopt;
  }
  return state;
}

}  // namespace twinning::merge

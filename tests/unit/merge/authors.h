// Two people who write, and a field they write.
#pragma once

#include <cstdint>
#include <string>

#include "common/merge/record.h"

namespace twinning::merge {

inline constexpr uint32_t kDeadline = 5;
inline constexpr ReplicaIndex kAna = 0;
inline constexpr ReplicaIndex kBen = 1;

// A change that is entry `sequence`, by one who had seen entries up to `base`.
inline Author By(ReplicaIndex replica, Sequence sequence, Sequence base) {
  Author author;
  author.stamp = {sequence, replica, sequence};
  author.context = {base, replica, sequence};
  author.time_ms = 1932473100000 + static_cast<int64_t>(sequence);
  author.replica = *ReplicaId::Of(std::string(16, static_cast<char>('a' + replica)));
  return author;
}

}  // namespace twinning::merge

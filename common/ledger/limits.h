// How large anything that travels may be. Checked before anything is stored; one place for all
// rooms.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinning::ledger {

inline constexpr size_t kMaxPayloadBytes = 256 * 1024;
inline constexpr size_t kMaxChangeBytes = kMaxPayloadBytes + 4 * 1024;  // payload and envelope
inline constexpr size_t kMaxPersonalValues = 256;                       // beside one change
inline constexpr size_t kMaxPersonalBytes = 4 * 1024;                   // one personal value
inline constexpr size_t kSaltSize = 16;

inline constexpr size_t kMaxFrameBytes = 1024 * 1024;  // changes and personal values of one push
inline constexpr size_t kMaxChangesPerFrame = 4096;

inline constexpr size_t kMaxStatementBytes = 4 * 1024 * 1024;  // a schema is the largest
inline constexpr size_t kMaxEntriesBytes =
    1024 * 1024;  // of one Entries message, unless one frame is more
inline constexpr size_t kMaxMessageBytes = 8 * 1024 * 1024;  // anything on the wire

}  // namespace twinning::ledger

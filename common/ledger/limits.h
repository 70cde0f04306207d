// How large anything that travels may be. Checked before anything is stored; one place for all
// rooms.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinning::ledger {

inline constexpr size_t kMaxPayloadBytes = 256 * 1024;
inline constexpr size_t kMaxChangeBytes = kMaxPayloadBytes + 4 * 1024;  // payload and envelope
inline constexpr size_t kMaxPersonalValues = 64;                        // beside one change
inline constexpr size_t kMaxPersonalBytes = 4 * 1024;                   // one personal value
inline constexpr size_t kSaltSize = 16;

// A frame, and so every change that fits the limits above, is at most this large as a message.
inline constexpr size_t kMaxFrameBytes = 1024 * 1024;
inline constexpr size_t kMaxChangesPerFrame = 4096;
static_assert(kMaxChangeBytes + kMaxPersonalValues * (kMaxPersonalBytes + 128) < kMaxFrameBytes);

inline constexpr size_t kMaxStatementBytes = 2 * 1024 * 1024;  // a schema is the largest

// An Entries message ends with the frame that reaches the first; no message is over the second.
inline constexpr size_t kMaxEntriesBytes = 1024 * 1024;
inline constexpr size_t kMaxMessageBytes = 8 * 1024 * 1024;

// Changes of a copy of a replica that are compared with the ledger's, by their hashes.
inline constexpr size_t kMaxCopiedChanges = 20'000;

// Sequences in one Compare: so many make few rounds of a long history.
inline constexpr size_t kMaxCompared = 64;

}  // namespace twinning::ledger

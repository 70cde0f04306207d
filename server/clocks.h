// The clocks of a server that runs.
#pragma once

#include <chrono>
#include <cstdint>

namespace twinning::server {

// Milliseconds since 1970, as this machine has it.
inline int64_t NowMs() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

// Microseconds, never back.
inline int64_t Ticks() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
}

}  // namespace twinning::server

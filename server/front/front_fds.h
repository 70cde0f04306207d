// Where the front finds what the server gave it when it started it.
#pragma once

namespace twinning::server {

inline constexpr int kFrontChannelFd = 3;
inline constexpr int kFrontListeningFd = 4;

}  // namespace twinning::server

// The server's log: one line an event, to standard error. Hides spdlog, whose header is costly.
// Safe from any thread.
#pragma once

#include <string_view>

namespace twinning::server {

void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

// For what strangers can cause as often as they like: some a minute, and how many were left out.
void LogDamped(std::string_view message);

}  // namespace twinning::server

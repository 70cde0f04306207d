#include "server/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>

#include "server/log/damper.h"

namespace twinning::server {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    std::shared_ptr<spdlog::logger> logger = spdlog::stderr_logger_mt("twinningd");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    logger->flush_on(spdlog::level::info);
    return logger;
  }();
  return *kLogger;
}

constexpr uint32_t kDampedAMinute = 10;

int64_t Now_ms() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

void LogInfo(std::string_view message) { Logger().info(message); }
void LogWarning(std::string_view message) { Logger().warn(message); }
void LogError(std::string_view message) { Logger().error(message); }

void LogDamped(std::string_view message) {
  static Damper damper(kDampedAMinute, 60'000);
  std::optional<uint64_t> left_out = damper.Admit(Now_ms());
  if (!left_out) return;
  if (*left_out == 0) return LogWarning(message);
  Logger().warn("{} ({} more like this were left out before)", message, *left_out);
}

}  // namespace twinning::server

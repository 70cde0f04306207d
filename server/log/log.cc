#include "server/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

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

}  // namespace

void LogInfo(std::string_view message) { Logger().info(message); }
void LogWarning(std::string_view message) { Logger().warn(message); }
void LogError(std::string_view message) { Logger().error(message); }

}  // namespace twinning::server

// Stands in for server/log in the simulation's programs.
#include "tests/simulation/server_log.h"

#include <string_view>

#include "server/log/log.h"

namespace twinning::simulation {

std::vector<std::string>& LoggedErrors() {
  static std::vector<std::string> errors;
  return errors;
}

}  // namespace twinning::simulation

namespace twinning::server {

void LogInfo(std::string_view) {}
void LogWarning(std::string_view) {}
void LogError(std::string_view message) { simulation::LoggedErrors().emplace_back(message); }

}  // namespace twinning::server

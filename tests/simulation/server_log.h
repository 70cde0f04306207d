// The server's log, caught: a simulation prints nothing, and an error in the log is a finding.
#pragma once

#include <string>
#include <vector>

namespace twinning::simulation {

std::vector<std::string>& LoggedErrors();

}  // namespace twinning::simulation

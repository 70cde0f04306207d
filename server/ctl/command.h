// What a command of twinningctl is, once its words have been read.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "absl/status/status.h"
#include "server/ctl/call.h"

namespace twinning::ctl {

// Calls the server and prints what it answered, as JSON when so asked.
using Command = std::function<absl::Status(Server& server, bool json)>;
// Says which command the words chose.
using Choose = std::function<void(Command)>;

// invite, invitations, rehome, revoke, audit, certificates
void AddMembershipCommands(CLI::App& app, const Choose& choose);

// backup, verify, restore, rebuild, recovery. `alone`: as `choose`, for a command that needs no
// data directory.
void AddRecoveryCommands(CLI::App& app, const Choose& choose, const Choose& alone);

}  // namespace twinning::ctl

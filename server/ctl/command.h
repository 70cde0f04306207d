// What a command of twinningctl is, once its words have been read.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "server/ctl/call.h"

namespace twinning::ctl {

// Calls the server and prints what it answered, as JSON when so asked.
using Command = std::function<absl::Status(Server& server, bool json)>;
// Says which command the words chose.
using Choose = std::function<void(Command)>;

// What is said of an argument that names a partnership.
inline constexpr const char* kWhich = "Its name or id, or the beginning of it";

// "viewer", "editor" ...
absl::StatusOr<v1::Role> RoleOf(const std::string& word);

// partnership, conflicts, log
void AddPartnershipCommands(CLI::App& app, const Choose& choose);

// replicas, roles
void AddReplicaCommands(CLI::App& app, const Choose& choose);

// doctor, top. `exit_code` is what the program ends with when nothing went wrong.
void AddServerCommands(CLI::App& app, const Choose& choose, int& exit_code);

// operator
void AddOperatorCommands(CLI::App& app, const Choose& choose);

// invite, invitations, rehome, revoke, audit, certificates
void AddMembershipCommands(CLI::App& app, const Choose& choose);

// backup, verify, restore, rebuild, recovery. `alone`: as `choose`, for a command that needs no
// data directory.
void AddRecoveryCommands(CLI::App& app, const Choose& choose, const Choose& alone);

}  // namespace twinning::ctl

// A copy of everything that a server's database holds, of one moment, made while the server goes on
// writing. It is a database of the same format: what verifies and restores it is in this folder
// too.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

// Copies `database` to `to`, checks the copy whole (SQLite's own check, chains, signatures), writes
// into it where each partnership stands, and syncs it. Reads on a connection of its own: for a
// thread of its own. A file that is there already is replaced; after an error none is left.
absl::StatusOr<v1::BackupInfo> MakeBackup(const std::string& database, const std::string& to,
                                          int64_t now_ms);

// The same of a copy that `copy` makes, of some of it.
absl::StatusOr<v1::BackupInfo> MakeCopy(const std::string& to, int64_t now_ms,
                                        const std::function<absl::Status()>& copy);

}  // namespace twinning::server

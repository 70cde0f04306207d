// One partnership as one file, which is verified without anything else and can be taken into
// another server. A database of the server's format, as a backup is, that holds this partnership
// alone.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/sqlite/database.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

// Copies what `database` holds of the partnership to `to`, checks the copy whole and syncs it, as
// MakeBackup does with everything. NotFound when there is no such partnership.
absl::StatusOr<v1::BackupInfo> ExportPartnership(const std::string& database,
                                                 const LedgerId& ledger, const std::string& to,
                                                 int64_t now_ms);

// What is to be imported, checked whole. FailedPrecondition when it is not one partnership's file.
struct Importable {
  v1::Verified verified;
  bool archived = false;  // when it was exported: nothing can have been added since
};
absl::StatusOr<Importable> CheckImport(const std::string& file);

// Takes the partnership of a checked file into `database`, in one transaction. Where the database
// has its beginning already, what is missing is added. A recovery of the epoch given begins unless
// the file was archived and the database had nothing of it: replicas may hold more. AlreadyExists
// when all of it is there; FailedPrecondition when the database has another history of it: nothing
// was changed.
absl::StatusOr<v1::ImportReport> ImportPartnership(sqlite::Database& database,
                                                   const std::string& file,
                                                   const Importable& checked, uint64_t epoch);

}  // namespace twinning::server

// A database that is prepared beside a server's, to take its place. Internal to this folder.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/ledger/hashes.h"
#include "common/sqlite/database.h"
#include "common/sqlite/lock_file.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

class Staging {
 public:
  // Locks the data directory, which is made when it is not there. AlreadyExists while a server
  // runs.
  static absl::StatusOr<std::unique_ptr<Staging>> Begin(const std::string& data);

  const std::string& path() const {
    return path_;
  }  // of the file to be prepared; there is none yet
  // The database that is prepared; made when it is not there.
  absl::StatusOr<sqlite::Database*> Open();

  // Synced, it takes the place of what was there.
  absl::Status Finish();

 private:
  Staging(std::string data, std::unique_ptr<sqlite::LockFile> lock);

  const std::string data_;
  const std::string path_;
  std::unique_ptr<sqlite::LockFile> lock_;
  std::unique_ptr<sqlite::Database> database_;
};

// The recovery that what is prepared begins.
void WriteRecovery(sqlite::Database& database, std::string_view ledger, uint64_t epoch,
                   Sequence began_at);

}  // namespace twinning::server

#include "server/backup/staging.h"

#include <fmt/core.h>

#include <filesystem>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/ledger/data_folder.h"

namespace twinning::server {

Staging::Staging(std::string data, std::unique_ptr<sqlite::LockFile> lock)
    : data_(std::move(data)), path_(data_ + "/restore.partial"), lock_(std::move(lock)) {}

absl::StatusOr<std::unique_ptr<Staging>> Staging::Begin(const std::string& data) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::LockFile> lock, DataFolder::LockOnly(data));
  std::unique_ptr<Staging> staging(new Staging(data, std::move(lock)));
  // What an earlier one left that was cut short.
  std::error_code ignored;
  for (const char* part : {"", "-wal", "-shm"}) {
    std::filesystem::remove(staging->path_ + part, ignored);
  }
  return staging;
}

absl::StatusOr<sqlite::Database*> Staging::Open() {
  TWINNING_ASSIGN_OR_RETURN(database_,
                            sqlite::Database::Open(path_, ServerFormat(), {.create = true}));
  return database_.get();
}

absl::Status Staging::Finish() {
  database_.reset();  // the last connection moves its log into the file
  if (std::filesystem::exists(path_ + "-wal")) {
    return Unavailable(fmt::format("{} could not be finished: nothing was changed", path_));
  }
  TWINNING_RETURN_IF_ERROR(files::SyncFile(path_));
  std::error_code error;
  std::filesystem::rename(path_, DataFolder::ReadyIn(data_), error);
  if (error) return Unavailable(fmt::format("{} cannot be moved: {}", path_, error.message()));
  TWINNING_RETURN_IF_ERROR(files::SyncDirectory(data_));
  return DataFolder::PutInPlace(data_);
}

void WriteRecovery(sqlite::Database& database, std::string_view ledger, uint64_t epoch,
                   Sequence began_at) {
  SQLite::Statement row(database.connection(), "INSERT OR REPLACE INTO recovery VALUES(?, ?, ?)");
  row.bind(1, ledger.data(), static_cast<int>(ledger.size()));
  row.bind(2, static_cast<int64_t>(epoch));
  row.bind(3, static_cast<int64_t>(began_at));
  row.exec();
}

}  // namespace twinning::server

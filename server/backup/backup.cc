#include "server/backup/backup.h"

#include <filesystem>
#include <memory>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/sqlite/database.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

absl::Status Copy(const std::string& database, const std::string& to) {
  sqlite::Options options;
  options.checkpoints = false;  // that is for the connection that writes
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> reader,
                            sqlite::Database::Open(database, ServerFormat(), options));
  return reader->CopyTo(to);
}

void Write(sqlite::Database& copy, const v1::Verified& verified, int64_t now_ms) {
  SQLite::Statement row(copy.connection(), "INSERT OR REPLACE INTO backup VALUES(?, ?, ?, ?, ?)");
  row.bind(1, verified.ledger().data(), static_cast<int>(verified.ledger().size()));
  row.bind(2, now_ms);
  row.bind(3, static_cast<int64_t>(verified.sequence()));
  row.bind(4, verified.hash().data(), static_cast<int>(verified.hash().size()));
  row.bind(5, static_cast<int64_t>(verified.epoch()));
  row.exec();
}

absl::Status CheckAndNote(const std::string& path, v1::BackupInfo& info) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> copy,
                            sqlite::Database::Open(path, ServerFormat(), {}));
  TWINNING_RETURN_IF_ERROR(copy->CheckIntegrity());
  TWINNING_RETURN_IF_ERROR(copy->Run([&] {
    SqliteLedger ledger(*copy);
    return VerifyAll(ledger, [&](const v1::Verified& verified) {
      *info.add_partnerships() = verified;
      return absl::OkStatus();
    });
  }));
  return copy->Write([&] {
    copy->connection().exec("DELETE FROM backup");
    for (const v1::Verified& verified : info.partnerships()) Write(*copy, verified, info.made_ms());
    return absl::OkStatus();
  });
}

void Remove(const std::string& path) {
  std::error_code ignored;
  for (const char* part : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(path + part, ignored);
  }
}

absl::Status Make(const std::function<absl::Status()>& copy, const std::string& to,
                  v1::BackupInfo& info) {
  TWINNING_RETURN_IF_ERROR(copy());
  TWINNING_RETURN_IF_ERROR(CheckAndNote(to, info));
  return files::SyncFile(to);
}

}  // namespace

absl::StatusOr<v1::BackupInfo> MakeBackup(const std::string& database, const std::string& to,
                                          int64_t now_ms) {
  return MakeCopy(to, now_ms, [&] { return Copy(database, to); });
}

absl::StatusOr<v1::BackupInfo> MakeCopy(const std::string& to, int64_t now_ms,
                                        const std::function<absl::Status()>& copy) {
  v1::BackupInfo info;
  info.set_made_ms(now_ms);
  Remove(to);
  if (absl::Status made = Make(copy, to, info); !made.ok()) {
    Remove(to);
    return made;
  }
  info.set_bytes(std::filesystem::file_size(to));
  return info;
}

}  // namespace twinning::server

#include "common/sqlite/database.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/magic.h>
#include <sqlite3.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>

#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/sqlite/failure.h"

namespace twinning::sqlite {
namespace {

constexpr int kMaxValueBytes = 64 * 1024 * 1024;

// WAL keeps its index in shared memory, which a network disk cannot share.
absl::Status CheckLocalDisk(const std::string& path) {
  struct statfs disk {};
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (statfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) return absl::OkStatus();
  constexpr long kSmb2 = 0xFE534D42, kCifs = 0xFF534D42;
  long type = static_cast<long>(disk.f_type);
  if (type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == kSmb2 || type == kCifs) {
    return FailedPrecondition(
        fmt::format("{} is on a network disk, where SQLite loses data: use a local disk", path));
  }
  return absl::OkStatus();
}

void SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

// As SQLite's URIs want it.
std::string UriOf(const std::string& path) {
  std::string uri = "file:";
  for (char c : path) {
    bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '.' || c == '-';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

SQLite::Database OpenFile(const std::string& path, const Options& options) {
  if (options.as_it_is) {
    return SQLite::Database(UriOf(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  }
  if (options.only_read) {
    return SQLite::Database(path, SQLite::OPEN_READONLY, options.busy_timeout_ms);
  }
  int flags = SQLite::OPEN_READWRITE | (options.create ? SQLite::OPEN_CREATE : 0);
  return SQLite::Database(path, flags, options.busy_timeout_ms);
}

int64_t PragmaOf(SQLite::Database& connection, const std::string& name) {
  return connection.execAndGet("PRAGMA " + name).getInt64();
}

bool IsEmpty(SQLite::Database& connection) {
  return connection.execAndGet("SELECT count(*) FROM sqlite_master").getInt64() == 0;
}

}  // namespace

Database::Database(std::string path, SQLite::Database connection)
    : path_(std::move(path)), connection_(std::move(connection)) {}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path,
                                                         const Format& format,
                                                         const Options& options) {
  std::error_code ignored;
  bool exists = std::filesystem::exists(path, ignored);
  if (!exists && !options.create) return NotFound(fmt::format("{} does not exist", path));
  TWINNING_RETURN_IF_ERROR(CheckLocalDisk(path));
  std::unique_ptr<Database> database;
  try {
    database.reset(new Database(path, OpenFile(path, options)));
  } catch (const SQLite::Exception& exception) {
    return StatusOf(exception, path);
  }
  TWINNING_RETURN_IF_ERROR(database->Configure(format, options));
  if (!exists) SyncFolderOf(path);
  return database;
}

absl::Status Database::Configure(const Format& format, const Options& options) {
  return Run([&] {
    sqlite3* handle = connection_.getHandle();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.checkpoints ? 0 : 1,
                      nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
    connection_.exec(
        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
        "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;");
    if (!options.checkpoints) connection_.exec("PRAGMA wal_autocheckpoint=0");
    TWINNING_RETURN_IF_ERROR(CheckFormat(format));
    if (options.as_it_is || options.only_read) return CheckThere(format);
    TWINNING_RETURN_IF_ERROR(UseWal());
    TWINNING_RETURN_IF_ERROR(SyncLog());
    if (TWINNING_FAULT("no sync at commit")) connection_.exec("PRAGMA synchronous=OFF");
    return Migrate(format);
  });
}

absl::Status Database::CheckFormat(const Format& format) {
  int64_t id = PragmaOf(connection_, "application_id");
  int64_t version = PragmaOf(connection_, "user_version");
  if (id == 0 && version == 0 && IsEmpty(connection_)) return absl::OkStatus();
  if (id != format.application_id) {
    return FailedPrecondition(
        fmt::format("{} is not {}: it was left as it is", path_, format.what));
  }
  if (version > static_cast<int64_t>(format.migrations.size())) {
    return FailedPrecondition(fmt::format(
        "{} is of version {}, this program reads up to {}: it was left as it is; use a newer "
        "program",
        path_, version, format.migrations.size()));
  }
  return absl::OkStatus();
}

// A new file may be empty; one that is read as it is may not.
absl::Status Database::CheckThere(const Format& format) {
  if (PragmaOf(connection_, "application_id") == format.application_id) return absl::OkStatus();
  return FailedPrecondition(fmt::format("{} is not {}: it was left as it is", path_, format.what));
}

absl::Status Database::UseWal() {
  std::string mode = connection_.execAndGet("PRAGMA journal_mode=WAL").getString();
  if (mode != "wal" || PragmaOf(connection_, "synchronous") != 2) {
    return FailedPrecondition(
        fmt::format("{} cannot be made durable: its disk allows no WAL", path_));
  }
  return absl::OkStatus();
}

// A process that was killed between writing a commit and syncing it left it in the log: whoever
// opens the file next reads it, and would tell others of what the disk may still lose.
absl::Status Database::SyncLog() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection_.getHandle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return absl::OkStatus();
  if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK) return absl::OkStatus();
  return Unavailable(fmt::format("the log of {} cannot be made durable: check the disk", path_));
}

absl::Status Database::Migrate(const Format& format) {
  auto newest = static_cast<int64_t>(format.migrations.size());
  if (PragmaOf(connection_, "user_version") == newest) return absl::OkStatus();
  return Write([&] {
    // Read again under the lock: another process may have been first.
    for (int64_t v = PragmaOf(connection_, "user_version"); v < newest; ++v) {
      connection_.exec(format.migrations[static_cast<size_t>(v)]);
    }
    connection_.exec(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}",
                                 format.application_id, newest));
    return absl::OkStatus();
  });
}

absl::Status Database::Run(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return StatusOf(exception, path_);
  }
}

absl::Status Database::InTransaction(const char* begin, const std::function<absl::Status()>& work) {
  TWINNING_RETURN_IF_ERROR(Run([&] {
    connection_.exec(begin);
    return absl::OkStatus();
  }));
  absl::Status status = Run(work);
  // SQLite may have rolled back by itself: then there is nothing left to end.
  if (!status.ok() && !sqlite3_get_autocommit(connection_.getHandle())) {
    connection_.tryExec("ROLLBACK");
  }
  return status;
}

absl::Status Database::Read(const std::function<absl::Status()>& work) {
  absl::Status status = InTransaction("BEGIN", work);
  if (status.ok()) connection_.tryExec("COMMIT");
  return status;
}

absl::Status Database::Write(const std::function<absl::Status()>& work) {
  if (failed_) return UnknownCommit(path_, "an earlier one failed");
  TWINNING_RETURN_IF_ERROR(InTransaction("BEGIN IMMEDIATE", work));
  int committed = connection_.tryExec("COMMIT");
  if (committed == SQLITE_OK) return absl::OkStatus();
  std::string why = connection_.getErrorMsg();
  if (!sqlite3_get_autocommit(connection_.getHandle())) connection_.tryExec("ROLLBACK");
  // Of the log the part that makes it a commit comes last, and did not fit. That holds for writes;
  // a failing sync has an error of its own.
  if (committed == SQLITE_FULL) return DiskFull(path_);
  failed_ = true;
  return UnknownCommit(path_, why);
}

absl::Status Database::CopyTo(const std::string& path) {
  return Run([&] {
    SQLite::Statement copy(connection_, "VACUUM INTO ?");
    copy.bind(1, path);
    copy.exec();
    return absl::OkStatus();
  });
}

absl::Status Database::CheckIntegrity() { return Check("PRAGMA integrity_check(1)"); }

absl::Status Database::CheckQuickly() { return Check("PRAGMA quick_check(1)"); }

absl::Status Database::Check(const char* pragma) {
  return Run([&] {
    std::string answer = connection_.execAndGet(pragma).getString();
    if (answer == "ok") return absl::OkStatus();
    return DataLoss(fmt::format("{} is damaged ({}): restore it from a backup", path_, answer));
  });
}

}  // namespace twinning::sqlite

#include "server/ledger/data_folder.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "common/base/status.h"

namespace twinning::server {
namespace {

// `place` orders the commits of all partnerships: appending at one end is four times as fast as
// clustering by partnership. `personal` is an Entry message with nothing else in it; it alone may
// ever change.
constexpr const char* kFirst = R"sql(
CREATE TABLE partnership(
  key INTEGER PRIMARY KEY,
  ledger BLOB NOT NULL UNIQUE CHECK(length(ledger) = 16),
  head INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE TABLE entry(
  place INTEGER PRIMARY KEY,
  partnership INTEGER NOT NULL,
  sequence INTEGER NOT NULL CHECK(sequence > 0),
  kind INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  body BLOB NOT NULL,
  signature BLOB,
  personal BLOB,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_in_order ON entry(partnership, sequence);
CREATE TABLE invitation(
  secret_hash BLOB PRIMARY KEY CHECK(length(secret_hash) = 32),
  ledger BLOB NOT NULL,
  town BLOB NOT NULL,
  role INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  redeemed_key BLOB,
  redeemed_ms INTEGER
) STRICT, WITHOUT ROWID;
)sql";

// Which certificate a replica had last is asked when it wants another.
constexpr const char* kSecond = R"sql(
ALTER TABLE invitation ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitation ADD COLUMN redeemed_by TEXT;
ALTER TABLE invitation ADD COLUMN withdrawn_ms INTEGER;
CREATE TABLE certified(
  replica BLOB PRIMARY KEY CHECK(length(replica) = 16),
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && std::filesystem::is_directory(path)) {
    chmod(path.c_str(), 0700);
    return absl::OkStatus();
  }
  return Unavailable(fmt::format("the data directory {} cannot be made: {}", path,
                                 error ? error.message() : "something else is there"));
}

}  // namespace

const sqlite::Format& ServerFormat() {
  static const sqlite::Format kFormat{
      "a Twinning server's database", 0x54776e53, {kFirst, kSecond}};
  return kFormat;
}

absl::StatusOr<DataFolder> DataFolder::Open(const std::string& path) {
  TWINNING_RETURN_IF_ERROR(MakeFolder(path));
  std::string lock_path = path + "/server.lock";
  absl::StatusOr<std::unique_ptr<sqlite::LockFile>> lock = sqlite::LockFile::Acquire(lock_path);
  if (absl::IsAlreadyExists(lock.status())) {
    return AlreadyExists(fmt::format("a server is already running on {}, pid {}", path,
                                     sqlite::LockFile::HolderOf(lock_path)));
  }
  if (!lock.ok()) return lock.status();
  TWINNING_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Database> database,
      sqlite::Database::Open(path + "/server.db", ServerFormat(), {.create = true}));
  return DataFolder(*std::move(lock), std::move(database));
}

}  // namespace twinning::server

#include "server/ledger/data_folder.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <system_error>

#include "common/base/status.h"
#include "common/files/durable.h"

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

// `recovery` is there while one is open; `backup` only in the copy that a backup is.
constexpr const char* kThird = R"sql(
CREATE TABLE recovery(
  ledger BLOB PRIMARY KEY CHECK(length(ledger) = 16),
  epoch INTEGER NOT NULL,
  began_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE backup(
  ledger BLOB PRIMARY KEY CHECK(length(ledger) = 16),
  made_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK(length(hash) = 32),
  epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What operators want to know of replicas that are away; nothing depends on it.
constexpr const char* kFourth = R"sql(
ALTER TABLE partnership ADD COLUMN archived_ms INTEGER NOT NULL DEFAULT 0;
CREATE TABLE seen(
  ledger BLOB NOT NULL CHECK(length(ledger) = 16),
  replica BLOB NOT NULL CHECK(length(replica) = 16),
  seen_ms INTEGER NOT NULL,
  software TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  outbox INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK(length(digest) = 32),
  PRIMARY KEY(ledger, replica)
) STRICT, WITHOUT ROWID;
)sql";

// What each replica said last when it connected, so that its copies are found.
constexpr const char* kFifth = R"sql(
CREATE TABLE claim(
  partnership INTEGER NOT NULL,
  replica BLOB NOT NULL CHECK(length(replica) = 16),
  claim BLOB NOT NULL CHECK(length(claim) = 16),
  PRIMARY KEY(partnership, replica)
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
      "a Twinning server's database", 0x54776e53, {kFirst, kSecond, kThird, kFourth, kFifth}};
  return kFormat;
}

namespace {

absl::StatusOr<std::unique_ptr<sqlite::LockFile>> Lock(const std::string& path) {
  std::string lock_path = path + "/server.lock";
  absl::StatusOr<std::unique_ptr<sqlite::LockFile>> lock = sqlite::LockFile::Acquire(lock_path);
  if (!absl::IsAlreadyExists(lock.status())) return lock;
  return AlreadyExists(fmt::format("a server is already running on {}, pid {}", path,
                                   sqlite::LockFile::HolderOf(lock_path)));
}

// Where the database that is there goes. When it has gone already, and this was cut short, there.
std::string AsideIn(const std::string& folder) {
  std::string last;
  for (int i = 1;; ++i) {
    std::string name = fmt::format("{}/before-restore-{}.db", folder, i);
    bool gone_before = !last.empty() && !std::filesystem::exists(DataFolder::DatabaseIn(folder));
    if (!std::filesystem::exists(name)) return gone_before ? last : name;
    last = std::move(name);
  }
}

absl::Status Move(const std::string& from, const std::string& to) {
  std::error_code error;
  if (!std::filesystem::exists(from)) return absl::OkStatus();
  std::filesystem::rename(from, to, error);
  if (!error) return absl::OkStatus();
  return Unavailable(fmt::format("{} cannot be moved to {}: {}", from, to, error.message()));
}

}  // namespace

// Done again from any point at which it was cut short.
absl::Status DataFolder::PutInPlace(const std::string& folder) {
  const std::string ready = ReadyIn(folder);
  const std::string database = DatabaseIn(folder);
  if (!std::filesystem::exists(ready)) return absl::OkStatus();
  const std::string aside = AsideIn(folder);
  for (const char* part : {"", "-wal", "-shm"}) {
    TWINNING_RETURN_IF_ERROR(Move(database + part, aside + part));
  }
  TWINNING_RETURN_IF_ERROR(files::SyncDirectory(folder));
  TWINNING_RETURN_IF_ERROR(Move(ready, database));
  return files::SyncDirectory(folder);
}

absl::StatusOr<DataFolder> DataFolder::Open(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::LockFile> lock, LockOnly(path));
  TWINNING_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Database> database,
      sqlite::Database::Open(DatabaseIn(path), ServerFormat(), {.create = true}));
  return DataFolder(std::move(lock), std::move(database));
}

absl::StatusOr<std::unique_ptr<sqlite::LockFile>> DataFolder::LockOnly(const std::string& path) {
  TWINNING_RETURN_IF_ERROR(MakeFolder(path));
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::LockFile> lock, Lock(path));
  TWINNING_RETURN_IF_ERROR(PutInPlace(path));
  return lock;
}

int64_t DataFolder::LastBackup(const std::string& path) {
  absl::StatusOr<std::string> noted = files::Read(path + "/last-backup", 64);
  int64_t made_ms = 0;
  if (noted.ok()) std::from_chars(noted->data(), noted->data() + noted->size(), made_ms);
  return made_ms;
}

absl::Status DataFolder::NoteBackup(const std::string& path, int64_t made_ms) {
  return files::Write(path + "/last-backup", std::to_string(made_ms) + "\n");
}

}  // namespace twinning::server

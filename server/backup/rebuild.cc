// A server's data from one replica's directory: the replica's entries are the truth.
#include <fmt/core.h>

#include <filesystem>
#include <limits>
#include <vector>

#include "common/base/status.h"
#include "common/replica_file/replica_file.h"
#include "server/backup/restore.h"
#include "server/backup/staging.h"
#include "server/backup/transcript.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

// A copy of the replica's database and its log: its owner may have it open, and it stays as it is.
class BorrowedReplica {
 public:
  static absl::StatusOr<std::unique_ptr<BorrowedReplica>> Of(const std::string& replica,
                                                             const std::string& aside) {
    const std::string from = replica + "/replica.db";
    std::error_code error;
    if (!std::filesystem::exists(from, error)) {
      return NotFound(fmt::format("{} is not a replica's directory", replica));
    }
    std::unique_ptr<BorrowedReplica> borrowed(new BorrowedReplica(aside));
    for (const char* part : {"", "-wal"}) {
      if (!std::filesystem::exists(from + part)) continue;
      std::filesystem::copy_file(from + part, aside + part, error);
      if (error) return Unavailable(fmt::format("{} cannot be read: {}", from, error.message()));
    }
    absl::StatusOr<std::unique_ptr<sqlite::Database>> opened =
        sqlite::Database::Open(aside, replica_file::ReplicaFormat(), {});
    if (!opened.ok()) return Within(replica, opened.status());
    borrowed->database_ = *std::move(opened);
    return borrowed;
  }
  ~BorrowedReplica() {
    database_.reset();
    Remove();
  }

  sqlite::Database& database() { return *database_; }

 private:
  explicit BorrowedReplica(std::string path) : path_(std::move(path)) { Remove(); }
  void Remove() {
    std::error_code ignored;
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + part, ignored);
  }

  const std::string path_;
  std::unique_ptr<sqlite::Database> database_;
};

absl::Status CheckWhole(sqlite::Database& replica, const std::string& name) {
  TWINNING_RETURN_IF_ERROR(replica.CheckIntegrity());
  return replica.Run([&]() -> absl::Status {
    SQLite::Statement row(replica.connection(), "SELECT value FROM meta WHERE key = ?");
    row.bind(1, replica_file::kHistoryIncomplete);
    bool incomplete = row.executeStep() && row.getColumn(0).getInt64() != 0;
    if (!incomplete) return absl::OkStatus();
    return FailedPrecondition(fmt::format(
        "{} does not hold the whole history: it was still fetching it. Take another replica",
        name));
  });
}

absl::Status CopyEntries(sqlite::Database& replica, Transcript& transcript) {
  return replica.Run([&]() -> absl::Status {
    SQLite::Statement rows(replica.connection(), replica_file::kReadEntries);
    rows.bind(1, int64_t{0});
    rows.bind(2, std::numeric_limits<int64_t>::max());
    while (rows.executeStep()) {
      replica_file::StoredEntry stored = replica_file::EntryIn(rows);
      TWINNING_RETURN_IF_ERROR(transcript.Take({std::move(stored.entry), stored.hash}));
    }
    return transcript.Flush();
  });
}

absl::Status Copy(sqlite::Database& replica, Transcript& transcript) {
  absl::Status copied = CopyEntries(replica, transcript);
  if (!absl::IsFailedPrecondition(copied)) return copied;
  return AlreadyExists(
      "this server has that partnership already: restore a backup, or begin a recovery "
      "(twinningctl recovery begin) and let its replicas bring what is missing");
}

// What the server holds already goes along.
absl::StatusOr<sqlite::Database*> Prepare(Staging& staging, const std::string& data) {
  const std::string there = DataFolder::DatabaseIn(data);
  if (std::filesystem::exists(there)) {
    TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> database,
                              sqlite::Database::Open(there, ServerFormat(), {}));
    TWINNING_RETURN_IF_ERROR(database->CopyTo(staging.path()));
  }
  return staging.Open();
}

}  // namespace

namespace {

absl::StatusOr<v1::Verified> CopyAndVerify(sqlite::Database& replica, sqlite::Database& database) {
  absl::StatusOr<v1::Verified> verified;
  absl::Status status = database.Run([&]() -> absl::Status {
    SqliteLedger ledger(database);
    Transcript transcript(ledger);
    TWINNING_RETURN_IF_ERROR(Copy(replica, transcript));
    if (transcript.head().sequence == 0) {
      return FailedPrecondition("it holds no entry: nothing was changed");
    }
    verified = VerifyPartnership(ledger, {transcript.ledger(), transcript.head()});
    return verified.status();
  });
  if (!status.ok()) return status;
  return verified;
}

}  // namespace

absl::StatusOr<v1::Verified> Rebuild(const std::string& replica, const std::string& data) {
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Staging> staging, Staging::Begin(data));
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<BorrowedReplica> borrowed,
                            BorrowedReplica::Of(replica, data + "/rebuild.partial"));
  TWINNING_RETURN_IF_ERROR(CheckWhole(borrowed->database(), replica));
  TWINNING_ASSIGN_OR_RETURN(sqlite::Database * database, Prepare(*staging, data));
  absl::StatusOr<v1::Verified> verified = CopyAndVerify(borrowed->database(), *database);
  if (!verified.ok()) return Within(replica, verified.status());
  TWINNING_RETURN_IF_ERROR(database->Write([&] {
    WriteRecovery(*database, verified->ledger(), verified->epoch() + 1, verified->sequence());
    return absl::OkStatus();
  }));
  TWINNING_RETURN_IF_ERROR(staging->Finish());
  return verified;
}

}  // namespace twinning::server

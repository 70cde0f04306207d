// A partnership from one file into a database that is in use.
#include <fmt/core.h>

#include "common/base/status.h"
#include "server/backup/export.h"
#include "server/backup/staging.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

constexpr const char* kTakeEntries =
    "INSERT INTO main.entry(partnership, sequence, kind, time_ms, body, signature, personal, hash) "
    "SELECT ?, sequence, kind, time_ms, body, signature, personal, hash FROM incoming.entry "
    "WHERE partnership = (SELECT key FROM incoming.partnership) AND sequence > ? ORDER BY sequence";

// The file beside the database, for as long as it is needed.
class Attached {
 public:
  Attached(sqlite::Database& database, const std::string& file) : database_(database) {
    SQLite::Statement attach(database_.connection(), "ATTACH ? AS incoming");
    attach.bind(1, file);
    attach.exec();
  }
  ~Attached() { database_.connection().tryExec("DETACH incoming"); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

 private:
  sqlite::Database& database_;
};

std::string Blob(const SQLite::Column& column) { return column.getString(); }

void BindBlob(SQLite::Statement& statement, int index, const std::string& bytes) {
  statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

struct There {
  int64_t key = 0;
  uint64_t head = 0;  // 0: nothing of it
  std::string hash;
};

There Find(sqlite::Database& database, const std::string& ledger) {
  SQLite::Statement row(database.connection(),
                        "SELECT key, head, hash FROM main.partnership WHERE ledger = ?");
  BindBlob(row, 1, ledger);
  if (!row.executeStep()) return {};
  return {row.getColumn(0).getInt64(), static_cast<uint64_t>(row.getColumn(1).getInt64()),
          Blob(row.getColumn(2))};
}

// The hash of one entry, in the file ("incoming") or here ("main").
std::string HashAt(sqlite::Database& database, const char* where, const std::string& ledger,
                   uint64_t sequence) {
  SQLite::Statement row(
      database.connection(),
      fmt::format(
          "SELECT hash FROM {0}.entry WHERE sequence = ? AND partnership = (SELECT key FROM "
          "{0}.partnership WHERE ledger = ?)",
          where));
  row.bind(1, static_cast<int64_t>(sequence));
  BindBlob(row, 2, ledger);
  return row.executeStep() ? Blob(row.getColumn(0)) : "";
}

// What is there must be a beginning of what the file holds.
absl::Status CheckFits(sqlite::Database& database, const There& there,
                       const v1::Verified& verified) {
  if (there.head == 0) return absl::OkStatus();
  const uint64_t common = std::min(there.head, verified.sequence());
  if (HashAt(database, "main", verified.ledger(), common) !=
      HashAt(database, "incoming", verified.ledger(), common)) {
    return FailedPrecondition(fmt::format(
        "this server has another history of {} than the file: nothing was changed. Compare them "
        "by \"twinningctl verify\", and let the replicas bring what is missing (twinningctl "
        "recovery begin)",
        verified.name()));
  }
  if (there.head < verified.sequence()) return absl::OkStatus();
  return AlreadyExists(
      fmt::format("this server holds all of {} that is in the file: up to entry {}, the file up to "
                  "{}",
                  verified.name(), there.head, verified.sequence()));
}

int64_t MoveHead(sqlite::Database& database, const There& there, const v1::Verified& verified) {
  SQLite::Statement head(database.connection(),
                         there.head == 0
                             ? "INSERT INTO main.partnership(head, hash, ledger) VALUES(?, ?, ?)"
                             : "UPDATE main.partnership SET head = ?, hash = ? WHERE ledger = ?");
  head.bind(1, static_cast<int64_t>(verified.sequence()));
  BindBlob(head, 2, verified.hash());
  BindBlob(head, 3, verified.ledger());
  head.exec();
  return there.head == 0 ? database.connection().getLastInsertRowid() : there.key;
}

absl::Status TakeIn(sqlite::Database& database, const There& there, const Importable& checked,
                    uint64_t epoch, v1::ImportReport& report) {
  const v1::Verified& verified = checked.verified;
  TWINNING_RETURN_IF_ERROR(CheckFits(database, there, verified));
  const int64_t key = MoveHead(database, there, verified);
  SQLite::Statement take(database.connection(), kTakeEntries);
  take.bind(1, key);
  take.bind(2, static_cast<int64_t>(there.head));
  take.exec();
  report.set_recovery_begun(!checked.archived || there.head != 0);
  if (report.recovery_begun()) {
    WriteRecovery(database, verified.ledger(), epoch, verified.sequence());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Importable> CheckImport(const std::string& file) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<v1::Verified> all, VerifyFile(file));
  if (all.size() != 1) {
    return FailedPrecondition(
        fmt::format("the file holds {} partnerships, not one as \"twinningctl partnership export\" "
                    "writes them; a backup is for \"twinningctl restore\"",
                    all.size()));
  }
  // Brings a file of an older program up to this one's format.
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> database,
                            sqlite::Database::Open(file, ServerFormat(), {}));
  SqliteLedger ledger(*database);
  TWINNING_ASSIGN_OR_RETURN(int64_t archived_ms,
                            ledger.ArchivedSince(*LedgerId::Of(all.front().ledger())));
  return Importable{all.front(), archived_ms != 0};
}

absl::StatusOr<v1::ImportReport> ImportPartnership(sqlite::Database& database,
                                                   const std::string& file,
                                                   const Importable& checked, uint64_t epoch) {
  v1::ImportReport report;
  *report.mutable_verified() = checked.verified;
  absl::Status taken = database.Run([&] {
    Attached attached(database, file);
    const There there = Find(database, checked.verified.ledger());
    report.set_before(there.head);
    return database.Write([&] { return TakeIn(database, there, checked, epoch, report); });
  });
  if (!taken.ok()) return taken;
  return report;
}

}  // namespace twinning::server

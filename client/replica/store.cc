#include "client/replica/store.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "client/replica/directory.h"
#include "client/replica/store_rows.h"
#include "common/base/status.h"

namespace twinning::client {
namespace {

int CountPages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& path, bool create) {
  // Made here and not by SQLite, so that nobody else may read it; its log gets the same rights.
  if (create) TWINNING_RETURN_IF_ERROR(MakePrivateFile(path));
  sqlite::Options options;
  options.checkpoints = false;
  // SQLite's waiting is not fair: with fifty writers at once someone waits for many others.
  options.busy_timeout_ms = 30'000;
  TWINNING_ASSIGN_OR_RETURN(auto database,
                            sqlite::Database::Open(path, replica_file::ReplicaFormat(), options));
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Store::Store(std::unique_ptr<sqlite::Database> database)
    : database_(std::move(database)), pages_waiting_(std::make_unique<int>(0)) {
  sqlite3_wal_hook(database_->connection().getHandle(), CountPages, pages_waiting_.get());
}

SQLite::Statement& Store::Prepared(const char* sql) const {
  std::unique_ptr<SQLite::Statement>& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(database_->connection(), sql);
  statement->tryReset();
  statement->clearBindings();
  return *statement;
}

// --- meta ----------------------------------------------------------------------------------------

std::optional<std::string> Store::Text(const char* key) const {
  SQLite::Statement& row = Prepared("SELECT value FROM meta WHERE key = ?");
  row.bind(1, key);
  if (!row.executeStep()) return std::nullopt;
  std::string value = BlobOf(row.getColumn(0));
  row.reset();
  return value;
}

int64_t Store::Number64(const char* key) const {
  SQLite::Statement& row = Prepared("SELECT value FROM meta WHERE key = ?");
  row.bind(1, key);
  int64_t value = row.executeStep() ? row.getColumn(0).getInt64() : 0;
  row.reset();
  return value;
}

void Store::SetText(const char* key, std::string_view value) {
  SQLite::Statement& row = Prepared("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  row.bind(1, key);
  BindBlob(row, 2, value);
  row.exec();
}

void Store::SetNumber(const char* key, int64_t value) {
  SQLite::Statement& row = Prepared("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  row.bind(1, key);
  row.bind(2, value);
  row.exec();
}

// --- entries -------------------------------------------------------------------------------------

absl::Status Store::Read(Sequence after, Sequence up_to,
                         const std::function<absl::Status(const v1::Entry&)>& see) const {
  return ReadStored(after, up_to, [&](const StoredEntry& stored) { return see(stored.entry); });
}

absl::Status Store::ReadStored(Sequence after, Sequence up_to,
                               const std::function<absl::Status(const StoredEntry&)>& see) const {
  return database_->Run([&]() -> absl::Status {
    // Of its own: `see` may read again.
    SQLite::Statement rows(database_->connection(), replica_file::kReadEntries);
    BindNumber(rows, 1, after);
    BindNumber(rows, 2, up_to);
    Sequence last = after;
    while (rows.executeStep()) {
      StoredEntry stored = replica_file::EntryIn(rows);
      if (stored.entry.sequence() != last + 1) break;
      last = stored.entry.sequence();
      TWINNING_RETURN_IF_ERROR(see(stored));
    }
    if (last >= up_to) return absl::OkStatus();
    return DataLoss(fmt::format("{} lacks entry {}", database_->path(), last + 1));
  });
}

ledger::Head Store::head() const {
  SQLite::Statement& row =
      Prepared("SELECT sequence, hash FROM entry ORDER BY sequence DESC LIMIT 1");
  ledger::Head head;
  if (row.executeStep()) head = {NumberIn(row.getColumn(0)), HashIn(row.getColumn(1))};
  row.reset();
  return head;
}

std::optional<Hash> Store::HashAt(Sequence sequence) const {
  SQLite::Statement& row = Prepared("SELECT hash FROM entry WHERE sequence = ?");
  BindNumber(row, 1, sequence);
  std::optional<Hash> hash;
  if (row.executeStep()) hash = HashIn(row.getColumn(0));
  row.reset();
  return hash;
}

void Store::Append(const v1::Entry& entry, const Hash& hash) {
  SQLite::Statement& row = Prepared("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)");
  std::string personal = PersonalBytes(entry);
  BindNumber(row, 1, entry.sequence());
  BindBlob(row, 2, hash.bytes());
  row.bind(3, static_cast<int>(entry.kind()));
  BindBlob(row, 4, entry.body());
  BindBlob(row, 5, entry.signature());
  row.bind(6, entry.time_ms());
  BindBlob(row, 7, personal);
  row.exec();
}

void Store::CutAfter(Sequence sequence) {
  for (const char* sql :
       {"DELETE FROM entry WHERE sequence > ?", "DELETE FROM own WHERE sequence > ?"}) {
    SQLite::Statement& row = Prepared(sql);
    BindNumber(row, 1, sequence);
    row.exec();
  }
}

void Store::PutApart(const v1::Entries& entries) {
  SQLite::Statement& row = Prepared("INSERT INTO apart(entries) VALUES (?)");
  std::string bytes = entries.SerializeAsString();
  BindBlob(row, 1, bytes);
  row.exec();
}

absl::Status Store::ReadApart(const std::function<absl::Status(const v1::Entries&)>& see) const {
  // Of its own: `see` writes to other tables.
  SQLite::Statement rows(database_->connection(), "SELECT entries FROM apart ORDER BY arrived");
  while (rows.executeStep()) {
    v1::Entries entries;
    if (!entries.ParseFromString(BlobOf(rows.getColumn(0)))) {
      return DataLoss("entries that were kept apart are damaged");
    }
    TWINNING_RETURN_IF_ERROR(see(entries));
  }
  return absl::OkStatus();
}

void Store::DeleteApart() { database_->connection().exec("DELETE FROM apart"); }

// --- checkpoint ----------------------------------------------------------------------------------

absl::Status Store::ReadRecords(const std::function<absl::Status(std::string_view)>& see) const {
  SQLite::Statement& row = Prepared("SELECT state FROM record");
  absl::Status status;
  while (status.ok() && row.executeStep()) {
    const SQLite::Column state = row.getColumn(0);
    status =
        see({static_cast<const char*>(state.getBlob()), static_cast<size_t>(state.getBytes())});
  }
  row.reset();
  return status;
}

void Store::PutRecord(const RecordId& id, std::string_view state) {
  SQLite::Statement& row = Prepared("INSERT OR REPLACE INTO record VALUES (?, ?)");
  BindBlob(row, 1, id.bytes());
  BindBlob(row, 2, state);
  row.exec();
}

void Store::DeleteRecords() { database_->connection().exec("DELETE FROM record"); }

int64_t Store::DataVersion() const {
  SQLite::Statement& row = Prepared("PRAGMA data_version");
  int64_t version = row.executeStep() ? row.getColumn(0).getInt64() : 0;
  row.reset();
  return version;
}

void Store::MovePages() { database_->connection().tryExec("PRAGMA wal_checkpoint(PASSIVE)"); }

}  // namespace twinning::client

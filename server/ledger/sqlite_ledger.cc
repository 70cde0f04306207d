#include "server/ledger/sqlite_ledger.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "common/base/status.h"
#include "server/ledger/answers.h"
#include "server/ledger/columns.h"

namespace twinning::server {
namespace {

constexpr const char* kRead =
    "SELECT sequence, kind, time_ms, body, signature, personal, hash FROM entry "
    "WHERE partnership = ? AND sequence > ? AND sequence <= ? ORDER BY sequence";

std::string_view BlobOf(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<size_t>(column.getBytes())};
}

// Ends a statement however its use ends, so that none holds a read transaction open.
class InUse {
 public:
  explicit InUse(SQLite::Statement& statement) : statement_(statement) {}
  ~InUse() {
    statement_.tryReset();
    try {
      statement_.clearBindings();
    } catch (const SQLite::Exception&) {
      // The next use binds everything again.
    }
  }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  SQLite::Statement& statement_;
};

std::string PersonalOf(const v1::Entry& entry) {
  v1::Entry personal;
  *personal.mutable_personal() = entry.personal();
  return personal.SerializeAsString();
}

absl::StatusOr<sync::ChainedEntry> EntryIn(SQLite::Statement& row) {
  sync::ChainedEntry chained;
  v1::Entry& entry = chained.entry;
  std::string_view personal = BlobOf(row.getColumn(5));
  std::optional<Hash> hash = Hash::Of(BlobOf(row.getColumn(6)));
  if (!entry.ParseFromArray(personal.data(), static_cast<int>(personal.size())) || !hash) {
    return DataLoss(fmt::format("entry {} is not as it was written", row.getColumn(0).getInt64()));
  }
  chained.hash = *hash;
  entry.set_sequence(static_cast<Sequence>(row.getColumn(0).getInt64()));
  entry.set_kind(static_cast<v1::EntryKind>(row.getColumn(1).getInt()));
  entry.set_time_ms(row.getColumn(2).getInt64());
  entry.set_body(std::string(BlobOf(row.getColumn(3))));
  entry.set_signature(std::string(BlobOf(row.getColumn(4))));
  return chained;
}

}  // namespace

SqliteLedger::SqliteLedger(sqlite::Database& database)
    : database_(database),
      find_(database.connection(), "SELECT key, head, hash FROM partnership WHERE ledger = ?"),
      found_(database.connection(),
             "INSERT INTO partnership(ledger, head, hash) VALUES(?, ?, ?) ON CONFLICT DO NOTHING"),
      move_(database.connection(),
            "UPDATE partnership SET head = ?, hash = ? WHERE key = ? AND head = ? AND hash = ?"),
      insert_(database.connection(),
              "INSERT INTO entry(partnership, sequence, kind, time_ms, body, signature, personal, "
              "hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?)") {}

absl::StatusOr<std::vector<Partnership>> SqliteLedger::Partnerships() {
  std::vector<Partnership> all;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement rows(database_.connection(),
                           "SELECT ledger, head, hash FROM partnership ORDER BY ledger");
    while (rows.executeStep()) {
      std::optional<LedgerId> ledger = LedgerId::Of(BlobOf(rows.getColumn(0)));
      std::optional<Hash> hash = Hash::Of(BlobOf(rows.getColumn(2)));
      if (!ledger || !hash) return DataLoss("a partnership is not as it was written");
      all.push_back({*ledger, {static_cast<Sequence>(rows.getColumn(1).getInt64()), *hash}});
    }
    return absl::OkStatus();
  }));
  return all;
}

std::optional<SqliteLedger::Row> SqliteLedger::Find(const LedgerId& ledger) {
  InUse use(find_);
  BindBlob(find_, 1, ledger.bytes());
  if (!find_.executeStep()) return std::nullopt;
  Hash hash = Hash::Of(BlobOf(find_.getColumn(2))).value_or(Hash());
  return Row{find_.getColumn(0).getInt64(),
             {static_cast<Sequence>(find_.getColumn(1).getInt64()), hash}};
}

absl::StatusOr<ledger::Head> SqliteLedger::HeadOf(const LedgerId& ledger) {
  std::optional<Row> row;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    row = Find(ledger);
    return absl::OkStatus();
  }));
  if (!row) return NoSuchPartnership(ledger);
  return row->head;
}

absl::Status SqliteLedger::Append(std::span<const Batch> batches) {
  for (const Batch& batch : batches) TWINNING_RETURN_IF_ERROR(CheckBatch(batch));
  absl::Status written = database_.Write([&] {
    for (const Batch& batch : batches) TWINNING_RETURN_IF_ERROR(AppendOne(batch));
    return absl::OkStatus();
  });
  if (!written.ok() || !seen_) return written;
  for (const Batch& batch : batches) seen_({batch.ledger, batch.head()});
  return absl::OkStatus();
}

absl::Status SqliteLedger::AppendOne(const Batch& batch) {
  TWINNING_ASSIGN_OR_RETURN(int64_t key, MoveHead(batch));
  for (const sync::ChainedEntry& chained : batch.entries) Insert(key, chained);
  for (const Claim& claim : batch.claims) Keep(key, claim);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SqliteLedger::MoveHead(const Batch& batch) {
  if (batch.expected == ledger::Head{}) {
    InUse use(found_);
    BindBlob(found_, 1, batch.ledger.bytes());
    found_.bind(2, int64_t{0});
    BindBlob(found_, 3, batch.expected.hash.bytes());
    found_.exec();
  }
  std::optional<Row> row = Find(batch.ledger);
  if (!row) return NoSuchPartnership(batch.ledger);
  ledger::Head head = batch.head();
  InUse use(move_);
  move_.bind(1, Signed(head.sequence));
  BindBlob(move_, 2, head.hash.bytes());
  move_.bind(3, row->key);
  move_.bind(4, Signed(batch.expected.sequence));
  BindBlob(move_, 5, batch.expected.hash.bytes());
  if (move_.exec() != 1) return HeadMoved(batch, row->head.sequence);
  return row->key;
}

void SqliteLedger::Insert(int64_t key, const sync::ChainedEntry& chained) {
  const v1::Entry& entry = chained.entry;
  std::string personal = entry.personal().empty() ? "" : PersonalOf(entry);
  InUse use(insert_);
  insert_.bind(1, key);
  insert_.bind(2, Signed(entry.sequence()));
  insert_.bind(3, static_cast<int>(entry.kind()));
  insert_.bind(4, entry.time_ms());
  BindBlob(insert_, 5, entry.body());
  if (!entry.signature().empty()) BindBlob(insert_, 6, entry.signature());
  if (!personal.empty()) BindBlob(insert_, 7, personal);
  BindBlob(insert_, 8, chained.hash.bytes());
  insert_.exec();
}

void SqliteLedger::Keep(int64_t key, const Claim& claim) {
  SQLite::Statement keep(database_.connection(), "INSERT OR REPLACE INTO claim VALUES(?, ?, ?)");
  keep.bind(1, key);
  BindBlob(keep, 2, claim.first.bytes());
  BindBlob(keep, 3, claim.second);
  keep.exec();
}

absl::StatusOr<std::vector<Claim>> SqliteLedger::ClaimsOf(const LedgerId& ledger) {
  std::vector<Claim> claims;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    std::optional<Row> row = Find(ledger);
    SQLite::Statement rows(database_.connection(),
                           "SELECT replica, claim FROM claim WHERE partnership = ?");
    rows.bind(1, row ? row->key : 0);
    while (rows.executeStep()) {
      std::optional<ReplicaId> replica = ReplicaId::Of(BlobOf(rows.getColumn(0)));
      if (replica) claims.emplace_back(*replica, std::string(BlobOf(rows.getColumn(1))));
    }
    return absl::OkStatus();
  }));
  return claims;
}

absl::Status SqliteLedger::Read(const LedgerId& ledger, Sequence after, Sequence up_to,
                                const See& see) {
  return database_.Run([&]() -> absl::Status {
    std::optional<Row> row = Find(ledger);
    if (!row) return NoSuchPartnership(ledger);
    Sequence end = std::min(up_to, row->head.sequence);
    // Its own statement: what is read may make its reader read again.
    SQLite::Statement rows(database_.connection(), kRead);
    rows.bind(1, row->key);
    rows.bind(2, Signed(after));
    rows.bind(3, Signed(end));
    for (Sequence next = after + 1; next <= end; ++next) {
      if (!rows.executeStep() || rows.getColumn(0).getInt64() != Signed(next)) {
        return DataLoss(fmt::format("entry {} is missing in {}", next, database_.path()));
      }
      TWINNING_ASSIGN_OR_RETURN(sync::ChainedEntry chained, EntryIn(rows));
      TWINNING_ASSIGN_OR_RETURN(bool more, see(std::move(chained)));
      if (!more) break;
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<sync::RecoveryNote>> SqliteLedger::RecoveryOf(const LedgerId& ledger) {
  std::optional<sync::RecoveryNote> note;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          "SELECT epoch, began_at FROM recovery WHERE ledger = ?");
    BindBlob(row, 1, ledger.bytes());
    if (!row.executeStep()) return absl::OkStatus();
    note.emplace();
    note->epoch = static_cast<uint64_t>(row.getColumn(0).getInt64());
    note->began_at = static_cast<Sequence>(row.getColumn(1).getInt64());
    return absl::OkStatus();
  }));
  return note;
}

absl::Status SqliteLedger::SetRecovery(const LedgerId& ledger,
                                       const std::optional<sync::RecoveryNote>& note) {
  return database_.Write([&] {
    SQLite::Statement clear(database_.connection(), "DELETE FROM recovery WHERE ledger = ?");
    BindBlob(clear, 1, ledger.bytes());
    clear.exec();
    if (!note) return absl::OkStatus();
    SQLite::Statement insert(database_.connection(), "INSERT INTO recovery VALUES(?, ?, ?)");
    BindBlob(insert, 1, ledger.bytes());
    insert.bind(2, Signed(note->epoch));
    insert.bind(3, Signed(note->began_at));
    insert.exec();
    return absl::OkStatus();
  });
}

absl::StatusOr<int64_t> SqliteLedger::ArchivedSince(const LedgerId& ledger) {
  int64_t since_ms = 0;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          "SELECT archived_ms FROM partnership WHERE ledger = ?");
    BindBlob(row, 1, ledger.bytes());
    if (row.executeStep()) since_ms = row.getColumn(0).getInt64();
    return absl::OkStatus();
  }));
  return since_ms;
}

absl::Status SqliteLedger::SetArchived(const LedgerId& ledger, int64_t since_ms) {
  return database_.Write([&]() -> absl::Status {
    SQLite::Statement row(database_.connection(),
                          "UPDATE partnership SET archived_ms = ? WHERE ledger = ?");
    row.bind(1, since_ms);
    BindBlob(row, 2, ledger.bytes());
    return row.exec() == 1 ? absl::OkStatus() : NoSuchPartnership(ledger);
  });
}

}  // namespace twinning::server

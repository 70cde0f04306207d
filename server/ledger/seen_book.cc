#include "server/ledger/seen_book.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/base/status.h"
#include "server/ledger/columns.h"

namespace twinning::server {
namespace {

void Insert(SQLite::Statement& row, const ReplicaId& replica, const sync::ReplicaProgress& known) {
  BindBlob(row, 2, replica.bytes());
  row.bind(3, known.seen_ms);
  row.bind(4, known.software);
  row.bind(5, Signed(known.sequence));
  row.bind(6, Signed(known.outbox));
  row.bind(7, Signed(known.verified));
  BindBlob(row, 8, known.digest.bytes());
  row.exec();
  row.reset();
}

sync::ReplicaProgress KnownIn(SQLite::Statement& row) {
  sync::ReplicaProgress known;
  known.seen_ms = row.getColumn(1).getInt64();
  known.software = row.getColumn(2).getString();
  known.sequence = static_cast<Sequence>(row.getColumn(3).getInt64());
  known.outbox = static_cast<uint64_t>(row.getColumn(4).getInt64());
  known.verified = static_cast<Sequence>(row.getColumn(5).getInt64());
  known.digest = Hash::Of(row.getColumn(6).getString()).value_or(Hash());
  return known;
}

}  // namespace

absl::Status SeenBook::Keep(const LedgerId& ledger,
                            const std::map<ReplicaId, sync::ReplicaProgress>& known) {
  if (known.empty()) return absl::OkStatus();
  return database_.Write([&] {
    SQLite::Statement row(database_.connection(),
                          "INSERT OR REPLACE INTO seen VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    BindBlob(row, 1, ledger.bytes());
    for (const auto& [replica, progress] : known) Insert(row, replica, progress);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::map<ReplicaId, sync::ReplicaProgress>> SeenBook::Of(const LedgerId& ledger) {
  std::map<ReplicaId, sync::ReplicaProgress> all;
  TWINNING_RETURN_IF_ERROR(database_.Run([&] {
    SQLite::Statement row(database_.connection(),
                          "SELECT replica, seen_ms, software, sequence, outbox, verified, digest "
                          "FROM seen WHERE ledger = ?");
    BindBlob(row, 1, ledger.bytes());
    while (row.executeStep()) {
      std::optional<ReplicaId> replica = ReplicaId::Of(row.getColumn(0).getString());
      if (replica) all.emplace(*replica, KnownIn(row));
    }
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace twinning::server

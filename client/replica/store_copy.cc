// The rows of what a replica knows of itself and its copies.
#include "client/replica/store.h"
#include "client/replica/store_rows.h"

namespace twinning::client {

bool Store::HasClaim(std::string_view claim) const {
  SQLite::Statement& row = Prepared("SELECT 1 FROM claim WHERE claim = ?");
  BindBlob(row, 1, claim);
  bool found = row.executeStep();
  row.reset();
  return found;
}

void Store::PutClaim(std::string_view claim) {
  SQLite::Statement& insert = Prepared("INSERT OR IGNORE INTO claim(claim) VALUES (?)");
  BindBlob(insert, 1, claim);
  insert.exec();
  // A server restored from a very old backup may still name one of the last ten thousand.
  SQLite::Statement& forget =
      Prepared("DELETE FROM claim WHERE place <= (SELECT max(place) FROM claim) - 10000");
  forget.exec();
}

std::map<ReplicaId, Number> Store::Former() const {
  SQLite::Statement& row = Prepared("SELECT replica, number FROM former");
  std::map<ReplicaId, Number> former;
  while (row.executeStep()) {
    std::optional<ReplicaId> replica = ReplicaId::Of(BlobOf(row.getColumn(0)));
    if (replica) former[*replica] = NumberIn(row.getColumn(1));
  }
  row.reset();
  return former;
}

void Store::PutFormer(const ReplicaId& replica, Number number) {
  SQLite::Statement& row = Prepared("INSERT OR REPLACE INTO former VALUES (?, ?)");
  BindBlob(row, 1, replica.bytes());
  BindNumber(row, 2, number);
  row.exec();
}

}  // namespace twinning::client

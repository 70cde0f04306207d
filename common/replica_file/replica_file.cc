#include "common/replica_file/replica_file.h"

#include <string>

namespace twinning::replica_file {
namespace {

constexpr const char* kVersion1 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry(
  sequence INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind INTEGER NOT NULL, body BLOB NOT NULL,
  signature BLOB NOT NULL, time INTEGER NOT NULL, personal BLOB NOT NULL) STRICT;
CREATE TABLE own(
  number INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE outbox(
  number INTEGER PRIMARY KEY, change BLOB NOT NULL, personal BLOB NOT NULL) STRICT;
CREATE TABLE refused(
  number INTEGER PRIMARY KEY, change BLOB NOT NULL, personal BLOB NOT NULL,
  sequence INTEGER NOT NULL, reason INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE TABLE record(id BLOB PRIMARY KEY, state BLOB NOT NULL) STRICT;
)sql";

constexpr const char* kVersion2 = R"sql(
CREATE TABLE apart(arrived INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
)sql";

// `claim`: what this copy of the replica told the server when it connected. `former`: what it was
// before it became a replica of its own, up to which change.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE claim(place INTEGER PRIMARY KEY, claim BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE former(replica BLOB PRIMARY KEY, number INTEGER NOT NULL) STRICT;
)sql";

}  // namespace

const sqlite::Format& ReplicaFormat() {
  static const sqlite::Format format{
      "a replica of a plan", 0x5457524C, {kVersion1, kVersion2, kVersion3}};
  return format;
}

namespace {

std::string BlobOf(const SQLite::Column& column) {
  return {static_cast<const char*>(column.getBlob()), static_cast<size_t>(column.getBytes())};
}

}  // namespace

StoredEntry EntryIn(SQLite::Statement& row) {
  StoredEntry stored;
  v1::Entry& entry = stored.entry;
  entry.set_sequence(static_cast<uint64_t>(row.getColumn(0).getInt64()));
  stored.hash = Hash::Of(BlobOf(row.getColumn(1))).value_or(Hash());
  entry.set_kind(static_cast<v1::EntryKind>(row.getColumn(2).getInt()));
  entry.set_body(BlobOf(row.getColumn(3)));
  entry.set_signature(BlobOf(row.getColumn(4)));
  entry.set_time_ms(row.getColumn(5).getInt64());
  if (row.getColumn(6).getBytes() > 0) {
    v1::AuthoredChange holder;
    holder.ParseFromString(BlobOf(row.getColumn(6)));
    entry.mutable_personal()->Swap(holder.mutable_personal());
  }
  return stored;
}

}  // namespace twinning::replica_file

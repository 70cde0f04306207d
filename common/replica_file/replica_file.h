// The file of a replica: its tables, which the client that owns it writes, and its entries, which a
// server that is rebuilt from it reads too.
#pragma once

#include "common/crypto/sha256.h"
#include "common/sqlite/database.h"
#include "twinning/v1/change.pb.h"

namespace twinning::replica_file {

const sqlite::Format& ReplicaFormat();

// An entry as received, with its hash.
struct StoredEntry {
  v1::Entry entry;
  Hash hash;
};

// Entries of (?1, ?2] in order; EntryIn reads a row.
inline constexpr const char* kReadEntries =
    "SELECT sequence, hash, kind, body, signature, time, personal FROM entry "
    "WHERE sequence > ? AND sequence <= ? ORDER BY sequence";
StoredEntry EntryIn(SQLite::Statement& row);

// Set in `meta` while a snapshot waits for the history behind it.
inline constexpr const char* kHistoryIncomplete = "history_incomplete";

}  // namespace twinning::replica_file

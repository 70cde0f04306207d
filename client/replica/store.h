// The tables of a replica, and nothing of what they mean. Functions that are not const belong
// inside Write; all may throw SQLite::Exception and are called inside Run, Read or Write of
// `database()`, unless they return a Status.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ledger/entry_source.h"
#include "common/ledger/hashes.h"
#include "common/replica_file/replica_file.h"
#include "common/sqlite/database.h"
#include "twinning/v1/change.pb.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::client {

using replica_file::StoredEntry;

struct OutboxRow {
  Number number = 0;
  v1::AuthoredChange change;
};

struct RefusedRow {
  Number number = 0;
  v1::AuthoredChange change;
  Sequence sequence = 0;
  v1::RefusalReason reason = v1::REFUSAL_REASON_UNSPECIFIED;
  std::string detail;
};

// Where one of this replica's changes stands in the ledger.
struct OwnRow {
  Number number = 0;
  Sequence sequence = 0;
  Hash hash;
};

class Store : public ledger::EntrySource {
 public:
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path, bool create);

  sqlite::Database& database() { return *database_; }

  // --- meta ---
  std::optional<std::string> Text(const char* key) const;
  int64_t Number64(const char* key) const;  // 0 when not set
  void SetText(const char* key, std::string_view value);
  void SetNumber(const char* key, int64_t value);

  // --- entries ---
  absl::Status Read(Sequence after, Sequence up_to,
                    const std::function<absl::Status(const v1::Entry&)>& see) const override;
  absl::Status ReadStored(Sequence after, Sequence up_to,
                          const std::function<absl::Status(const StoredEntry&)>& see) const;
  ledger::Head head() const;
  std::optional<Hash> HashAt(Sequence sequence) const;
  void Append(const v1::Entry& entry, const Hash& hash);
  // Forgets entries after `sequence`, and where this replica's own changes stand in them.
  void CutAfter(Sequence sequence);

  // --- entries that will take the place of others: messages as they came ---
  void PutApart(const v1::Entries& entries);
  // In order of arrival. DataLoss when one does not read.
  absl::Status ReadApart(const std::function<absl::Status(const v1::Entries&)>& see) const;
  void DeleteApart();

  // --- this replica's own changes ---
  OwnRow LastOwn() const;  // number 0: none
  std::optional<OwnRow> Own(Number number) const;
  void PutOwn(const OwnRow& row);
  std::vector<OutboxRow> Outbox(Number after, size_t count) const;
  Number OutboxFirst() const;  // 0: empty
  size_t OutboxSize() const;
  void PutOutbox(const OutboxRow& row);
  void ReplaceOutbox(const OutboxRow& row);
  std::optional<v1::AuthoredChange> TakeOutbox(Number number);  // and removes it
  std::vector<RefusedRow> Refused() const;
  void PutRefused(const RefusedRow& row);
  bool DeleteRefused(Number number);  // false: there is none
  // The refusal of this change stands at another place now. Nothing when it is not in the drawer.
  void MoveRefused(Number number, Sequence sequence);

  // --- copies ---
  bool HasClaim(std::string_view claim) const;
  void PutClaim(std::string_view claim);  // and forgets very old ones
  std::map<ReplicaId, Number> Former() const;
  void PutFormer(const ReplicaId& replica, Number number);

  // --- checkpoint ---
  absl::Status ReadRecords(const std::function<absl::Status(std::string_view)>& see) const;
  void PutRecord(const RecordId& id, std::string_view state);
  void DeleteRecords();

  // Changes when another connection has committed; the moment of an open transaction begins here.
  int64_t DataVersion() const;
  // Pages that wait in the log to be moved into the database, as of the last commit here.
  int pages_waiting() const { return *pages_waiting_; }
  // Moves them. Only by whoever holds the sync lock.
  void MovePages();

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database);
  SQLite::Statement& Prepared(const char* sql) const;  // reset, and bound to nothing

  std::unique_ptr<sqlite::Database> database_;
  std::unique_ptr<int> pages_waiting_;
  mutable std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

}  // namespace twinning::client

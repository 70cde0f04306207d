// What was last known of each replica, in the server's database, so that operators can ask after a
// restart too. Nothing depends on it.
#pragma once

#include <map>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/sqlite/database.h"
#include "common/sync/server_partnership.h"

namespace twinning::server {

// For one thread at a time, that of the ledger.
class SeenBook {
 public:
  // `database` is of ServerFormat and must outlive it.
  explicit SeenBook(sqlite::Database& database) : database_(database) {}

  absl::Status Keep(const LedgerId& ledger,
                    const std::map<ReplicaId, sync::ReplicaProgress>& known);
  absl::StatusOr<std::map<ReplicaId, sync::ReplicaProgress>> Of(const LedgerId& ledger);

 private:
  sqlite::Database& database_;
};

}  // namespace twinning::server

// Copies of a server's data, made, taken in and verified while it runs. For threads of their own:
// nothing here makes the committer wait but the one transaction that takes in what is imported.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/sqlite/database.h"
#include "server/audit/audit_log.h"
#include "server/sequencer/committer.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

class Safekeeping {
 public:
  // All outlive it. `database` is the committer's.
  struct Place {
    std::string data;  // the server's directory
    sqlite::Database& database;
    Committer& committer;
    std::function<int64_t()> now_ms;
    AuditLog& audit;
  };
  explicit Safekeeping(Place place) : place_(std::move(place)) {}

  using Emit = std::function<absl::Status(v1::BackupPart)>;
  using Next = std::function<absl::StatusOr<std::optional<v1::ImportPart>>()>;

  // `by` is whom the audit names. Each makes a copy and hands it over: first what it holds, then
  // its bytes. FailedPrecondition while another copy is being made or taken in. An error of `emit`
  // ends it.
  absl::Status Backup(const std::string& by, const Emit& emit);
  absl::Status Export(const std::string& by, const LedgerId& ledger, const Emit& emit);
  // Receives the bytes of such a copy and takes its partnership in, as server/backup/export.h says.
  absl::StatusOr<v1::ImportReport> Import(const std::string& by, const Next& next);
  // Hands over one verified partnership after another. DataLoss where something does not hold.
  absl::Status Verify(const std::function<absl::Status(v1::Verified)>& emit);

 private:
  absl::Status HandOver(const std::string& path, const v1::BackupInfo& info,
                        const Emit& emit) const;
  absl::Status Receive(const std::string& path, const Next& next) const;
  absl::StatusOr<v1::ImportReport> TakeIn(const std::string& path);

  const Place place_;
  std::atomic<bool> busy_ = false;
};

}  // namespace twinning::server

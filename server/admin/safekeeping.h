// Backing up and verifying a server's data while it runs. For threads of their own: nothing here
// waits for the committer, or makes it wait.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "server/audit/audit_log.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

class Safekeeping {
 public:
  // `data` is the server's directory; `audit` must outlive it.
  Safekeeping(std::string data, std::function<int64_t()> now_ms, AuditLog& audit)
      : data_(std::move(data)), now_ms_(std::move(now_ms)), audit_(audit) {}

  // Makes a backup and hands it over: first what it holds, then its bytes. FailedPrecondition while
  // another one is being made. An error of `emit` ends it.
  absl::Status Backup(const std::function<absl::Status(v1::BackupPart)>& emit);
  // Hands over one verified partnership after another. DataLoss where something does not hold.
  absl::Status Verify(const std::function<absl::Status(v1::Verified)>& emit);

 private:
  absl::Status HandOver(const std::string& path,
                        const std::function<absl::Status(v1::BackupPart)>& emit) const;

  const std::string data_;
  const std::function<int64_t()> now_ms_;
  AuditLog& audit_;
  std::atomic<bool> busy_ = false;
};

}  // namespace twinning::server

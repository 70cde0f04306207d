#include "server/admin/safekeeping.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "common/base/status.h"
#include "server/backup/backup.h"
#include "server/backup/verify.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

constexpr size_t kPartBytes = 256 * 1024;

// One at a time, whatever ends it.
class Turn {
 public:
  explicit Turn(std::atomic<bool>& busy) : busy_(busy), taken_(!busy.exchange(true)) {}
  ~Turn() {
    if (taken_) busy_ = false;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool taken() const { return taken_; }

 private:
  std::atomic<bool>& busy_;
  const bool taken_;
};

}  // namespace

absl::Status Safekeeping::Backup(const std::function<absl::Status(v1::BackupPart)>& emit) {
  Turn turn(busy_);
  if (!turn.taken()) return FailedPrecondition("a backup is being made already: wait for its end");
  const std::string path = data_ + "/backup.partial";
  TWINNING_ASSIGN_OR_RETURN(v1::BackupInfo info,
                            MakeBackup(DataFolder::DatabaseIn(data_), path, now_ms_()));
  v1::BackupPart first;
  *first.mutable_info() = info;
  absl::Status handed = emit(std::move(first));
  if (handed.ok()) handed = HandOver(path, emit);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (handed.ok()) audit_.Note("backup", {{"bytes", std::to_string(info.bytes())}});
  return handed;
}

absl::Status Safekeeping::HandOver(const std::string& path,
                                   const std::function<absl::Status(v1::BackupPart)>& emit) const {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kPartBytes, '\0');
  while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || file.gcount() > 0) {
    v1::BackupPart part;
    part.set_content(bytes.substr(0, static_cast<size_t>(file.gcount())));
    TWINNING_RETURN_IF_ERROR(emit(std::move(part)));
  }
  if (file.eof()) return absl::OkStatus();
  return Unavailable(fmt::format("{} cannot be read: check the disk", path));
}

absl::Status Safekeeping::Verify(const std::function<absl::Status(v1::Verified)>& emit) {
  sqlite::Options options;
  options.checkpoints = false;  // that is for the connection that writes
  TWINNING_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Database> database,
      sqlite::Database::Open(DataFolder::DatabaseIn(data_), ServerFormat(), options));
  return database->Run([&] {
    SqliteLedger ledger(*database);
    return VerifyAll(ledger, emit);
  });
}

}  // namespace twinning::server

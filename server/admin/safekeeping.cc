#include "server/admin/safekeeping.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "common/base/status.h"
#include "server/backup/backup.h"
#include "server/backup/export.h"
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

// A copy on its way, gone when its use ends.
class Partial {
 public:
  explicit Partial(std::string path) : path_(std::move(path)) { Remove(); }
  ~Partial() { Remove(); }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;

  const std::string& path() const { return path_; }

 private:
  void Remove() const {
    std::error_code ignored;
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + part, ignored);
  }

  const std::string path_;
};

absl::Status Busy() {
  return FailedPrecondition(
      "a backup, an export or an import is under way already: wait for its end");
}

// No epoch comes twice.
uint64_t EpochAfter(Sequencer& sequencer, const v1::Verified& verified) {
  uint64_t last = verified.epoch();
  absl::StatusOr<sync::ServerPartnership*> there = sequencer.Find(*LedgerId::Of(verified.ledger()));
  if (!there.ok()) return last + 1;
  last = std::max(last, (*there)->plan().epoch());
  if ((*there)->recovery()) last = std::max(last, (*there)->recovery()->epoch);
  return last + 1;
}

}  // namespace

absl::Status Safekeeping::Backup(const std::string& by, const Emit& emit) {
  Turn turn(busy_);
  if (!turn.taken()) return Busy();
  const Partial copy(place_.data + "/backup.partial");
  TWINNING_ASSIGN_OR_RETURN(v1::BackupInfo info, MakeBackup(DataFolder::DatabaseIn(place_.data),
                                                            copy.path(), place_.now_ms()));
  TWINNING_RETURN_IF_ERROR(HandOver(copy.path(), info, emit));
  place_.audit.Note("backup", {{"by", by}, {"bytes", std::to_string(info.bytes())}});
  return DataFolder::NoteBackup(place_.data, info.made_ms());
}

absl::Status Safekeeping::Export(const std::string& by, const LedgerId& ledger, const Emit& emit) {
  Turn turn(busy_);
  if (!turn.taken()) return Busy();
  const Partial copy(place_.data + "/export.partial");
  TWINNING_ASSIGN_OR_RETURN(
      v1::BackupInfo info,
      ExportPartnership(DataFolder::DatabaseIn(place_.data), ledger, copy.path(), place_.now_ms()));
  TWINNING_RETURN_IF_ERROR(HandOver(copy.path(), info, emit));
  place_.audit.Note("partnership exported",
                    {{"by", by},
                     {"partnership", info.partnerships(0).name()},
                     {"entries", std::to_string(info.partnerships(0).sequence())}});
  return absl::OkStatus();
}

absl::Status Safekeeping::HandOver(const std::string& path, const v1::BackupInfo& info,
                                   const Emit& emit) const {
  v1::BackupPart first;
  *first.mutable_info() = info;
  TWINNING_RETURN_IF_ERROR(emit(std::move(first)));
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

absl::StatusOr<v1::ImportReport> Safekeeping::Import(const std::string& by, const Next& next) {
  Turn turn(busy_);
  if (!turn.taken()) return Busy();
  const Partial copy(place_.data + "/import.partial");
  TWINNING_RETURN_IF_ERROR(Receive(copy.path(), next));
  TWINNING_ASSIGN_OR_RETURN(v1::ImportReport report, TakeIn(copy.path()));
  place_.audit.Note("partnership imported",
                    {{"by", by},
                     {"partnership", report.verified().name()},
                     {"entries", std::to_string(report.verified().sequence())},
                     {"entries_before", std::to_string(report.before())}});
  return report;
}

absl::Status Safekeeping::Receive(const std::string& path, const Next& next) const {
  std::ofstream file(path, std::ios::binary);
  while (true) {
    TWINNING_ASSIGN_OR_RETURN(std::optional<v1::ImportPart> part, next());
    if (!part) break;
    file.write(part->content().data(), static_cast<std::streamsize>(part->content().size()));
  }
  file.close();
  if (file) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("{} cannot be written: is the disk full? Nothing was changed", path));
}

absl::StatusOr<v1::ImportReport> Safekeeping::TakeIn(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(Importable checked, CheckImport(path));
  const LedgerId ledger = *LedgerId::Of(checked.verified.ledger());
  std::optional<absl::StatusOr<v1::ImportReport>> taken =
      place_.committer.Ask<absl::StatusOr<v1::ImportReport>>(
          [this, path, checked, ledger](Sequencer& sequencer) {
            absl::StatusOr<v1::ImportReport> report = ImportPartnership(
                place_.database, path, checked, EpochAfter(sequencer, checked.verified));
            if (report.ok()) sequencer.Reopen(ledger);
            return report;
          });
  if (taken) return *std::move(taken);
  return Unavailable("the server is shutting down: import again when it is back");
}

absl::Status Safekeeping::Verify(const std::function<absl::Status(v1::Verified)>& emit) {
  sqlite::Options options;
  options.checkpoints = false;  // that is for the connection that writes
  TWINNING_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Database> database,
      sqlite::Database::Open(DataFolder::DatabaseIn(place_.data), ServerFormat(), options));
  return database->Run([&] {
    SqliteLedger ledger(*database);
    return VerifyAll(ledger, emit);
  });
}

}  // namespace twinning::server

// The disk, the database and its log, the clock, backups, and who can read the directory.
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <filesystem>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/doctor/finding.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/reserve.h"

namespace twinning::server {
namespace {

constexpr uint64_t kMiB = 1024 * 1024;
constexpr uint64_t kLittleRoom = 1024 * kMiB;
constexpr uint64_t kLongLog = 256 * kMiB;
constexpr int64_t kMinute_ms = 60 * 1000;
constexpr int64_t kClockSlack_ms = 5 * kMinute_ms;
constexpr int64_t kBackupDays = 7;

v1::Finding Disk(const Patient& patient) {
  struct statvfs disk {};
  if (statvfs(patient.data.c_str(), &disk) != 0) {
    return Failure("disk", fmt::format("{} cannot be asked for its room", patient.data),
                   "check the disk");
  }
  const uint64_t free = disk.f_bavail * disk.f_frsize;
  const std::string remedy =
      "free some room or move the data directory to a larger disk; nothing that was acknowledged "
      "is "
      "lost, and the server goes on by itself when there is room";
  if (free < kReserveBytes) {
    return Failure("disk", fmt::format("only {} MiB are free", free / kMiB), remedy);
  }
  if (free < kLittleRoom) {
    return Warning("disk", fmt::format("only {} MiB are free", free / kMiB), remedy);
  }
  return Fine("disk", fmt::format("{:.1f} GiB are free", static_cast<double>(free / kMiB) / 1024));
}

v1::Finding Log(const Patient& patient) {
  std::error_code none;
  const uint64_t size =
      std::filesystem::file_size(DataFolder::DatabaseIn(patient.data) + "-wal", none);
  const uint64_t bytes = none ? 0 : size;
  if (bytes > kLongLog) {
    return Warning("write-ahead log", fmt::format("{} MiB long", bytes / kMiB),
                   "something reads the database for long: let backups and verifications end; "
                   "starting the server again moves the log into the database");
  }
  return Fine("write-ahead log", fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMiB));
}

absl::StatusOr<int64_t> LastEntry(sqlite::Database& database) {
  int64_t time_ms = 0;
  TWINNING_RETURN_IF_ERROR(database.Run([&] {
    SQLite::Statement row(database.connection(),
                          "SELECT time_ms FROM entry ORDER BY place DESC LIMIT 1");
    if (row.executeStep()) time_ms = row.getColumn(0).getInt64();
    return absl::OkStatus();
  }));
  return time_ms;
}

v1::Finding Clock(int64_t now_ms, int64_t last_ms) {
  const std::string now = FormatTime(now_ms);
  if (last_ms - now_ms <= kClockSlack_ms) return Fine("clock", fmt::format("{} UTC", now));
  return Failure(
      "clock",
      fmt::format("it says {} UTC, and the last entry was written at {} UTC", now,
                  FormatTime(last_ms)),
      "set it, and let it be kept right (timedatectl set-ntp true); the order of entries "
      "never depends on it, but certificates and invitations do");
}

// Where the directory lies on another machine's disk, that machine's clock counts too.
v1::Finding DiskClock(const Patient& patient) {
  const std::string path = patient.data + "/clock.partial";
  struct stat made {};
  const bool written = files::Write(path, "").ok() && stat(path.c_str(), &made) == 0;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!written) {
    return Failure("disk's clock", fmt::format("nothing can be written in {}", patient.data),
                   "check the disk, and who owns the directory");
  }
  const int64_t disk_ms = made.st_mtim.tv_sec * 1000 + made.st_mtim.tv_nsec / 1'000'000;
  if (std::llabs(disk_ms - patient.now_ms) <= kClockSlack_ms) {
    return Fine("disk's clock", "as this machine's");
  }
  return Warning("disk's clock",
                 fmt::format("it says {} UTC, this machine {} UTC", FormatTime(disk_ms),
                             FormatTime(patient.now_ms)),
                 "set both right");
}

v1::Finding Backups(const Patient& patient) {
  const int64_t last_ms = DataFolder::LastBackup(patient.data);
  const std::string remedy = "twinningctl backup FILE, every day (see deploy/OPERATING.md)";
  if (last_ms == 0) return Warning("backup", "none has been made of this data directory", remedy);
  const int64_t days = (patient.now_ms - last_ms) / kDay_ms;
  const std::string sentence = fmt::format("the last one is of {} UTC", FormatTime(last_ms));
  return days >= kBackupDays ? Warning("backup", sentence, remedy) : Fine("backup", sentence);
}

v1::Finding Permissions(const Patient& patient) {
  struct stat folder {};
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if (stat(patient.data.c_str(), &folder) == 0 && (folder.st_mode & kOthers) == 0) {
    return Fine("permissions", "the directory is its owner's only");
  }
  return Warning("permissions", "others than its owner can open the directory, keys and all",
                 fmt::format("chmod 700 {}", patient.data));
}

absl::Status Database(const Patient& patient, const Tell& tell) {
  const std::string path = DataFolder::DatabaseIn(patient.data);
  sqlite::Options options;
  options.checkpoints = false;
  // Without a log the file says all, and nothing is made beside it: whoever asks may not be its
  // owner.
  std::error_code none;
  const uint64_t log = std::filesystem::file_size(path + "-wal", none);
  options.as_it_is = patient.running == nullptr && (none || log == 0);
  options.only_read = !options.as_it_is;
  absl::StatusOr<std::unique_ptr<sqlite::Database>> database =
      sqlite::Database::Open(path, ServerFormat(), options);
  absl::Status checked = database.ok() ? (*database)->CheckQuickly() : database.status();
  if (!checked.ok()) {
    return tell(Failure("database", MessageOf(checked),
                        "stop the server, keep the files as they are, and restore a backup: "
                        "twinningctl restore FILE"));
  }
  TWINNING_RETURN_IF_ERROR(tell(Fine("database", "SQLite finds it whole")));
  absl::StatusOr<int64_t> last_ms = LastEntry(**database);
  return tell(Clock(patient.now_ms, last_ms.value_or(0)));
}

}  // namespace

absl::Status ExamineStorage(const Patient& patient, const Tell& tell) {
  TWINNING_RETURN_IF_ERROR(tell(Disk(patient)));
  TWINNING_RETURN_IF_ERROR(Database(patient, tell));
  TWINNING_RETURN_IF_ERROR(tell(DiskClock(patient)));
  TWINNING_RETURN_IF_ERROR(tell(Log(patient)));
  TWINNING_RETURN_IF_ERROR(tell(Backups(patient)));
  return tell(Permissions(patient));
}

}  // namespace twinning::server

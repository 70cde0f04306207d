#include "server/ledger/reserve.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

namespace twinning::server {

namespace {

// Asked before anything is made: whoever waits for room asks often.
bool HasRoom(const std::string& path, int64_t bytes) {
  struct statvfs disk {};
  std::string folder = std::filesystem::path(path).parent_path();
  if (statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) return true;
  return disk.f_bavail >= static_cast<uint64_t>(bytes) / disk.f_frsize;
}

}  // namespace

absl::Status Reserve::Make() {
  std::error_code ignored;
  if (std::filesystem::file_size(path_, ignored) == static_cast<uintmax_t>(bytes_)) {
    made_ = true;
    return absl::OkStatus();
  }
  if (!HasRoom(path_, bytes_)) {
    return absl::ResourceExhaustedError(
        fmt::format("the disk has no room for a reserve of {} MiB", bytes_ >> 20));
  }
  int fd = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::ResourceExhaustedError(
        fmt::format("{} cannot be made: {}", path_, strerror(errno)));
  }
  int failed = posix_fallocate(fd, 0, bytes_);
  close(fd);
  made_ = made_ || failed == 0;
  if (failed == 0) return absl::OkStatus();
  GiveUp();
  return absl::ResourceExhaustedError(fmt::format(
      "the disk has no room for a reserve of {} MiB: {}", bytes_ >> 20, strerror(failed)));
}

void Reserve::GiveUp() { unlink(path_.c_str()); }

}  // namespace twinning::server

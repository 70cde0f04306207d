#include "common/files/durable.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "common/base/status.h"

namespace twinning::files {
namespace {

absl::Status Failed(std::string_view what, const std::string& path) {
  return Unavailable(fmt::format("{} cannot be {}: {}", path, what, strerror(errno)));
}

std::string FolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

absl::Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("written", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : Failed("made durable", path);
}

// A new file beside `path`, synced; its name.
absl::StatusOr<std::string> WriteAside(const std::string& path, std::string_view bytes) {
  std::string aside = fmt::format("{}.{}", path, getpid());
  unlink(aside.c_str());
  int fd = open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Failed("made", aside);
  absl::Status status = WriteAll(fd, bytes, aside);
  close(fd);
  if (status.ok()) return aside;
  unlink(aside.c_str());
  return status;
}

}  // namespace

absl::Status Write(const std::string& path, std::string_view bytes) {
  TWINNING_ASSIGN_OR_RETURN(std::string aside, WriteAside(path, bytes));
  if (rename(aside.c_str(), path.c_str()) != 0) {
    absl::Status failed = Failed("written", path);
    unlink(aside.c_str());
    return failed;
  }
  return SyncDirectory(FolderOf(path));
}

absl::Status WriteNew(const std::string& path, std::string_view bytes) {
  TWINNING_ASSIGN_OR_RETURN(std::string aside, WriteAside(path, bytes));
  // link() and not rename(): what another process has put there meanwhile stays.
  absl::Status status;
  if (link(aside.c_str(), path.c_str()) != 0) {
    status = errno == EEXIST ? AlreadyExists(path + " is there already") : Failed("made", path);
  }
  unlink(aside.c_str());
  if (!status.ok()) return status;
  return SyncDirectory(FolderOf(path));
}

absl::Status Append(const std::string& path, std::string_view bytes) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return Failed("opened", path);
  absl::Status status = WriteAll(fd, bytes, path);
  close(fd);
  if (!status.ok()) return status;
  return SyncDirectory(FolderOf(path));
}

absl::StatusOr<std::string> Read(const std::string& path, size_t bytes_max) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return NotFound(path + " is not there");
  if (fd < 0) return Failed("opened", path);
  std::string bytes(bytes_max + 1, '\0');
  size_t size = 0;
  ssize_t got = 0;
  while ((got = read(fd, bytes.data() + size, bytes.size() - size)) > 0) {
    size += static_cast<size_t>(got);
  }
  absl::Status status = got < 0 ? Failed("read", path) : absl::OkStatus();
  close(fd);
  if (!status.ok()) return status;
  if (size > bytes_max) return absl::ResourceExhaustedError(path + " is larger than expected");
  bytes.resize(size);
  return bytes;
}

absl::Status MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return SyncDirectory(FolderOf(path));
  if (errno == EEXIST && std::filesystem::is_directory(path)) return absl::OkStatus();
  return Failed("made", path);
}

absl::Status MoveDirectory(const std::string& from, const std::string& to) {
  TWINNING_RETURN_IF_ERROR(SyncDirectory(from));
  if (rename(from.c_str(), to.c_str()) != 0) {
    bool taken = errno == EEXIST || errno == ENOTEMPTY;
    return taken ? AlreadyExists(to + " is there already") : Failed("made", to);
  }
  return SyncDirectory(FolderOf(to));
}

absl::Status PointLink(const std::string& link, const std::string& target) {
  std::string aside = fmt::format("{}.{}", link, getpid());
  unlink(aside.c_str());
  if (symlink(target.c_str(), aside.c_str()) != 0) return Failed("made", aside);
  if (rename(aside.c_str(), link.c_str()) != 0) return Failed("made", link);
  return SyncDirectory(FolderOf(link));
}

namespace {

absl::Status SyncOpened(const std::string& path, int flags) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (fd < 0) return Failed("opened", path);
  int result = fsync(fd);
  close(fd);
  return result == 0 ? absl::OkStatus() : Failed("made durable", path);
}

}  // namespace

absl::Status SyncFile(const std::string& path) { return SyncOpened(path, 0); }

absl::Status SyncDirectory(const std::string& path) { return SyncOpened(path, O_DIRECTORY); }

}  // namespace twinning::files

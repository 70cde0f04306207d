#include "client/replica/directory.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/status.h"

namespace twinning::client {
namespace {

absl::Status Failed(std::string_view what, const std::string& path) {
  return Unavailable(fmt::format("{} cannot be {}: {}", path, what, strerror(errno)));
}

// A name in a directory is durable only when the directory is.
absl::Status SyncDirectory(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed("opened", path);
  int result = fsync(fd);
  close(fd);
  return result == 0 ? absl::OkStatus() : Failed("made durable", path);
}

absl::Status WriteDurably(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) return Failed("written", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(fd) == 0 ? absl::OkStatus() : Failed("made durable", path);
}

// Under another name first: a key file is there whole or not at all.
absl::Status WriteKey(const Directory& directory, const SigningKey& key) {
  std::string fresh = fmt::format("{}.{}", directory.key(), getpid());
  unlink(fresh.c_str());
  int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return Failed("made", fresh);
  absl::Status status = WriteDurably(fd, HexOf(key.seed()) + "\n", fresh);
  close(fd);
  // link() and not rename(): a key that another process has put there meanwhile stays.
  if (status.ok() && link(fresh.c_str(), directory.key().c_str()) != 0 && errno != EEXIST) {
    status = Failed("made", directory.key());
  }
  unlink(fresh.c_str());
  if (!status.ok()) return status;
  return SyncDirectory(directory.path);
}

}  // namespace

absl::Status MakeDirectory(const Directory& directory) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(directory.path).parent_path(), error);
  if (mkdir(directory.path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failed("made", directory.path);
  }
  if (!std::filesystem::is_directory(directory.path, error)) {
    return FailedPrecondition(fmt::format("{} is a file, not a directory", directory.path));
  }
  TWINNING_RETURN_IF_ERROR(MakePrivateFile(directory.wake()));
  return MakePrivateFile(directory.applied());
}

absl::Status MakePrivateFile(const std::string& path) {
  int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Failed("made", path);
  close(fd);
  return absl::OkStatus();
}

absl::Status KeepKey(const Directory& directory, const SigningKey& key) {
  absl::StatusOr<SigningKey> kept = ReadKey(directory);
  if (absl::IsNotFound(kept.status())) {
    TWINNING_RETURN_IF_ERROR(WriteKey(directory, key));
    kept = ReadKey(directory);
  }
  if (!kept.ok()) return kept.status();
  if (kept->seed() == key.seed()) return absl::OkStatus();
  return AlreadyExists(fmt::format("{} holds another key already", directory.path));
}

absl::StatusOr<SigningKey> ReadKey(const Directory& directory) {
  std::ifstream file(directory.key(), std::ios::binary);
  if (!file) return NotFound(fmt::format("{} does not exist", directory.key()));
  std::string line;
  std::getline(file, line);
  std::optional<std::string> seed = BytesOfHex(line);
  std::optional<SigningKey> key = seed ? SigningKey::OfSeed(*seed) : std::nullopt;
  if (key) return *std::move(key);
  return DataLoss(
      fmt::format("{} is damaged: restore it from a backup, or join anew", directory.key()));
}

void Touch(const std::string& path) { utimensat(AT_FDCWD, path.c_str(), nullptr, 0); }

}  // namespace twinning::client

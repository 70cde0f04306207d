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
#include "common/files/durable.h"

namespace twinning::client {
namespace {

absl::Status Failed(std::string_view what, const std::string& path) {
  return Unavailable(fmt::format("{} cannot be {}: {}", path, what, strerror(errno)));
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
    absl::Status written = files::WriteNew(directory.key(), HexOf(key.seed()) + "\n");
    // What another process has put there meanwhile stays, and is looked at.
    if (!written.ok() && !absl::IsAlreadyExists(written)) return written;
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

#include "common/sqlite/failure.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "common/base/status.h"

namespace twinning::sqlite {

absl::Status StatusOf(const SQLite::Exception& exception, std::string_view path) {
  switch (exception.getErrorCode()) {
    case SQLITE_FULL:
      return DiskFull(path);
    case SQLITE_NOTADB:
      return DataLoss(fmt::format("{} is not a database: it was left as it is", path));
    case SQLITE_CORRUPT:
      return DataLoss(
          fmt::format("{} is damaged ({}): stop using it and restore it", path, exception.what()));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unavailable(fmt::format("{} is in use by another process: try again", path));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return Unavailable(fmt::format("{} cannot be read or written: {}", path, exception.what()));
    case SQLITE_CONSTRAINT:
      return AlreadyExists(fmt::format("{}: {}", path, exception.what()));
    default:
      return Internal(fmt::format("{}: {}", path, exception.what()));
  }
}

absl::Status DiskFull(std::string_view path) {
  return absl::ResourceExhaustedError(fmt::format(
      "the disk of {} is full: nothing was changed, nothing is lost; make room and try again",
      path));
}

absl::Status UnknownCommit(std::string_view path, std::string_view why) {
  return absl::UnknownError(fmt::format(
      "a commit to {} failed ({}): what it wrote may be there or not; open it again to see", path,
      why));
}

}  // namespace twinning::sqlite

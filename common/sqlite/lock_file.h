// A lock between processes: on a file of its own, never on a database, whose own locks SQLite
// would lose when the file is closed.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace twinning::sqlite {

// Held from Acquire until destruction or the end of the process, kill -9 included. The file stays
// behind, with the holder's process id in it.
class LockFile {
 public:
  // AlreadyExists when another process (or object) holds it; the message is "PATH is held by
  // process N". Unavailable when the file cannot be made.
  static absl::StatusOr<std::unique_ptr<LockFile>> Acquire(const std::string& path);
  // Whose it is now; 0 when nobody's or unknown. For messages: it may have changed meanwhile.
  static int HolderOf(const std::string& path);

  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace twinning::sqlite

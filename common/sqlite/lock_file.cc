#include "common/sqlite/lock_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "common/base/status.h"

namespace twinning::sqlite {
namespace {

int ProcessIn(int fd) {
  char text[16] = {};
  if (pread(fd, text, sizeof(text) - 1, 0) <= 0) return 0;
  return std::atoi(text);
}

// Of the open file, not of the process: two objects of one process exclude each other too.
struct flock WholeFile() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

void WriteProcess(int fd) {
  std::string text = fmt::format("{}\n", getpid());
  // Only for messages: a lock without a number still locks.
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LockFile>> LockFile::Acquire(const std::string& path) {
  int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Unavailable(fmt::format("{} cannot be made: {}", path, strerror(errno)));
  struct flock range = WholeFile();
  if (fcntl(fd, F_OFD_SETLK, &range) != 0) {
    int holder = ProcessIn(fd);
    close(fd);
    return AlreadyExists(fmt::format("{} is held by process {}", path, holder));
  }
  WriteProcess(fd);
  return std::unique_ptr<LockFile>(new LockFile(fd));
}

int LockFile::HolderOf(const std::string& path) {
  int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return 0;
  struct flock range = WholeFile();
  // Asks without taking it: whoever wants the lock at this moment gets it.
  bool held = fcntl(fd, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
  int holder = held ? ProcessIn(fd) : 0;
  close(fd);
  return holder;
}

LockFile::~LockFile() { close(fd_); }

}  // namespace twinning::sqlite

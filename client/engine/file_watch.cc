#include "client/engine/file_watch.h"

#include <fmt/core.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/base/status.h"

namespace twinning::client {

absl::StatusOr<std::unique_ptr<FileWatch>> FileWatch::Open(const std::string& path) {
  int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (fd >= 0 && inotify_add_watch(fd, path.c_str(), IN_ATTRIB | IN_MODIFY) >= 0) {
    return std::unique_ptr<FileWatch>(new FileWatch(fd));
  }
  absl::Status status = Unavailable(fmt::format("{} cannot be watched: {}", path, strerror(errno)));
  if (fd >= 0) close(fd);
  return status;
}

FileWatch::~FileWatch() { close(fd_); }

void FileWatch::Clear() {
  alignas(inotify_event) char events[4096];
  while (read(fd_, events, sizeof(events)) > 0) {
  }
}

}  // namespace twinning::client

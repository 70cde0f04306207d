// Learns that a file was touched by any process of this machine (inotify).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace twinning::client {

class FileWatch {
 public:
  // Unavailable when the system has no watch left.
  static absl::StatusOr<std::unique_ptr<FileWatch>> Open(const std::string& path);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  int fd() const { return fd_; }  // readable when something happened
  void Clear();                   // until it happens again

 private:
  explicit FileWatch(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace twinning::client

// A file that only takes room on the disk. When the disk is full it is given up, so that what has
// been begun can be finished; until it can be made again nothing new is begun.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace twinning::server {

inline constexpr int64_t kReserveBytes = 64LL * 1024 * 1024;

// For one thread at a time.
class Reserve {
 public:
  explicit Reserve(std::string path, int64_t bytes = kReserveBytes)
      : path_(std::move(path)), bytes_(bytes) {}

  // OK when it is there, all of it. ResourceExhausted, with none left behind, when there is no
  // room.
  absl::Status Make();
  void GiveUp();
  // Made again after GiveUp, or there never was room for one: then it is done without.
  bool TakeBack() { return !made_ || Make().ok(); }

 private:
  const std::string path_;
  const int64_t bytes_;
  bool made_ = false;  // at some time
};

}  // namespace twinning::server

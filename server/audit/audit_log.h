// What operators did and what strangers tried, one JSON object a line, in a file that is only ever
// added to. Beside the database, so that a restore leaves it as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace twinning::server {

// Safe from any thread.
class AuditLog {
 public:
  using Facts = std::vector<std::pair<std::string, std::string>>;

  AuditLog(std::string path, std::function<int64_t()> now_ms)
      : path_(std::move(path)), now_ms_(std::move(now_ms)) {}

  // {"time": "2031-03-28 14:05", "what": what, facts …}; durable when it returns. A disk that
  // cannot take it is told to the server's log: what was to be noted has happened all the same.
  void Note(std::string_view what, const Facts& facts);

  // The last lines, oldest first.
  absl::StatusOr<std::vector<std::string>> Last(size_t lines_max) const;

 private:
  const std::string path_;
  const std::function<int64_t()> now_ms_;
  std::mutex mutex_;
};

}  // namespace twinning::server

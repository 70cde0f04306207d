#include "server/audit/audit_log.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/log/log.h"

namespace twinning::server {

using nlohmann::ordered_json;

void AuditLog::Note(std::string_view what, const Facts& facts) {
  const int64_t now_ms = now_ms_();
  ordered_json line = {{"time", FormatTime(now_ms)}, {"time_ms", now_ms}, {"what", what}};
  for (const auto& [name, value] : facts) line[name] = value;
  std::string text = line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  std::lock_guard lock(mutex_);
  absl::Status kept = files::Append(path_, text);
  if (!kept.ok()) LogError("the audit log is incomplete: " + MessageOf(kept) + ": " + text);
}

absl::StatusOr<std::vector<std::string>> AuditLog::Last(size_t lines_max) const {
  std::ifstream file(path_);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(std::move(line));
    if (lines.size() > 2 * lines_max)
      lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(lines_max));
  }
  if (lines.size() > lines_max)
    lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(lines_max));
  if (file.bad()) return Unavailable(path_ + " cannot be read");
  return lines;
}

}  // namespace twinning::server

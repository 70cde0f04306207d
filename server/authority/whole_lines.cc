#include "server/authority/whole_lines.h"

#include "common/base/status.h"
#include "common/files/durable.h"

namespace twinning::server {
namespace {

constexpr size_t kMaxLines = 64 * 1024 * 1024;

}  // namespace

absl::Status ReadWholeLines(const std::string& path,
                            const std::function<absl::Status(std::string_view)>& take) {
  absl::StatusOr<std::string> text = files::Read(path, kMaxLines);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  const size_t whole = text->rfind('\n') == text->npos ? 0 : text->rfind('\n') + 1;
  if (whole < text->size()) {
    text->resize(whole);
    TWINNING_RETURN_IF_ERROR(files::Write(path, *text));
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    TWINNING_RETURN_IF_ERROR(take(rest.substr(0, rest.find('\n'))));
    rest.remove_prefix(rest.find('\n') + 1);
  }
  return absl::OkStatus();
}

}  // namespace twinning::server

#include "common/base/status.h"

#include <fmt/core.h>

namespace twinning {
namespace {

absl::Status Make(absl::StatusCode code, std::string_view message) {
  return absl::Status(code, absl::string_view(message.data(), message.size()));
}

}  // namespace

absl::Status InvalidArgument(std::string_view message) {
  return Make(absl::StatusCode::kInvalidArgument, message);
}
absl::Status NotFound(std::string_view message) { return Make(absl::StatusCode::kNotFound, message); }
absl::Status AlreadyExists(std::string_view message) {
  return Make(absl::StatusCode::kAlreadyExists, message);
}
absl::Status FailedPrecondition(std::string_view message) {
  return Make(absl::StatusCode::kFailedPrecondition, message);
}
absl::Status DataLoss(std::string_view message) { return Make(absl::StatusCode::kDataLoss, message); }
absl::Status Unavailable(std::string_view message) {
  return Make(absl::StatusCode::kUnavailable, message);
}
absl::Status Internal(std::string_view message) { return Make(absl::StatusCode::kInternal, message); }

absl::Status Within(std::string_view what, const absl::Status& status) {
  return Make(status.code(), fmt::format("{}: {}", what, MessageOf(status)));
}

std::string MessageOf(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace twinning

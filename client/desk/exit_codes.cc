#include "client/desk/exit_codes.h"

#include <string>

#include "absl/strings/cord.h"
#include "common/base/status.h"

namespace twinning::desk {
namespace {

constexpr char kPayload[] = "twinning.exit-code";
constexpr char kReason[] = "twinning.reason";

bool Has(const absl::Status& status) { return status.GetPayload(kPayload).has_value(); }

ExitCode ByStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return ExitCode::kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kBadInput;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kRefused;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kReplica;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNetwork;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kDisk;
    default:
      return ExitCode::kInternal;
  }
}

}  // namespace

absl::Status BadInput(std::string_view message) {
  return Answered(ExitCode::kBadInput, InvalidArgument(message));
}

absl::Status Refused(std::string_view message, v1::RefusalReason reason) {
  absl::Status status = FailedPrecondition(message);
  if (reason != v1::REFUSAL_REASON_UNSPECIFIED) {
    status.SetPayload(kReason, absl::Cord(std::to_string(static_cast<int>(reason))));
  }
  return Answered(ExitCode::kRefused, status);
}

absl::Status Answered(ExitCode code, const absl::Status& status) {
  if (status.ok() || Has(status)) return status;
  absl::Status answered = status;
  answered.SetPayload(kPayload, absl::Cord(std::to_string(static_cast<int>(code))));
  return answered;
}

absl::Status FromReplica(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnknown:
      return Answered(ExitCode::kDisk, status);
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
      return Answered(ExitCode::kReplica, status);
    default:
      return status;
  }
}

ExitCode CodeOf(const absl::Status& status) {
  auto payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return ByStatus(status.code());
  return static_cast<ExitCode>(std::stoi(std::string(*payload)));
}

v1::RefusalReason ReasonOf(const absl::Status& status) {
  auto payload = status.GetPayload(kReason);
  if (!payload.has_value()) return v1::REFUSAL_REASON_UNSPECIFIED;
  return static_cast<v1::RefusalReason>(std::stoi(std::string(*payload)));
}

std::string_view NameOf(ExitCode code) {
  switch (code) {
    case ExitCode::kDone:
      return "done";
    case ExitCode::kUsage:
      return "usage";
    case ExitCode::kBadInput:
      return "bad-input";
    case ExitCode::kRefused:
      return "refused";
    case ExitCode::kReplica:
      return "replica";
    case ExitCode::kNetwork:
      return "network";
    case ExitCode::kDisk:
      return "disk";
    case ExitCode::kInternal:
      break;
  }
  return "internal";
}

}  // namespace twinning::desk

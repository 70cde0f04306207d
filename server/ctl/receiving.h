// A copy that a server hands over, into a file that gets its name only when it is whole.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

using TakePart = std::function<absl::Status(const v1::BackupPart&)>;

// `call` gives every part to what it is handed. AlreadyExists when the file is there; Unavailable
// when it cannot be written or did not arrive whole: then there is none.
absl::StatusOr<v1::BackupInfo> ReceiveCopy(
    const std::string& file, const std::function<absl::Status(const TakePart&)>& call);

}  // namespace twinning::ctl

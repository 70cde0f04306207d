// A text in a person's own editor.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twinning::cli {

// Opens $VISUAL, $EDITOR or vi on a private file that holds `before`, waits, and returns what the
// file holds then. FailedPrecondition when the editor ended with a failure: nothing is to be saved.
absl::StatusOr<std::string> EditInEditor(std::string_view before);

// A failure after somebody spent an hour writing: keeps `typed` in a file and says where.
absl::Status KeptBeside(const absl::Status& failure, std::string_view typed);

}  // namespace twinning::cli

// Files of lines that are only ever added to. Internal to this folder.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace twinning::server {

// Hands over each line without its end; a file that is not there has none. A last line that power
// loss cut short is removed from the file: that it was written was never reported. An error of
// `take` is returned.
absl::Status ReadWholeLines(const std::string& path,
                            const std::function<absl::Status(std::string_view)>& take);

}  // namespace twinning::server

// How far a member has looked at what others did: a small file beside the replica, so that "while
// you were away" is the same whichever browser they use.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/ids.h"

namespace twinning::app {

// 0 when they have not looked yet, or the file cannot be read.
Sequence SeenIn(const std::string& directory);
// Replaces the file whole.
absl::Status KeepSeen(const std::string& directory, Sequence sequence);

}  // namespace twinning::app

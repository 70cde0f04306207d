// A replica of which another copy goes on: it becomes a replica of its own. See proto/PROTOCOL.md.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"

namespace twinning::client {

// Enrols this copy with a key of its own and signs its unsent changes anew; nothing of it is lost.
// Blocks for `deadline_ms` at most. Says what happened, in a sentence for people. Errors are such
// sentences too; the copy is as it was then, or half way, and another call finishes it.
absl::StatusOr<std::string> BecomeOwnReplica(Replica& replica, int64_t deadline_ms);

}  // namespace twinning::client

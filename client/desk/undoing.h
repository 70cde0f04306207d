// Taking back a change of one's own, without touching what others did since.
#pragma once

#include <optional>
#include <string>

#include "client/desk/writing.h"

namespace twinning::desk {

// Saves what takes back the change of that number, as typed; without one: the last that was not
// refused. What others changed since is left alone, with a sentence each in the outcome's notes;
// Refused when nothing is left to take back.
absl::StatusOr<Outcome> UndoChange(client::Replica& replica,
                                   const std::optional<std::string>& number, int64_t now_ms);

// The same for everything that was done in one go with that change: a burst of typing is many
// changes. The latest is taken back first, each by a change of its own, all of one set.
absl::StatusOr<Outcome> UndoChangeSet(client::Replica& replica,
                                      const std::optional<std::string>& number, int64_t now_ms);

}  // namespace twinning::desk

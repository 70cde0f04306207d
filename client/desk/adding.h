// Making a new record: what it needs, and what follows from its kind by itself. Pure but for the
// random bytes that it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/desk/record_draft.h"

namespace twinning::desk {

struct NewRecord {
  std::string kind;
  std::vector<Assignment> assignments;
  std::optional<std::string> series;  // makes that one's occurrence, the same whoever makes it
};

// Owned by `town` where its kind has an owner; a ratification signs the charter's words as `view`
// shows them. A failure says which fields are missing.
absl::StatusOr<client::Replica::Draft> DraftOfNew(const plan::Plan& view, const TownId& town,
                                                  const NewRecord& wanted, RandomBytes random);

}  // namespace twinning::desk

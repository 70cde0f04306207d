// The drawer: a member's own changes that the ledger refused, kept until they decide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/desk/writing.h"

namespace twinning::desk {

// {"change", "sequence", "time", "code", "reason", "detail", "what": [sentences], "deeds"}
Json RefusedJson(const plan::Plan& view, const client::RefusedChange& refused);
Json DrawerJson(const plan::Plan& view, const std::vector<client::RefusedChange>& drawer);

// By the change's number as typed.
absl::StatusOr<client::RefusedChange> FindRefused(const client::Replica& replica,
                                                  const std::optional<std::string>& number);

// Says the change again, on the plan as it is now; the refused one stays in the drawer, for the
// caller to discard when this is saved: cut short it is there twice, and never not at all.
absl::StatusOr<Outcome> SayAgain(client::Replica& replica, const client::RefusedChange& refused,
                                 int64_t now_ms);

}  // namespace twinning::desk

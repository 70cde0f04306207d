// The changes that take no more than naming a record and saying what is to become of it: how each
// is drafted on the view at hand, for Save. `id` is a record as people name it. Pure but for the
// random bytes that some are given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/desk/record_draft.h"
#include "client/desk/writing.h"

namespace twinning::desk {

using Draft = client::Replica::Draft;

// Several fields of one record, in one change.
absl::StatusOr<Draft> DraftOfAssignments(const plan::Plan& view, const TownId& town,
                                         std::string_view id,
                                         const std::vector<Assignment>& assignments,
                                         RandomBytes random);
absl::StatusOr<Draft> DraftToDelete(const plan::Plan& view, const TownId& town,
                                    std::string_view id);
absl::StatusOr<Draft> DraftToRestore(const plan::Plan& view, const TownId& town,
                                     std::string_view id);

// Agrees to the terms exactly as `view` shows them, signed with the replica's key.
absl::StatusOr<Draft> DraftToAgree(const client::Replica& replica, const plan::Plan& view,
                                   std::string_view id);
absl::StatusOr<Draft> DraftToWithdraw(const plan::Plan& view, const TownId& town,
                                      std::string_view id);
// That the texts say the same in every language; of one field only when it is named.
absl::StatusOr<Draft> DraftToConfirm(const plan::Plan& view, const TownId& town,
                                     std::string_view id, const std::optional<std::string>& field);

struct PositionStated {
  std::string id;
  std::string stance;                   // or its first letters
  std::optional<std::string> reason;    // none: the reason given before
  std::optional<std::string> language;  // of the reason; none: the town's first
};
absl::StatusOr<Draft> DraftOfPosition(const plan::Plan& view, const TownId& town,
                                      const PositionStated& stated);

}  // namespace twinning::desk

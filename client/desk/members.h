// Who acts for which town, whether the town stands behind them, and how a coordinator says so.
// Drafts are for Save, like those of drafts.h; `who` is a person's name, or a replica's id or its
// beginning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/desk/drafts.h"
#include "client/desk/ids.h"
#include "client/desk/json.h"
#include "common/plan/mandate.h"

namespace twinning::desk {

// The eight words of a member's key, for people to compare by telephone.
std::string WordsOf(const plan::Member& member);

// {"own", "members", "invites"}; see OpenAPI. `replica` is the one that asks: what it may do is
// told.
Json MembershipJson(const plan::Plan& view, const ReplicaId& replica);
// The same in lines for a terminal.
std::string MembershipReport(const plan::Plan& view, const ReplicaId& replica);

// By its name: "editor".
absl::StatusOr<v1::Role> RoleNamed(std::string_view name);

// Of one's own town: it stands behind them as they are. Of another: its coordinator's key was
// compared by telephone; `words` are those that the other side read out, and are checked when
// given.
absl::StatusOr<Draft> DraftToConfirmMember(const client::Replica& replica, const plan::Plan& view,
                                           std::string_view who,
                                           const std::optional<std::string>& words);
absl::StatusOr<Draft> DraftToChangeRole(const client::Replica& replica, const plan::Plan& view,
                                        std::string_view who, std::string_view role);
absl::StatusOr<Draft> DraftToDismiss(const client::Replica& replica, const plan::Plan& view,
                                     std::string_view who);

// An invitation to one's own town. Its code is told once, and kept nowhere.
struct NewInvite {
  Draft draft;
  std::string code;
  std::string id;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  int64_t expires_ms = 0;
};
// `role` empty: representative. Refused when the server takes no enrolments.
absl::StatusOr<NewInvite> DraftToInvite(const client::Replica& replica, const plan::Plan& view,
                                        std::string_view role, std::string_view secret,
                                        int64_t now_ms);
absl::StatusOr<Draft> DraftToWithdrawInvite(const client::Replica& replica, const plan::Plan& view,
                                            std::string_view id);

}  // namespace twinning::desk

// Who acts for which town, and what a town's coordinator decides on that.
#include "client/app/route.h"
#include "client/desk/around.h"
#include "client/desk/earlier.h"
#include "client/desk/members.h"
#include "client/desk/writing.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"
#include "common/words/words.h"

namespace twinning::app {
namespace {

absl::StatusOr<Json> Members(const Call& call) {
  return call.seat->hall->Ask([](Desk& desk) -> absl::StatusOr<Json> {
    return desk::MembershipJson(desk.replica.view(), desk.replica.identity().replica);
  });
}

using MemberDrafting =
    std::function<absl::StatusOr<desk::Draft>(const client::Replica&, const plan::Plan& view)>;

absl::StatusOr<Json> Decide(const Call& call, const MemberDrafting& draft) {
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_RETURN_IF_ERROR(desk::CheckHistory(desk.replica));
    auto make = [&](const plan::Plan& view) { return draft(desk.replica, view); };
    TWINNING_ASSIGN_OR_RETURN(desk::Outcome outcome, desk::Save(desk.replica, make, desk::NowMs()));
    return desk::OutcomeJson(outcome);
  });
}

absl::StatusOr<Json> ConfirmMember(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<std::string> words, call.OptionalText("words"));
  return Decide(call, [&](const client::Replica& replica, const plan::Plan& view) {
    return desk::DraftToConfirmMember(replica, view, call.Path("replica"), words);
  });
}

absl::StatusOr<Json> ChangeRole(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::string role, call.Text("role"));
  return Decide(call, [&](const client::Replica& replica, const plan::Plan& view) {
    return desk::DraftToChangeRole(replica, view, call.Path("replica"), role);
  });
}

absl::StatusOr<Json> Revoke(const Call& call) {
  return Decide(call, [&](const client::Replica& replica, const plan::Plan& view) {
    return desk::DraftToDismiss(replica, view, call.Path("replica"));
  });
}

absl::StatusOr<Json> WithdrawInvite(const Call& call) {
  return Decide(call, [&](const client::Replica& replica, const plan::Plan& view) {
    return desk::DraftToWithdrawInvite(replica, view, call.Path("invite"));
  });
}

absl::StatusOr<Json> Invite(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<std::string> role, call.OptionalText("role"));
  const std::string secret = desk::Randomness()(sync::kSecretSize);
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_RETURN_IF_ERROR(desk::CheckHistory(desk.replica));
    desk::NewInvite invite;
    auto make = [&](const plan::Plan& view) -> absl::StatusOr<desk::Draft> {
      TWINNING_ASSIGN_OR_RETURN(invite, desk::DraftToInvite(desk.replica, view, role.value_or(""),
                                                            secret, desk::NowMs()));
      return invite.draft;
    };
    TWINNING_RETURN_IF_ERROR(desk::Save(desk.replica, make, desk::NowMs()).status());
    return Json{{"code", invite.code},
                {"id", invite.id},
                {"role", words::RoleName(invite.role)},
                {"expires", desk::TimeJson(invite.expires_ms)}};
  });
}

}  // namespace

std::vector<Route> MemberRoutes() {
  return {
      {"GET", "/members", "Who acts for which town, and open invitations", {}, {}, Members},
      {"POST",
       "/members/{replica}/confirm",
       "Stands behind a member of the own town, or says that another town's coordinator's key was "
       "compared",
       {},
       {{"words", "the eight words that were read out; they are checked"}},
       ConfirmMember},
      {"POST",
       "/members/{replica}/role",
       "Changes what a member of the own town may do",
       {},
       {{"role", "viewer, editor, representative or coordinator"}},
       ChangeRole},
      {"POST", "/members/{replica}/revoke", "Shuts out a member of the own town", {}, {}, Revoke},
      {"POST",
       "/invites",
       "Makes a code by which one more person of the own town joins; it is told once",
       {},
       {{"role", "as above; representative without"}},
       Invite},
      {"POST", "/invites/{invite}/withdraw", "Makes such a code useless", {}, {}, WithdrawInvite},
  };
}

}  // namespace twinning::app

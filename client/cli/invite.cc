// twinning invite
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/earlier.h"
#include "client/desk/members.h"
#include "client/desk/phrases.h"
#include "client/desk/writing.h"
#include "client/engine/sync.h"
#include "common/base/status.h"
#include "common/sync/invitation.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

// The code is of no use before the server knows of it.
absl::StatusOr<bool> Reached(client::Replica& replica) {
  TWINNING_ASSIGN_OR_RETURN(client::SyncResult result, client::SyncOnce(replica, {}));
  return result.outbox == 0;
}

absl::Status Invite(Context& context, const std::string& role) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_RETURN_IF_ERROR(CheckHistory(*replica));
  const std::string secret = context.random()(sync::kSecretSize);
  NewInvite invite;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<Draft> {
    TWINNING_ASSIGN_OR_RETURN(invite, DraftToInvite(*replica, view, role, secret, context.NowMs()));
    return invite.draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(*replica, make, context.NowMs()));
  TWINNING_ASSIGN_OR_RETURN(bool reached, Reached(*replica));
  if (context.json()) {
    context.Answer({{"code", invite.code},
                    {"id", invite.id},
                    {"role", words::RoleName(invite.role)},
                    {"expires", TimeJson(invite.expires_ms)},
                    {"change", outcome.saved.number},
                    {"sent", reached}});
    return absl::OkStatus();
  }
  context.Say(fmt::format(
      "Give this code to one person of {}, who will be {}; whoever has it can use "
      "it once, until {}:",
      replica->identity().town_name, words::RoleName(invite.role), InWords(invite.expires_ms)));
  context.Say(fmt::format("\n  {}\n", invite.code));
  context.Say("There: twinning join CODE. It is shown here once and kept nowhere.");
  if (!reached)
    context.Say("The server does not know of it yet: it can be used once you have synced.");
  return absl::OkStatus();
}

}  // namespace

void AddInvite(CommandLine& line) {
  Command& command = line.Add("invite", "Makes a code by which one more person of your town joins");
  auto role = std::make_shared<std::optional<std::string>>();
  command.Option("--role", "ROLE", *role,
                 "viewer, editor, representative or coordinator (default: representative)");
  command.Example("twinning invite --role editor",
                  "for coordinators; the membership is the town's own, not only the operator's");
  command.Run([role](Context& context) { return Invite(context, role->value_or("")); });
}

}  // namespace twinning::cli

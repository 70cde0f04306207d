// twinning members
#include "client/desk/members.h"

#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct MembersArguments {
  std::optional<std::string> verb;
  std::optional<std::string> who;
  std::optional<std::string> role;
  std::optional<std::string> words;
};

absl::Status ListMembers(Context& context, const client::Replica& replica) {
  const ReplicaId own = replica.identity().replica;
  if (context.json()) {
    context.Answer(MembershipJson(replica.view(), own));
    return absl::OkStatus();
  }
  const std::string report = MembershipReport(replica.view(), own);
  context.Say(std::string_view(report).substr(0, report.size() - 1));
  return absl::OkStatus();
}

absl::StatusOr<Draft> DraftOf(const client::Replica& replica, const plan::Plan& view,
                              const MembersArguments& arguments) {
  const std::string& verb = *arguments.verb;
  if (!arguments.who) return BadInput(fmt::format("Whom? twinning members {} WHO", verb));
  const std::string& who = *arguments.who;
  if (verb == "confirm") return DraftToConfirmMember(replica, view, who, arguments.words);
  if (verb == "revoke") return DraftToDismiss(replica, view, who);
  if (verb == "withdraw") return DraftToWithdrawInvite(replica, view, who);
  if (verb != "role") {
    return BadInput(fmt::format("\"{}\" is none of list, confirm, role, revoke, withdraw.", verb));
  }
  if (!arguments.role) return BadInput("What role? twinning members role WHO ROLE");
  return DraftToChangeRole(replica, view, who, *arguments.role);
}

absl::Status Members(Context& context, const MembersArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  if (arguments.verb.value_or("list") == "list") return ListMembers(context, *replica);
  TWINNING_RETURN_IF_ERROR(CheckHistory(*replica));
  return SaveAndReport(context, *replica,
                       [&](const plan::Plan& view) { return DraftOf(*replica, view, arguments); });
}

}  // namespace

void AddMembers(CommandLine& line) {
  Command& command =
      line.Add("members", "Who acts for which town, and whether the town stands behind them");
  auto arguments = std::make_shared<MembersArguments>();
  command.OptionalWord("VERB", arguments->verb,
                       "list (without it), confirm, role, revoke or withdraw");
  command.OptionalWord("WHO", arguments->who,
                       "A person's name, or a replica's id; of withdraw an invitation's id");
  command.OptionalWord("ROLE", arguments->role,
                       "Of role: viewer, editor, representative or coordinator");
  command.Option("--words", "WORDS", arguments->words,
                 "Of confirm: the eight words that the other side read out; they are checked");
  command.Example("twinning members", "with the eight words of each key, to compare by telephone");
  command.Example("twinning members confirm ben --words \"lusab babad gutih tugad …\"",
                  "another town's coordinator, after a call; or somebody of your own town whom the "
                  "server's operator enrolled");
  command.Example("twinning members role cleo editor", "what a member of your town may do");
  command.Example("twinning members revoke cleo",
                  "shuts out all replicas of a member of your town");
  command.Example("twinning members withdraw 3f2a1b2c", "nobody can use that invitation any more");
  command.Run([arguments](Context& context) { return Members(context, *arguments); });
}

}  // namespace twinning::cli

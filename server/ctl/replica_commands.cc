// Who takes part, how far each replica has come, and what each person may do.
#include <fmt/core.h>

#include <memory>

#include "common/base/status.h"
#include "server/ctl/command.h"
#include "server/ctl/print.h"
#include "server/ctl/replica_print.h"

namespace twinning::ctl {
namespace {

struct ReplicaWords {
  std::string partnership;
  std::string who;
  std::string role;
};

absl::Status Change(Server& server, bool json, const ReplicaWords& words) {
  v1::ChangeRoleRequest request;
  request.set_partnership(words.partnership);
  request.set_who(words.who);
  TWINNING_ASSIGN_OR_RETURN(v1::Role role, RoleOf(words.role));
  request.set_role(role);
  TWINNING_ASSIGN_OR_RETURN(v1::ChangeRoleResponse changed, server.ChangeRole(request));
  Print(json ? RoleChangedJson(changed) : RoleChangedText(changed));
  return absl::OkStatus();
}

absl::Status Roles(Server& server, bool json, const ReplicaWords& words) {
  if (!words.role.empty()) return Change(server, json, words);
  if (!words.who.empty()) {
    return InvalidArgument("which role? Give MEMBER and ROLE, or neither to list them");
  }
  TWINNING_ASSIGN_OR_RETURN(v1::ReplicasResponse all, server.Replicas(words.partnership));
  Print(json ? RolesJson(all) : RolesText(all));
  return absl::OkStatus();
}

}  // namespace

void AddReplicaCommands(CLI::App& app, const Choose& choose) {
  auto words = std::make_shared<ReplicaWords>();
  CLI::App* replicas = app.add_subcommand(
      "replicas", "Each replica: whose, its program, when it was seen, how far it has come");
  replicas->add_option("PARTNERSHIP", words->partnership, kWhich)->required();
  replicas->footer(
      "\n\"verified\" is the last entry at which its plan was found equal to the server's.\n\n"
      "Example:\n  twinningctl replicas Exampleton --json");
  replicas->callback([words, choose] {
    choose([words](Server& server, bool json) -> absl::Status {
      TWINNING_ASSIGN_OR_RETURN(v1::ReplicasResponse all, server.Replicas(words->partnership));
      Print(json ? ReplicasJson(all) : ReplicasText(all));
      return absl::OkStatus();
    });
  });
  CLI::App* roles = app.add_subcommand("roles", "What each member may do; changes it");
  roles->add_option("PARTNERSHIP", words->partnership, kWhich)->required();
  roles->add_option("MEMBER", words->who, "A member's name, or a replica's id or its beginning");
  roles->add_option("ROLE", words->role, "viewer, editor, representative or coordinator");
  roles->footer(
      "\nExamples:\n  twinningctl roles Exampleton\n  twinningctl roles Exampleton ana editor");
  roles->callback([words, choose] {
    choose([words](Server& server, bool json) { return Roles(server, json, *words); });
  });
}

}  // namespace twinning::ctl

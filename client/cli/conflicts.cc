// twinning conflicts
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/report.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Conflicts(Context& context, bool all) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  const std::vector<plan::Conflict> conflicts = plan::Conflicts(view, all);
  if (context.json()) {
    Json json = Json::array();
    for (const plan::Conflict& conflict : conflicts) json.push_back(ConflictJson(view, conflict));
    context.Answer(json);
    return absl::OkStatus();
  }
  ShortIds ids(view);
  for (const plan::Conflict& conflict : conflicts) {
    context.Say(ConflictReport(view, conflict, ids));
  }
  if (conflicts.empty()) context.Say(all ? "There has been no conflict." : "No open conflicts.");
  return absl::OkStatus();
}

}  // namespace

void AddConflicts(CommandLine& line) {
  Command& command = line.Add("conflicts", "What concurrent edits left for people to settle");
  auto all = std::make_shared<bool>(false);
  command.Flag("--all", *all, "Those that are over, too");
  command.Example("twinning conflicts", "every open one, with what each side wrote");
  command.Example("twinning conflicts --all --json", "how each ended, for scripts");
  command.Run([all](Context& context) { return Conflicts(context, *all); });
}

}  // namespace twinning::cli

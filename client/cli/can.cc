// twinning can
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/ids.h"
#include "client/desk/rights.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Can(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* named, FindRecord(view, id));
  // Of what diverged, the own town's.
  const merge::Record* own = view.Find(view.Routed(named->id, replica->identity().town));
  const merge::Record& record = own == nullptr ? *named : *own;
  const Rights rights = RightsOn(*replica, record);
  if (context.json()) {
    context.Answer(RightsJson(view, record, rights));
  } else {
    const std::string report = RightsReport(view, record, rights);
    context.Say(std::string_view(report).substr(0, report.size() - 1));
  }
  return absl::OkStatus();
}

}  // namespace

void AddCan(CommandLine& line) {
  Command& command = line.Add("can", "What you may do to a record, and what that would open again");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "The record's id, its beginning, or its exact title");
  command.Example("twinning can 3f2a1b2c", "asks the rules, changes nothing");
  command.Run([id](Context& context) { return Can(context, *id); });
}

}  // namespace twinning::cli

// twinning restore
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Restore(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftToRestore(view, replica->identity().town, id);
  });
}

}  // namespace

void AddRestore(CommandLine& line) {
  Command& command = line.Add("restore", "Brings a deleted record back, as it was");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "The record's id, its beginning, or its exact title");
  command.Example("twinning restore 3f2a1b2c", "everything it said is there again");
  command.Run([id](Context& context) { return Restore(context, *id); });
}

}  // namespace twinning::cli

// twinning delete
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Delete(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftToDelete(view, replica->identity().town, id);
  });
}

}  // namespace

void AddDelete(CommandLine& line) {
  Command& command = line.Add("delete", "Deletes a record; what it says is kept");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "The record's id, its beginning, or its exact title");
  command.Example("twinning delete 3f2a1b2c",
                  "if the other town edits it meanwhile, it stays, with a conflict that says so");
  command.Run([id](Context& context) { return Delete(context, *id); });
}

}  // namespace twinning::cli

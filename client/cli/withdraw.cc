// twinning withdraw
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Withdraw(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftToWithdraw(view, replica->identity().town, id);
  });
}

}  // namespace

void AddWithdraw(CommandLine& line) {
  Command& command = line.Add("withdraw", "Withdraws your town's agreement");
  auto id = std::make_shared<std::string>();
  command.Word("ID", *id, "The record's id, its beginning, or its exact title");
  command.Example("twinning withdraw 3f2a1b2c", "it then awaits your town's agreement again");
  command.Run([id](Context& context) { return Withdraw(context, *id); });
}

}  // namespace twinning::cli

// twinning position
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Position(Context& context, const PositionStated& stated) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftOfPosition(view, replica->identity().town, stated);
  });
}

}  // namespace

void AddPosition(CommandLine& line) {
  Command& command =
      line.Add("position", "States where your town stands on a record's words as they are now");
  auto arguments = std::make_shared<PositionStated>();
  command.Word("ID", arguments->id, "An objective, method, outcome or activity");
  command.Word("STANCE", arguments->stance, "supports, reservation, objects or undecided");
  command.Option("--reason", "TEXT", arguments->reason, "Why (default: the reason given before)");
  command.Option("--language", "CODE", arguments->language,
                 "The reason's language (default: your town's first)");
  command.Example("twinning position 3f2a1b2c supports", "confirms the current words too");
  command.Example("twinning position 3f2a1b2c reservation --reason \"Eight places a year\"",
                  "supports, with a reservation");
  command.Run([arguments](Context& context) { return Position(context, *arguments); });
}

}  // namespace twinning::cli

// twinning undo
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/undoing.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Undo(Context& context, const std::optional<std::string>& typed) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, UndoChange(*replica, typed, context.NowMs()));
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddUndo(CommandLine& line) {
  Command& command = line.Add("undo", "Takes back a change of your own, by a new one");
  auto change = std::make_shared<std::optional<std::string>>();
  command.OptionalWord(
      "CHANGE", *change,
      "Its number, as the command that made it and twinning log say (default: your "
      "last one)");
  command.Example("twinning undo", "your last change; what others changed since is left alone");
  command.Example("twinning undo 12", "your change 12");
  command.Run([change](Context& context) { return Undo(context, *change); });
}

}  // namespace twinning::cli

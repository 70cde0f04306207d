// twinning settle
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/earlier.h"
#include "client/desk/settling.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Settle(Context& context, const SettlementWanted& arguments) {
  TWINNING_RETURN_IF_ERROR(CheckOneChoice(arguments));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_RETURN_IF_ERROR(CheckHistory(*replica));
  Hash settled;
  auto make = [&](const plan::Plan& view) {
    Settling settling(view, replica->identity().town, arguments, context.random());
    auto draft = settling.Run();
    settled = settling.conflict().id;
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(*replica, make, context.NowMs()));
  std::string ending = EndingInWords(replica->view(), settled);
  if (!ending.empty()) outcome.notes.insert(outcome.notes.begin(), std::move(ending));
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddSettle(CommandLine& line) {
  Command& command = line.Add("settle", "Settles a conflict, by name");
  auto arguments = std::make_shared<SettlementWanted>();
  command.Word("CONFLICT", arguments->conflict,
               "The conflict's id, or its beginning; with FIELD the record, by id or title");
  command.OptionalWord("FIELD", arguments->field, "The field it is about, or deletion");
  command.Option("--keep", "N", arguments->keep,
                 "Keeps the candidate that twinning conflicts numbers N");
  command.Option("--value", "V", arguments->value, "Writes another value, or the passage anew");
  command.Flag("--diverge", arguments->diverge, "Each town goes on with its own");
  command.Example("twinning settle 9ab3cc01 --keep 2", "the second candidate, everywhere");
  command.Example("twinning settle 9ab3cc01 --value 2031-04-01", "neither of the two");
  command.Example("twinning settle \"Teacher seminar\" deadline --keep 1",
                  "the one that is open about this field");
  command.Example("twinning settle 9ab3cc01 --diverge", "twins may differ in aims");
  command.Run([arguments](Context& context) { return Settle(context, *arguments); });
}

}  // namespace twinning::cli

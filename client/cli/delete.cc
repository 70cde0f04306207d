// twinning delete
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/exit_codes.h"
#include "client/cli/writing.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Delete(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record,
                              FindToWrite(view, replica->identity().town, id));
    client::Replica::Draft draft;
    v1::Edit& edit = draft.edits.emplace_back();
    edit.set_record(std::string(record->id.bytes()));
    edit.mutable_delete_();
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  return absl::OkStatus();
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

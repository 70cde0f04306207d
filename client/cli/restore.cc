// twinning restore
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

absl::Status Restore(Context& context, const std::string& id) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* record,
                              FindToWrite(view, replica->identity().town, id, true));
    if (!record->existence.deleted()) {
      return Refused(fmt::format("{} is not deleted. Nothing was changed.",
                                 Capitalised(words::NameRecord(view, record->id))));
    }
    client::Replica::Draft draft;
    v1::Edit& edit = draft.edits.emplace_back();
    edit.set_record(std::string(record->id.bytes()));
    edit.mutable_restore();
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  Report(context, *replica, outcome);
  return absl::OkStatus();
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

// twinning confirm
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct ConfirmArguments {
  std::string id;
  std::optional<std::string> field;
};

absl::Status Confirm(Context& context, const ConfirmArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftToConfirm(view, replica->identity().town, arguments.id, arguments.field);
  });
}

}  // namespace

void AddConfirm(CommandLine& line) {
  Command& command =
      line.Add("confirm", "Confirms that a record's texts say the same in every language");
  auto arguments = std::make_shared<ConfirmArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.OptionalWord("FIELD", arguments->field, "One text only");
  command.Example("twinning confirm 77c0ffee",
                  "a charter is agreed only when its languages are confirmed");
  command.Run([arguments](Context& context) { return Confirm(context, *arguments); });
}

}  // namespace twinning::cli

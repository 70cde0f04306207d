// twinning set
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drafts.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct SetArguments {
  std::string id;
  std::vector<std::string> assignments;
};

absl::Status Set(Context& context, const SetArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<Assignment> assignments,
                            ParseAssignments(arguments.assignments));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftOfAssignments(view, replica->identity().town, arguments.id, assignments,
                              context.random());
  });
}

}  // namespace

void AddSet(CommandLine& line) {
  Command& command = line.Add("set", "Writes fields of a record, all in one change");
  auto arguments = std::make_shared<SetArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.Words("FIELD=VALUE", arguments->assignments, true,
                "Also FIELD+=VALUE and FIELD-=VALUE for lists and counts, FIELD.PART=VALUE for one "
                "part of a window or sum, FIELD:LANGUAGE=VALUE for a text; nothing after = clears");
  command.Example("twinning set 3f2a1b2c deadline=2031-03-28 place=\"Town hall\"",
                  "two fields in one change");
  command.Example("twinning set 3f2a1b2c window=2031-03-03..2031-03-21", "a window of dates");
  command.Example("twinning set 3f2a1b2c window.to=2031-03-18", "only its end");
  command.Example("twinning set 3f2a1b2c tags+=music tags-=youth", "a list");
  command.Example("twinning set 3f2a1b2c achieved+=3", "a count: both towns' additions add up");
  command.Example("twinning set 3f2a1b2c planned=\"620.00 EUR\"", "a sum of money");
  command.Example("twinning set 3f2a1b2c statement:fr=\"Former des liens.\"",
                  "a text; only the words that differ are written");
  command.Run([arguments](Context& context) { return Set(context, *arguments); });
}

}  // namespace twinning::cli

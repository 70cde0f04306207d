// twinning add
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/adding.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct AddArguments {
  std::string kind;
  std::vector<std::string> assignments;
  std::optional<std::string> series;
};

absl::Status Add(Context& context, const AddArguments& arguments) {
  NewRecord wanted{arguments.kind, {}, arguments.series};
  TWINNING_ASSIGN_OR_RETURN(wanted.assignments, ParseAssignments(arguments.assignments));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return SaveAndReport(context, *replica, [&](const plan::Plan& view) {
    return DraftOfNew(view, replica->identity().town, wanted, context.random());
  });
}

}  // namespace

void AddAdd(CommandLine& line) {
  Command& command = line.Add("add", "Makes a new record");
  auto arguments = std::make_shared<AddArguments>();
  command.Word("KIND", arguments->kind, "activity, objective, meeting …");
  command.Words("FIELD=VALUE", arguments->assignments, false, "What it says; as in twinning set");
  command.Option("--series", "ID", arguments->series,
                 "Makes the occurrence of a series on the day given: the same one, whichever town "
                 "makes it");
  command.Example("twinning add activity title=\"Exchange visit\" window=2031-05-14..2031-05-18",
                  "an activity of all towns");
  command.Example(
      "twinning add objective title=\"French in every primary school\" "
      "owner=\"Exampleton\"",
      "an objective of one's own town");
  command.Example("twinning add person name=\"Ana Lovell\" role=coordinator email=ana@example.org",
                  "personal values travel apart and can be erased");
  command.Example("twinning add meeting --series 5d1e77aa date=2031-10-10",
                  "the autumn meeting of a series");
  command.Example("twinning add charter title=\"Charter, amended\" amends=77c0ffee",
                  "an amendment of a signed charter");
  command.Run([arguments](Context& context) { return Add(context, *arguments); });
}

}  // namespace twinning::cli

// twinning diff
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "client/desk/field_changes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct DiffArguments {
  std::string id;
  std::optional<std::string> from;
  std::optional<std::string> to;
};

void TellDifference(Context& context, const Reading& before, const Reading& after,
                    const RecordId& id) {
  const std::vector<FieldChange> changes = ChangesBetween(before, after);
  if (context.json()) {
    Json json = {{"id", id.hex()}, {"changes", Json::array()}};
    for (const FieldChange& change : changes) json["changes"].push_back(ChangeJson(change));
    context.Answer(json);
    return;
  }
  context.Say(Capitalised(words::NameRecord(after.plan, id)));
  for (const FieldChange& change : changes) context.Say("  " + InWords(change));
  if (changes.empty()) context.Say("  says the same");
}

absl::Status Diff(Context& context, const DiffArguments& arguments) {
  if (!arguments.from) {
    return Answered(ExitCode::kUsage, InvalidArgument("Say from when: --from SEQUENCE."));
  }
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindRecord(replica->view(), arguments.id));
  const RecordId id = record->id;
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<plan::Plan> before,
                            PlanAt(*replica, "--from", *arguments.from));
  if (!arguments.to) {
    TellDifference(context, {*before, before->Find(id)}, {replica->view(), record}, id);
    return absl::OkStatus();
  }
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<plan::Plan> after,
                            PlanAt(*replica, "--to", *arguments.to));
  TellDifference(context, {*before, before->Find(id)}, {*after, after->Find(id)}, id);
  return absl::OkStatus();
}

}  // namespace

void AddDiff(CommandLine& line) {
  Command& command =
      line.Add("diff", "What is different in a record between two sequences, word by word");
  auto arguments = std::make_shared<DiffArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.Option("--from", "SEQUENCE", arguments->from, "From this sequence");
  command.Option("--to", "SEQUENCE", arguments->to,
                 "To this one (default: now, with your own unsent changes)");
  command.Example("twinning diff 3f2a1b2c --from 40", "since entry 40");
  command.Example("twinning diff 3f2a1b2c --from 40 --to 52", "between the two");
  command.Run([arguments](Context& context) { return Diff(context, *arguments); });
}

}  // namespace twinning::cli

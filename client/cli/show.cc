// twinning show
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/base/status.h"
#include "common/plan/titles.h"

namespace twinning::cli {
namespace {

struct ShowArguments {
  std::string id;
  std::optional<std::string> at;
};

void SayLapsed(Context& context, const client::Replica& replica, const merge::Record& record) {
  for (const ChangedSince& since : ChangedSinceAgreed(replica, record)) {
    context.Say(fmt::format("Since {} agreed:", plan::TownName(replica.view(), since.town)));
    for (const FieldChange& change : since.changes) context.Say("  " + InWords(change));
  }
}

// With what has changed since, beside each town whose agreement has lapsed.
Json WithLapsed(const client::Replica& replica, const merge::Record& record) {
  Json json = RecordJson(replica.view(), record);
  for (const ChangedSince& since : ChangedSinceAgreed(replica, record)) {
    for (Json& town : json["agreement"]["towns"]) {
      if (town["town"] != since.town.hex()) continue;
      town["since"] = Json::array();
      for (const FieldChange& change : since.changes) town["since"].push_back(ChangeJson(change));
    }
  }
  return json;
}

void SayRecord(Context& context, const plan::Plan& plan, const merge::Record& record) {
  std::string report = RecordReport(plan, record, ShortIds(plan));
  context.Say(std::string_view(report).substr(0, report.size() - 1));
}

absl::Status Show(Context& context, const ShowArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindRecord(replica->view(), arguments.id));
  if (!arguments.at) {
    if (context.json()) {
      context.Answer(WithLapsed(*replica, *record));
      return absl::OkStatus();
    }
    SayRecord(context, replica->view(), *record);
    SayLapsed(context, *replica, *record);
    return absl::OkStatus();
  }
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<plan::Plan> then,
                            PlanAt(*replica, "--at", *arguments.at));
  const merge::Record* earlier = then->Find(record->id);
  if (earlier == nullptr) {
    return BadInput(fmt::format("{} was not there yet at sequence {}.",
                                Capitalised(plan::NameOf(replica->view(), *record)),
                                *arguments.at));
  }
  if (context.json()) {
    context.Answer(RecordJson(*then, *earlier));
  } else {
    SayRecord(context, *then, *earlier);
  }
  return absl::OkStatus();
}

}  // namespace

void AddShow(CommandLine& line) {
  Command& command = line.Add("show", "Everything about one record, now or as it was");
  auto arguments = std::make_shared<ShowArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.Option("--at", "SEQUENCE", arguments->at, "As it was at this sequence");
  command.Example("twinning show 3f2a1b2c", "fields, conflicts, agreement and positions");
  command.Example("twinning show 3f2a1b2c --at 40", "as it was after entry 40");
  command.Run([arguments](Context& context) { return Show(context, *arguments); });
}

}  // namespace twinning::cli

// twinning search
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/report.h"
#include "client/desk/searching.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Search(Context& context, const std::vector<std::string>& words) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  std::string wanted;
  for (const std::string& word : words) {
    TWINNING_RETURN_IF_ERROR(CheckTyped("What was typed", word));
    wanted += word + " ";
  }
  std::vector<Found> found = FindWords(view, wanted);
  if (context.json()) {
    Json json = Json::array();
    for (const Found& one : found) {
      json.push_back(ShortJson(view, *one.record));
      json.back()["found_in"] = one.fields;
    }
    context.Answer(json);
    return absl::OkStatus();
  }
  ShortIds ids(view);
  for (const Found& one : found) {
    std::string line = RecordLine(view, *one.record, ids);
    const merge::Kind* kind = view.KindOf(*one.record);
    context.Say(fmt::format("{:<14} {}", kind->label, line.substr(0, line.size() - 1)));
  }
  if (found.empty()) context.Say("Nothing found.");
  return absl::OkStatus();
}

}  // namespace

void AddSearch(CommandLine& line) {
  Command& command = line.Add("search", "Records that hold all the words, accents and case aside");
  auto words = std::make_shared<std::vector<std::string>>();
  command.Words("WORDS", *words, true, "Every one of them must occur in the record");
  command.Example("twinning search fete hetres", "finds \"Fête des Hêtres\"");
  command.Run([words](Context& context) { return Search(context, *words); });
}

}  // namespace twinning::cli

// twinning refused
#include <fmt/core.h>

#include <fstream>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/reporting.h"
#include "client/desk/drawer.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct RefusedArguments {
  std::optional<std::string> verb;
  std::optional<std::string> subject;
};

absl::Status ListRefused(Context& context, const client::Replica& replica) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<client::RefusedChange> drawer, replica.Refused());
  if (context.json()) {
    context.Answer(DrawerJson(replica.view(), drawer));
    return absl::OkStatus();
  }
  if (drawer.empty()) context.Say("No change of yours was refused.");
  for (const client::RefusedChange& refused : drawer) {
    context.Say(fmt::format("Change {}, {}: {}", refused.change.authored.number,
                            InWords(refused.change.authored.time_ms), refused.detail));
    for (const std::string& what : words::DescribeEdits(replica.view(), refused.change.edits)) {
      context.Say(fmt::format("    {}", Capitalised(what)));
    }
  }
  if (!drawer.empty()) {
    context.Say("It stays here until you say: twinning refused retry|discard CHANGE");
  }
  return absl::OkStatus();
}

absl::Status Retry(Context& context, client::Replica& replica,
                   const client::RefusedChange& refused) {
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, SayAgain(replica, refused, context.NowMs()));
  Report(context, replica, outcome);
  return FromReplica(replica.Discard(refused.change.authored.number));
}

absl::Status Discard(Context& context, client::Replica& replica,
                     const client::RefusedChange& refused) {
  Number number = refused.change.authored.number;
  TWINNING_RETURN_IF_ERROR(FromReplica(replica.Discard(number)));
  if (context.json()) {
    context.Answer({{"discarded", number}});
  } else {
    context.Say(fmt::format("Change {} is thrown away.", number));
  }
  return absl::OkStatus();
}

absl::Status ExportRefused(Context& context, const client::Replica& replica,
                           const std::optional<std::string>& path) {
  if (!path) return BadInput("Where to? twinning refused export FILE");
  TWINNING_ASSIGN_OR_RETURN(std::vector<client::RefusedChange> drawer, replica.Refused());
  Json json = Json::array();
  for (const client::RefusedChange& refused : drawer) {
    json.push_back(RefusedJson(replica.view(), refused));
    json.back()["authored"] = HexOf(refused.change.authored.bytes);
  }
  std::ofstream file(*path, std::ios::binary);
  file << json.dump(2) << "\n";
  file.close();
  if (!file) {
    return Answered(ExitCode::kDisk, Unavailable(fmt::format(
                                         "{} could not be written. Nothing was changed.", *path)));
  }
  if (context.json()) {
    context.Answer({{"file", *path}, {"changes", drawer.size()}});
  } else {
    context.Say(fmt::format("{} written to {}.", Counted(drawer.size(), "refused change"), *path));
  }
  return absl::OkStatus();
}

absl::Status RunRefused(Context& context, const RefusedArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  std::string verb = arguments.verb.value_or("list");
  if (verb == "list") return ListRefused(context, *replica);
  if (verb == "export") return ExportRefused(context, *replica, arguments.subject);
  if (verb != "retry" && verb != "discard") {
    return BadInput(fmt::format("\"{}\" is none of list, retry, export, discard.", verb));
  }
  TWINNING_ASSIGN_OR_RETURN(client::RefusedChange refused,
                            FindRefused(*replica, arguments.subject));
  return verb == "retry" ? Retry(context, *replica, refused) : Discard(context, *replica, refused);
}

}  // namespace

void AddRefused(CommandLine& line) {
  Command& command =
      line.Add("refused", "Your changes that the ledger refused, kept until you decide");
  auto arguments = std::make_shared<RefusedArguments>();
  command.OptionalWord("VERB", arguments->verb, "list (without it), retry, export or discard");
  command.OptionalWord("CHANGE", arguments->subject, "A change's number; of export the file");
  command.Example("twinning refused", "each with its reason and content");
  command.Example("twinning refused retry 12", "says change 12 again, on the plan as it is now");
  command.Example("twinning refused export drawer.json", "all of them, to a file");
  command.Example("twinning refused discard 12", "throws change 12 away");
  command.Run([arguments](Context& context) { return RunRefused(context, *arguments); });
}

}  // namespace twinning::cli

// twinning outbox
#include <fmt/core.h>

#include <fstream>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct OutboxArguments {
  std::optional<std::string> verb;
  std::optional<std::string> file;
};

// One change that has not been sent: its words, and the bytes as they were written.
struct Unsent {
  plan::Change change;
  std::string authored;
};

absl::StatusOr<std::vector<Unsent>> UnsentOf(const client::Replica& replica) {
  std::vector<Unsent> all;
  Number after = replica.last_number() - replica.outbox();
  while (after < replica.last_number()) {
    TWINNING_ASSIGN_OR_RETURN(std::vector<v1::AuthoredChange> some,
                              replica.ReadOutbox(after, ledger::kMaxFrameBytes));
    if (some.empty()) break;
    for (const v1::AuthoredChange& one : some) {
      TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(one.change()));
      after = parsed.number;
      all.push_back({plan::ReadChange(std::move(parsed)), one.SerializeAsString()});
    }
  }
  return all;
}

Json JsonOf(const client::Replica& replica, const std::vector<Unsent>& all, bool authored) {
  Json json = Json::array();
  for (const Unsent& one : all) {
    json.push_back({{"change", one.change.authored.number},
                    {"time", TimeJson(one.change.authored.time_ms)},
                    {"what", words::DescribeEdits(replica.view(), one.change.edits)}});
    if (authored) json.back()["authored"] = HexOf(one.authored);
  }
  return json;
}

absl::Status ListUnsent(Context& context, const client::Replica& replica,
                        const std::vector<Unsent>& all) {
  if (context.json()) {
    context.Answer(JsonOf(replica, all, false));
    return absl::OkStatus();
  }
  if (all.empty()) context.Say("Nothing waits to be sent.");
  for (const Unsent& one : all) {
    context.Say(fmt::format("Change {}, {}:", one.change.authored.number,
                            InWords(one.change.authored.time_ms)));
    for (const std::string& what : words::DescribeEdits(replica.view(), one.change.edits)) {
      context.Say(fmt::format("    {}", Capitalised(what)));
    }
  }
  return absl::OkStatus();
}

absl::Status ExportUnsent(Context& context, const client::Replica& replica,
                          const std::vector<Unsent>& all, const std::optional<std::string>& path) {
  if (!path) return BadInput("Where to? twinning outbox export FILE");
  std::ofstream file(*path, std::ios::binary);
  file << JsonOf(replica, all, true).dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  file.close();
  if (!file) {
    return Answered(ExitCode::kDisk, Unavailable(fmt::format(
                                         "{} could not be written. Nothing was changed.", *path)));
  }
  if (context.json()) {
    context.Answer({{"file", *path}, {"changes", all.size()}});
  } else {
    context.Say(fmt::format("{} written to {}; they wait to be sent all the same.",
                            Counted(all.size(), "unsent change"), *path));
  }
  return absl::OkStatus();
}

absl::Status Outbox(Context& context, const OutboxArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  absl::StatusOr<std::vector<Unsent>> all = UnsentOf(*replica);
  if (!all.ok()) return FromReplica(all.status());
  std::string verb = arguments.verb.value_or("list");
  if (verb == "list") return ListUnsent(context, *replica, *all);
  if (verb == "export") return ExportUnsent(context, *replica, *all, arguments.file);
  return BadInput(fmt::format("\"{}\" is none of list, export.", verb));
}

}  // namespace

void AddOutbox(CommandLine& line) {
  Command& command = line.Add("outbox", "Your changes that have not been sent yet");
  auto arguments = std::make_shared<OutboxArguments>();
  command.OptionalWord("VERB", arguments->verb, "list (without it) or export");
  command.OptionalWord("FILE", arguments->file, "Of export: where to");
  command.Example("twinning outbox", "each with its content");
  command.Example("twinning outbox export unsent.json",
                  "all of them, to a file: also when this replica has been revoked");
  command.Run([arguments](Context& context) { return Outbox(context, *arguments); });
}

}  // namespace twinning::cli

// twinning join
#include "client/engine/join.h"

#include <fmt/core.h>
#include <pwd.h>
#include <unistd.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct JoinArguments {
  std::string code;
  std::optional<std::string> name;
};

// The person's name as this machine knows it.
std::string NameOfUser() {
  const passwd* user = getpwuid(geteuid());
  if (user == nullptr) return "";
  std::string full = user->pw_gecos == nullptr ? "" : user->pw_gecos;
  full = full.substr(0, full.find(','));
  return full.empty() ? user->pw_name : full;
}

// A line when the stage changes, and at each tenth of what is to be fetched.
class ProgressLines {
 public:
  explicit ProgressLines(Context& context) : context_(context) {}

  void Hear(const client::Progress& progress) {
    Sequence tenth = progress.total == 0 ? 0 : progress.sequence * 10 / progress.total;
    if (stage_ == progress.stage && tenth == tenth_) return;
    stage_ = progress.stage;
    tenth_ = tenth;
    if (!progress.text.empty()) context_.Note(progress.text);
  }

 private:
  Context& context_;
  std::optional<client::Progress::Stage> stage_;
  Sequence tenth_ = 0;
};

void TellJoined(Context& context, const client::Replica& replica) {
  const client::Identity& identity = replica.identity();
  const Sequence sequence = replica.confirmed().head().sequence;
  if (context.json()) {
    context.Answer({{"partnership", identity.partnership_name},
                    {"ledger", identity.ledger.hex()},
                    {"town", identity.town_name},
                    {"town_id", identity.town.hex()},
                    {"member", identity.member},
                    {"replica", identity.replica.hex()},
                    {"directory", replica.directory()},
                    {"server", identity.server},
                    {"sequence", sequence},
                    {"synced", replica.synced()},
                    {"history_complete", replica.sync_state().history_complete}});
    return;
  }
  context.Say(fmt::format("Joined {} as {} of {}. The plan is here, at sequence {}.",
                          identity.partnership_name, identity.member, identity.town_name,
                          sequence));
  context.Say(fmt::format("The replica is {}.", replica.directory()));
}

absl::Status Join(Context& context, const JoinArguments& arguments) {
  client::JoinRequest request;
  request.code = arguments.code;
  request.directory = context.Directory();
  request.member = arguments.name ? *arguments.name : NameOfUser();
  TWINNING_RETURN_IF_ERROR(CheckTyped("The name", request.member));
  if (request.member.empty()) return BadInput("Say who you are: --as NAME.");
  ProgressLines lines(context);
  request.on_progress = [&](const client::Progress& progress) { lines.Hear(progress); };
  auto joined = client::Join(request);
  if (joined.status().code() == absl::StatusCode::kAlreadyExists) {
    return Answered(ExitCode::kReplica, joined.status());
  }
  if (!joined.ok()) return joined.status();
  TellJoined(context, context.Adopt(*std::move(joined)));
  return absl::OkStatus();
}

}  // namespace

void AddJoin(CommandLine& line) {
  Command& command =
      line.Add("join", "Becomes a member by an invitation code, and fetches the plan");
  auto arguments = std::make_shared<JoinArguments>();
  command.Word("CODE", arguments->code, "As the server's operator gave it");
  command.Option(
      "--as", "NAME", arguments->name,
      "Your name, as the other towns will see it (default: this machine's name for you)");
  command.Example("twinning join twin1… --as \"Ana Lovell\"",
                  "makes the replica in its default place");
  command.Example("twinning --replica ~/plans/france join twin1…", "makes it there");
  command.Run([arguments](Context& context) { return Join(context, *arguments); });
}

}  // namespace twinning::cli

// twinning rehome
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/engine/certificate.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

constexpr int64_t kDeadlineMs = 30'000;

absl::Status Rehome(Context& context, const std::string& code) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  absl::Status moved = client::Rehome(*replica, code, kDeadlineMs);
  if (absl::IsInvalidArgument(moved)) return BadInput(MessageOf(moved) + ".");
  if (absl::IsUnavailable(moved) || absl::IsFailedPrecondition(moved)) {
    return Answered(ExitCode::kNetwork, moved);
  }
  if (!moved.ok()) return FromReplica(moved);
  if (context.json()) {
    context.Answer({{"server", replica->identity().server},
                    {"ledger", replica->identity().ledger.hex()},
                    {"outbox", replica->outbox()}});
    return absl::OkStatus();
  }
  context.Say(
      fmt::format("This replica's server is now {}. Key, history and what waits to be sent are as "
                  "they were; go "
                  "on with: twinning sync",
                  replica->identity().server));
  return absl::OkStatus();
}

}  // namespace

void AddRehome(CommandLine& line) {
  Command& command = line.Add(
      "rehome", "Takes the replica to where its server is now, with key, history and unsent work");
  auto code = std::make_shared<std::string>();
  command.Word("CODE", *code, "As the server's operator gave it");
  command.Example("twinning rehome twin1…", "after the server has moved or was set up again");
  command.Run([code](Context& context) { return Rehome(context, *code); });
}

}  // namespace twinning::cli

// twinning digest
#include <fmt/core.h>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

absl::Status Digest(Context& context) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& confirmed = replica->confirmed();
  std::string digest = HexOf(confirmed.Digest().bytes());
  if (context.json()) {
    context.Answer({{"sequence", confirmed.head().sequence},
                    {"digest", digest},
                    {"semantics", plan::kSemantics},
                    {"outbox", replica->outbox()}});
  } else {
    context.Say(fmt::format("{}  at sequence {}", digest, confirmed.head().sequence));
  }
  return absl::OkStatus();
}

}  // namespace

void AddDigest(CommandLine& line) {
  Command& command = line.Add(
      "digest", "The digest of the confirmed plan: equal on every replica at one sequence");
  command.Example("twinning digest", "compare it with the other town's, at the same sequence");
  command.Run(Digest);
}

}  // namespace twinning::cli

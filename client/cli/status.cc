// twinning status
#include "common/base/status.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "common/plan/attention.h"
#include "common/plan/conflicts.h"

namespace twinning::cli {
namespace {

// Agreements that this town has not given to the words as they are now.
size_t Awaited(const plan::Plan& view, const TownId& town, Days today) {
  std::vector<plan::AttentionItem> items = plan::Attention(view, town, today);
  return static_cast<size_t>(
      std::count_if(items.begin(), items.end(), [](const plan::AttentionItem& item) {
        return item.need == plan::Need::kAgreementAwaited ||
               item.need == plan::Need::kAgreementLapsed;
      }));
}

Json StatusJson(const client::Replica& replica, size_t refused, Days today) {
  const client::Identity& identity = replica.identity();
  const client::SyncState state = replica.sync_state();
  return {{"town", identity.town_name},
          {"town_id", identity.town.hex()},
          {"partnership", identity.partnership_name},
          {"ledger", identity.ledger.hex()},
          {"member", identity.member},
          {"replica", identity.replica.hex()},
          {"directory", replica.directory()},
          {"server", identity.server},
          {"sequence", replica.confirmed().head().sequence},
          {"server_sequence", state.server_head},
          {"outbox", replica.outbox()},
          {"conflicts", plan::Conflicts(replica.view(), false).size()},
          {"refused", refused},
          {"awaited", Awaited(replica.view(), identity.town, today)},
          {"connected", state.connected},
          {"problem", state.problem.empty() ? Json(nullptr) : Json(state.problem)},
          {"synced", replica.synced()},
          {"history_complete", state.history_complete},
          {"needs_update", replica.confirmed().needs_update()},
          {"digest", HexOf(replica.confirmed().Digest().bytes())}};
}

std::string Connection(const Json& status) {
  if (status["connected"].get<bool>()) return "yes, to " + status["server"].get<std::string>();
  if (status["problem"].is_null()) return "no; connect with: twinning sync";
  return "no: " + status["problem"].get<std::string>();
}

std::string Synced(const Json& status) {
  if (status["synced"].get<bool>()) return "yes: nothing to send, and the digests are equal";
  if (!status["history_complete"].get<bool>()) {
    return "no: the history behind the plan is still on its way; agreeing and settling wait for it";
  }
  if (status["outbox"].get<size_t>() > 0) return "no: your own changes are still to be sent";
  return "no: not compared with the server at this sequence";
}

void Say(Context& context, const Json& status) {
  auto row = [&](std::string_view label, std::string_view value) {
    context.Say(fmt::format("  {:<12} {}", label, value));
  };
  auto number = [&](const char* key) { return status[key].get<size_t>(); };
  context.Say(fmt::format("{}: {} for {}", status["partnership"].get<std::string>(),
                          status["member"].get<std::string>(), status["town"].get<std::string>()));
  row("replica", status["directory"].get<std::string>());
  row("sequence", fmt::format("{}", number("sequence")));
  row("outbox", Counted(number("outbox"), "change") + " to be sent");
  row("conflicts", fmt::format("{} open", number("conflicts")));
  row("refused", Counted(number("refused"), "change") + " in the drawer");
  row("awaited", Counted(number("awaited"), "agreement") + " awaited from you");
  row("connected", Connection(status));
  row("synced", Synced(status));
  row("digest", status["digest"].get<std::string>());
  if (status["needs_update"].get<bool>()) {
    context.Say("This plan needs a newer twinning: until it is updated you can read, not write.");
  }
}

absl::Status Status(Context& context) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  auto refused = replica->Refused();
  if (!refused.ok()) return FromReplica(refused.status());
  Json status = StatusJson(*replica, refused->size(), context.Today());
  if (context.json()) {
    context.Answer(status);
  } else {
    Say(context, status);
  }
  return absl::OkStatus();
}

}  // namespace

void AddStatus(CommandLine& line) {
  Command& command =
      line.Add("status", "Where this replica stands: sequence, outbox, conflicts, connection");
  command.Example("twinning status", "in words");
  command.Example("twinning status --json", "for scripts");
  command.Run(Status);
}

}  // namespace twinning::cli

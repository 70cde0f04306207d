// twinning status
#include "common/base/status.h"

#include <fmt/core.h>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/overview.h"
#include "client/desk/phrases.h"
#include "client/engine/certificate.h"

namespace twinning::cli {
namespace {

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

// {"until", "problem"}: when the server lets this replica in no longer, and what is to be done.
Json CertificateJson(const client::Replica& replica, int64_t now_ms) {
  client::CertificateStanding standing = client::CertificateOf(replica, now_ms);
  return {{"until", standing.until_ms == 0 ? Json(nullptr) : Json(TimeJson(standing.until_ms))},
          {"problem", standing.sentence.empty() ? Json(nullptr) : Json(standing.sentence)}};
}

std::string Certificate(const Json& certificate) {
  if (!certificate["problem"].is_null()) return certificate["problem"].get<std::string>();
  return fmt::format("until {}; renews itself when you sync",
                     certificate["until"].get<std::string>().substr(0, 10));
}

void SayStatus(Context& context, const Json& status) {
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
  for (const Json& refused : status["drawer"]) {
    context.Say(fmt::format("    change {}: {}", refused["change"].get<Number>(),
                            refused["detail"].get<std::string>()));
    for (const Json& what : refused["what"]) context.Say("      " + what.get<std::string>());
  }
  row("awaited", Counted(number("awaited"), "agreement") + " awaited from you");
  row("connected", Connection(status));
  row("synced", Synced(status));
  row("certificate", Certificate(status["certificate"]));
  row("digest", status["digest"].get<std::string>());
  for (const Json& alarm : status["alarms"]) {
    context.Say(
        fmt::format("ALARM: the server took entry {}, by {} of {}, who had no right to it. It is "
                    "in no plan; tell "
                    "the other town and the operator, and see twinning verify.",
                    alarm["sequence"].get<Sequence>(), alarm["author"].get<std::string>(),
                    alarm["town"].get<std::string>()));
  }
  if (status["needs_update"].get<bool>()) {
    context.Say("This plan needs a newer twinning: until it is updated you can read, not write.");
  }
}

absl::Status Status(Context& context) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  auto refused = replica->Refused();
  if (!refused.ok()) return FromReplica(refused.status());
  Json status = StatusJson(*replica, *refused, context.Today());
  status["certificate"] = CertificateJson(*replica, context.NowMs());
  if (context.json()) {
    context.Answer(status);
  } else {
    SayStatus(context, status);
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

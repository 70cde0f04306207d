// twinning sync
#include "client/engine/sync.h"

#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/cli/stop_signal.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

using client::Progress;
using client::SyncResult;

Json ResultJson(const SyncResult& result) {
  return {{"synced", result.synced},
          {"sequence", result.sequence},
          {"sent", result.sent},
          {"received", result.received},
          {"refused", result.refused},
          {"outbox", result.outbox},
          {"by_other_process", result.by_other_process},
          {"notice", result.notice.empty() ? Json(nullptr) : Json(result.notice)},
          {"problem", result.problem.empty() ? Json(nullptr) : Json(result.problem)}};
}

void SayResult(Context& context, const SyncResult& result) {
  if (!result.notice.empty()) context.Say(result.notice);
  context.Say(
      fmt::format("Sent {}, received {}; now at sequence {}.", Counted(result.sent, "change"),
                  result.received == 1 ? "1 entry" : fmt::format("{} entries", result.received),
                  result.sequence));
  if (result.refused > 0) {
    context.Say(fmt::format(
        "{} refused; kept in the drawer, with the reason in twinning log.",
        result.refused == 1 ? "1 change was" : fmt::format("{} changes were", result.refused)));
  }
  if (result.synced) context.Say("Synced: nothing left to send, and the digests are equal.");
}

absl::Status SyncOneRound(Context& context, client::Replica& replica) {
  StopSignal signal;
  client::SyncOptions options;
  options.stop = signal.token();
  auto result = client::SyncOnce(replica, options);
  if (!result.ok()) return FromReplica(result.status());
  if (context.json()) {
    context.Answer(ResultJson(*result));
  } else if (result->problem.empty() || result->sent + result->received > 0) {
    SayResult(context, *result);
  }
  if (result->synced || result->problem.empty()) return absl::OkStatus();
  return Answered(ExitCode::kNetwork, Unavailable(result->problem));
}

// Tells each entry as it is applied.
class Watcher {
 public:
  Watcher(Context& context, client::Replica& replica)
      : context_(context), replica_(replica), told_(replica.head().sequence) {}

  void Hear(const Progress& progress) {
    const Sequence head = replica_.head().sequence;
    if (head > told_) Tell(head);
    if (progress.stage == stage_) return;
    stage_ = progress.stage;
    if (!context_.json() && !progress.text.empty()) context_.Note(progress.text);
  }

 private:
  void Tell(Sequence head) {
    // What cannot be read now has been applied all the same; the log will tell it.
    (void)replica_.entries().Read(told_, head, [&](const v1::Entry& entry) {
      Say(entry);
      return absl::OkStatus();
    });
    told_ = head;
    context_.out().flush();
  }

  void Say(const v1::Entry& entry) {
    const plan::Plan& plan = replica_.confirmed();
    words::Account account = words::AccountOf(plan, entry);
    if (context_.json()) {
      Json line = {{"sequence", entry.sequence()},
                   {"time", TimeJson(entry.time_ms())},
                   {"author", account.who},
                   {"town", account.town},
                   {"what", account.what}};
      context_.out() << LineOf(line) << '\n';
      return;
    }
    for (const std::string& sentence : words::Describe(plan, entry)) {
      context_.Say(fmt::format("{:>6}  {}", entry.sequence(), sentence));
    }
  }

  Context& context_;
  client::Replica& replica_;
  Sequence told_;
  std::optional<Progress::Stage> stage_;
};

absl::Status Watch(Context& context, client::Replica& replica) {
  StopSignal signal;
  Watcher watcher(context, replica);
  client::SyncOptions options;
  options.stop = signal.token();
  options.on_progress = [&](const Progress& progress) { watcher.Hear(progress); };
  absl::Status ended = client::SyncLoop(replica, options);
  if (ended.code() == absl::StatusCode::kFailedPrecondition) {
    return Answered(ExitCode::kNetwork, ended);
  }
  return FromReplica(ended);
}

absl::Status Sync(Context& context, bool watch) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  return watch ? Watch(context, *replica) : SyncOneRound(context, *replica);
}

}  // namespace

void AddSync(CommandLine& line) {
  Command& command = line.Add("sync", "Sends your changes, fetches the others', compares digests");
  auto watch = std::make_shared<bool>(false);
  command.Flag("--watch", *watch, "Stays connected until stopped, and tells what comes in");
  command.Example("twinning sync", "one round");
  command.Example("twinning sync --watch", "sends what any process writes at once; Ctrl-C ends it");
  command.Run([watch](Context& context) { return Sync(context, *watch); });
}

}  // namespace twinning::cli

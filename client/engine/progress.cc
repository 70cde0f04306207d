#include "client/engine/progress.h"

#include <fmt/core.h>

#include "client/engine/engine.h"

namespace twinning::client {
namespace {

void TellConnected(const Replica& replica, Progress& progress) {
  if (progress.sequence < progress.total) {
    progress.stage = Progress::kFetching;
    progress.text = fmt::format("{}: {} of {} entries.",
                                replica.confirmed().head().sequence > progress.sequence
                                    ? "The plan can be used; its history is coming"
                                    : "Fetching the plan",
                                progress.sequence, progress.total);
  } else if (progress.outbox > 0) {
    progress.stage = Progress::kSending;
    progress.text = fmt::format("Sending: {} changes to go.", progress.outbox);
  } else {
    progress.stage = Progress::kComparing;
    progress.text = "Comparing the plan with the server's.";
  }
}

}  // namespace

Progress ProgressOf(const Replica& replica, const EngineState& state) {
  Progress progress;
  progress.sequence = replica.head().sequence;
  progress.total = state.server_head;
  progress.outbox = replica.outbox();
  if (state.synced) {
    progress.stage = Progress::kDone;
    progress.text = fmt::format("Synced at entry {}.", progress.sequence);
  } else if (state.phase == EngineState::kConnected) {
    TellConnected(replica, progress);
  } else if (state.phase == EngineState::kWaiting) {
    progress.stage = Progress::kWaiting;
    progress.text = state.problem;
  } else {
    progress.text = fmt::format("Connecting to {}.", replica.identity().server);
  }
  return progress;
}

}  // namespace twinning::client

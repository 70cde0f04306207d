#include "server/keeper/front_keeper.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/sync/client_ending.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause(50);
constexpr milliseconds kLongestPause(30'000);
constexpr milliseconds kGoodLife(60'000);  // after which an end is the first one again

}  // namespace

FrontKeeper::FrontKeeper(OwnedFd listening, Work work)
    : listening_(std::move(listening)),
      work_(std::move(work)),
      wake_(std::make_shared<WakeUp>()),
      thread_([this] { Run(); }) {}

FrontKeeper::~FrontKeeper() { Stop(); }

void FrontKeeper::Stop() {
  Ask(Leave::kStop);
  if (thread_.joinable()) thread_.join();
}

void FrontKeeper::Ask(Leave leave) {
  {
    std::lock_guard lock(mutex_);
    if (leave_ != Leave::kStop) leave_ = leave;
    stop_.notify_one();
  }
  wake_->Ring();
}

FrontKeeper::Leave FrontKeeper::leave() const {
  std::lock_guard lock(mutex_);
  return leave_;
}

void FrontKeeper::ShowAnew() {
  absl::StatusOr<FrontPair> shown = work_.shown();
  if (!shown.ok()) return LogWarning("front: " + MessageOf(shown.status()));
  {
    std::lock_guard lock(mutex_);
    if (state_.pid == 0 || *shown == shown_) return;
  }
  Ask(Leave::kShowAnew);
}

void FrontKeeper::StartAgain(const std::string& why) {
  {
    std::lock_guard lock(mutex_);
    why_ = why;
  }
  Ask(Leave::kStartAgain);
}

FrontState FrontKeeper::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

bool FrontKeeper::Pause(milliseconds pause) {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, pause, [this] { return leave_ == Leave::kStop; });
}

void FrontKeeper::Run() {
  milliseconds pause = kFirstPause;
  while (leave() != Leave::kStop) {
    const auto began = steady_clock::now();
    const std::string end = Live();
    if (leave() == Leave::kStop) break;
    if (end.empty()) continue;  // replaced, as it was to be
    if (steady_clock::now() - began > kGoodLife) pause = kFirstPause;
    LogWarning(fmt::format("front: {}; it is started again in {} ms, and who joins waits", end,
                           pause.count()));
    {
      std::lock_guard lock(mutex_);
      ++state_.restarts;
      state_.last_end = end;
    }
    if (!Pause(pause)) break;
    pause = std::min(pause * 2, kLongestPause);
  }
}

// Empty: it has made room for another life.
std::string FrontKeeper::Live() {
  absl::StatusOr<FrontPair> shown = work_.shown();
  if (!shown.ok()) return MessageOf(shown.status());
  absl::StatusOr<std::unique_ptr<FrontLife>> life =
      FrontLife::Begin(work_.program, listening_.get(), *shown, wake_);
  if (!life.ok()) return MessageOf(life.status());
  NoteStart(**life, *shown);
  const absl::Status served = (*life)->Serve(
      work_.take, [this](const FrontMessage& said) { Hear(said); },
      [this] { return leave() != Leave::kNo; });
  const Leave asked = leave();
  const std::string how = (*life)->End();
  NoteEnd();
  if (!served.ok()) return fmt::format("it ended by {} ({})", how, MessageOf(served));
  if (asked != Leave::kStartAgain) return "";
  std::lock_guard lock(mutex_);
  return why_;
}

void FrontKeeper::NoteStart(const FrontLife& life, const FrontPair& shown) {
  std::lock_guard lock(mutex_);
  if (leave_ != Leave::kStop) leave_ = Leave::kNo;
  state_.pid = life.pid();
  shown_ = shown;
}

void FrontKeeper::NoteEnd() {
  std::lock_guard lock(mutex_);
  state_.pid = 0;
  state_.serving = false;
  state_.figures.connections = 0;
  turned_away_before_ = state_.figures.turned_away;
}

void FrontKeeper::Hear(const FrontMessage& said) {
  const std::string why = sync::Quoted(said.body);
  if (said.kind == FrontMessage::kServing && !why.empty()) {
    LogDamped("front: it could do more than it should: " + why);
  }
  std::lock_guard lock(mutex_);
  if (said.kind == FrontMessage::kServing) {
    state_.serving = true;
    state_.unconfined = why;
  }
  std::optional<FrontFigures> figures;
  if (said.kind == FrontMessage::kFigures) figures = DecodeFrontFigures(said.body);
  if (!figures) return;
  state_.figures = *figures;
  state_.figures.turned_away += turned_away_before_;
}

}  // namespace twinning::server

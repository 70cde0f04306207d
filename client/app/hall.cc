#include "client/app/hall.h"

#include <future>
#include <utility>

#include "client/desk/around.h"
#include "client/engine/event_loop.h"
#include "client/engine/file_watch.h"
#include "client/engine/sync.h"
#include "client/replica/directory.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

// How long to leave the lock to another process, or the server to itself, before trying again.
constexpr int64_t kTryLockMs = 2'000;
constexpr int64_t kTryServerMs = 30'000;

absl::Status Closing() { return Unavailable("The program is closing. Nothing was changed."); }

}  // namespace

absl::StatusOr<std::unique_ptr<Hall>> Hall::Open(const std::string& directory, Journal& journal) {
  TWINNING_ASSIGN_OR_RETURN(auto replica, client::Replica::Open(directory));
  TWINNING_RETURN_IF_ERROR(replica->Refresh());
  return std::unique_ptr<Hall>(new Hall(std::move(replica), journal));
}

Hall::Hall(std::unique_ptr<client::Replica> replica, Journal& journal)
    : replica_(std::move(replica)),
      identity_(replica_->identity()),
      directory_(replica_->directory()),
      id_(identity_.ledger.hex()),
      rooms_(
          [this, &journal](Json step) {
            step["partnership"] = id_;
            journal.Add("text", desk::LineOf(step));
          },
          [] { return desk::RandomHex(8); }),
      journal_(journal),
      news_(id_, *replica_, journal),
      needs_(*replica_) {
  thread_ = std::thread([this] { Run(); });
}

Hall::~Hall() {
  stop_.request_stop();
  EndRound();
  thread_.join();
}

absl::StatusOr<Json> Hall::Ask(Work work) {
  auto promise = std::make_shared<std::promise<absl::StatusOr<Json>>>();
  std::future<absl::StatusOr<Json>> answer = promise->get_future();
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (stop_.stop_requested()) return Closing();
    waiting_.push_back([this, promise = std::move(promise), work = std::move(work)] {
      absl::Status fresh = replica_->Refresh();
      Desk desk{*replica_, rooms_, needs_, journal_};
      absl::StatusOr<Json> done = fresh.ok() ? work(desk) : fresh;
      Tell();
      promise->set_value(std::move(done));
    });
  }
  Poke();
  try {
    return answer.get();
  } catch (const std::future_error&) {
    return Closing();
  }
}

void Hall::SetPost(Post post) {
  std::lock_guard<std::mutex> guard(mutex_);
  post_ = std::move(post);
}

void Hall::Poke() {
  std::lock_guard<std::mutex> guard(mutex_);
  if (post_) post_([this] { DoAll(); });
}

void Hall::DoAll() {
  std::vector<std::function<void()>> work;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    work.swap(waiting_);
  }
  for (std::function<void()>& one : work) one();
}

void Hall::ConnectNow() {
  (void)Ask([this](Desk& desk) -> absl::StatusOr<Json> {
    if (!desk.replica.sync_state().connected) EndRound();
    return Json();
  });
}

void Hall::EndRound() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    round_.request_stop();
  }
  Poke();
}

std::stop_token Hall::NextRound() {
  std::lock_guard<std::mutex> guard(mutex_);
  if (!stop_.stop_requested()) round_ = std::stop_source();
  return round_.get_token();
}

void Hall::Run() {
  needs_.On(desk::Today());  // the first page asks for it, and the browser is not here yet
  client::SyncOptions options;
  options.on_progress = [this](const client::Progress&) { TellSoon(); };
  bool began = false;
  options.at_work = [this, &began](Post post) {
    began = true;
    SetPost(std::move(post));
    Poke();
  };
  while (!stop_.stop_requested()) {
    // Why it ended is in the replica's sync state, which the journal tells.
    began = false;
    options.stop = NextRound();
    (void)client::SyncLoop(*replica_, options);
    if (!options.stop.stop_requested()) Pause(began ? kTryServerMs : kTryLockMs);
  }
  std::lock_guard<std::mutex> guard(mutex_);
  post_ = nullptr;
  waiting_.clear();
}

// Another process syncs this replica, or the server let go of us for good: what is written here
// goes on, and what that process does is seen.
void Hall::Pause(int64_t ms) {
  client::EventLoop loop;
  client::Directory directory(directory_);
  auto applied = client::FileWatch::Open(directory.applied());
  auto written = client::FileWatch::Open(directory.wake());
  for (auto* watch : {&applied, &written}) {
    if (!watch->ok()) continue;
    loop.Watch((**watch)->fd(), [this, watch] {
      (**watch)->Clear();
      Tell();
    });
  }
  bool over = false;
  loop.SetTimer(ms, [&over] { over = true; });
  SetPost(loop.Poster());
  Poke();
  const std::stop_token round = round_.get_token();
  loop.Run([&] { return over || round.stop_requested(); });
}

void Hall::Tell() {
  telling_ = false;
  if (!replica_->Refresh().ok()) return;  // who asks next is told why
  rooms_.Follow(replica_->view(), identity_.town);
  news_.Tell();
}

// Not from inside the engine's step, and once for many of them.
void Hall::TellSoon() {
  if (std::exchange(telling_, true)) return;
  std::lock_guard<std::mutex> guard(mutex_);
  if (post_) post_([this] { Tell(); });
}

}  // namespace twinning::app

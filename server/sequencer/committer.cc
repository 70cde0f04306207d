#include "server/sequencer/committer.h"

#include <chrono>
#include <utility>

#include "common/base/status.h"
#include "server/log/log.h"

namespace twinning::server {

Committer::Committer(Ledger& ledger, Sequencer::Clock now_ms, Failed failed,
                     const sync::ServerLimits& limits, Room room, Measures* measures)
    : sequencer_(ledger, std::move(now_ms), limits, std::move(room), measures),
      failed_(std::move(failed)),
      thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

bool Committer::Post(Task task) {
  std::lock_guard lock(mutex_);
  if (stopping_) return false;
  tasks_.push_back(std::move(task));
  if (tasks_.size() == 1) wake_.notify_one();
  return true;
}

size_t Committer::waiting() const {
  std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Committer::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

// Empty when there is nothing left and nothing will come. A full disk is tried again now and then.
std::vector<Committer::Task> Committer::Wait() {
  constexpr auto kTryAgain = std::chrono::seconds(1);
  auto something = [this] { return stopping_ || !tasks_.empty(); };
  std::unique_lock lock(mutex_);
  if (sequencer_.full() && !wake_.wait_for(lock, kTryAgain, something)) {
    return {[](Sequencer&) {}};
  }
  wake_.wait(lock, something);
  return std::exchange(tasks_, {});
}

void Committer::Run() {
  while (true) {
    std::vector<Task> tasks = Wait();
    if (tasks.empty()) break;
    if (!Round(std::move(tasks))) break;
  }
  sequencer_.End();
}

bool Committer::Round(std::vector<Task> tasks) {
  for (Task& task : tasks) task(sequencer_);
  absl::Status committed = sequencer_.Commit();
  if (committed.ok()) return true;
  LogError("the ledger failed: " + MessageOf(committed));
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    tasks_.clear();
  }
  failed_(committed);
  return false;
}

}  // namespace twinning::server

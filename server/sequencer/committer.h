// The one thread that checks, sequences and commits: whatever arrives while one commit runs goes
// into the next one, with one fsync.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "server/sequencer/sequencer.h"

namespace twinning::server {

// Safe from any thread. Its queue is bounded by its callers: a stream has at most one message
// received, one written and one end in it.
class Committer {
 public:
  using Task = std::function<void(Sequencer&)>;
  using Failed = std::function<void(const absl::Status&)>;

  // `ledger` and `measures` must outlive it. `failed` is called once, from the thread, when the
  // ledger failed; from then on nothing is taken any more.
  Committer(Ledger& ledger, Sequencer::Clock now_ms, Failed failed,
            const sync::ServerLimits& limits = {}, Room room = {}, Measures* measures = nullptr);
  ~Committer();

  sync::SessionId NextSession() { return ++last_session_; }

  // Runs `task` on the thread; what it sequences is committed after it. False when stopped: it will
  // not run.
  bool Post(Task task);

  // Runs `work` on the thread and waits for what it answers; none when stopped, or when the
  // patience is over first: it runs all the same. From any other thread.
  template <typename Answer>
  std::optional<Answer> Ask(std::function<Answer(Sequencer&)> work,
                            std::chrono::milliseconds patience = std::chrono::hours(1)) {
    auto promise = std::make_shared<std::promise<Answer>>();
    std::future<Answer> answer = promise->get_future();
    Post([promise = std::move(promise), work = std::move(work)](Sequencer& sequencer) {
      promise->set_value(work(sequencer));
    });
    if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
    try {
      return answer.get();
    } catch (const std::future_error&) {  // it will not run
      return std::nullopt;
    }
  }

  // Tasks that wait.
  size_t waiting() const;

  // Carries out what has been posted, commits, says SHUTTING_DOWN to every session and ends the
  // thread.
  void Stop();

 private:
  void Run();
  std::vector<Task> Wait();
  bool Round(std::vector<Task> tasks);

  Sequencer sequencer_;
  const Failed failed_;
  std::atomic<sync::SessionId> last_session_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace twinning::server

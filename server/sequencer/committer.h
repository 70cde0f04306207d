// The one thread that checks, sequences and commits: whatever arrives while one commit runs goes
// into the next one, with one fsync.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
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

  // `ledger` must outlive it. `failed` is called once, from the thread, when the ledger failed;
  // from then on nothing is taken any more.
  Committer(Ledger& ledger, Sequencer::Clock now_ms, Failed failed,
            const sync::ServerLimits& limits = {}, Room room = {});
  ~Committer();

  sync::SessionId NextSession() { return ++last_session_; }

  // Runs `task` on the thread; what it sequences is committed after it. False when stopped: it will
  // not run.
  bool Post(Task task);

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

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  bool stopping_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace twinning::server

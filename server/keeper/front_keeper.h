// Keeps the front alive: starts the process that strangers speak to, takes what it passes on,
// starts it again when it ends, and replaces it when it is to show another certificate. Whoever
// connects meanwhile waits at the listening socket, which stays open here.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/door/socket.h"
#include "server/keeper/front_life.h"

namespace twinning::server {

// How the front is; from any thread.
struct FrontState {
  pid_t pid = 0;  // 0: there is none now
  bool serving = false;
  std::string unconfined;  // why it could do more than it should; empty: it cannot
  uint64_t restarts = 0;   // because it ended, or nobody reached it
  std::string last_end;    // how it ended then
  FrontFigures figures;    // turned away: in all its lives
};

class FrontKeeper {
 public:
  struct Work {
    std::string program;                               // path
    std::function<absl::StatusOr<FrontPair>()> shown;  // what it is to show now
    FrontLife::Take take;
  };
  // Called on a thread of its own from now on.
  FrontKeeper(OwnedFd listening, Work work);
  ~FrontKeeper();

  // Replaces the process, after what is open, if it shows something else than it is to show now.
  void ShowAnew();
  // Starts it again: it is of no use as it is.
  void StartAgain(const std::string& why);
  // Lets it answer what is open, for a few seconds, and ends it.
  void Stop();

  FrontState state() const;

 private:
  enum class Leave { kNo, kStop, kShowAnew, kStartAgain };

  void Run();
  // From its start to its end, and how that came.
  std::string Live();
  void Hear(const FrontMessage& said);
  Leave leave() const;
  void Ask(Leave leave);
  void NoteStart(const FrontLife& life, const FrontPair& shown);
  void NoteEnd();
  // False when it is to stop meanwhile.
  bool Pause(std::chrono::milliseconds pause);

  const OwnedFd listening_;
  const Work work_;
  const std::shared_ptr<WakeUp> wake_;

  mutable std::mutex mutex_;  // over all below
  std::condition_variable stop_;
  Leave leave_ = Leave::kNo;
  std::string why_;  // of kStartAgain
  FrontPair shown_;
  FrontState state_;
  uint64_t turned_away_before_ = 0;  // in lives that are over
  std::thread thread_;               // last: it uses all of the above
};

}  // namespace twinning::server

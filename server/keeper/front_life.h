// One life of the front, from its start to its end, as its keeper sees it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/front/channel.h"
#include "server/keeper/front_line.h"
#include "server/keeper/front_process.h"
#include "server/keeper/pace.h"

namespace twinning::server {

// For one thread.
class FrontLife {
 public:
  // What strangers ask. `reply` may be used by any thread; this must not wait.
  using Take = std::function<void(const FrontMessage& asked, std::shared_ptr<FrontReply> reply)>;
  // What it says of itself: kServing, kFigures.
  using Hear = std::function<void(const FrontMessage& said)>;

  // Starts the process and tells it to begin. `wake` is rung when there is something to do.
  static absl::StatusOr<std::unique_ptr<FrontLife>> Begin(const std::string& program,
                                                          int listening_fd, const FrontPair& shown,
                                                          std::shared_ptr<WakeUp> wake);

  pid_t pid() const { return process_->pid(); }
  // OK when `leave`, which is asked after every ring, says so; why not when it ended or broke.
  absl::Status Serve(const Take& take, const Hear& hear, const std::function<bool()>& leave);
  // Lets it answer what is open, for a while, and go. How it ended, in words.
  std::string End();

 private:
  using Time = std::chrono::steady_clock::time_point;

  FrontLife(FrontChannel channel, std::unique_ptr<FrontProcess> process,
            std::shared_ptr<WakeUp> wake);
  // Waits until there is something to do, or the time comes.
  void Wait();
  int Patience_ms() const;
  bool TakesMore() const;
  absl::Status SendAnswers();
  absl::Status ReceiveAll(const Take& take, const Hear& hear);

  const FrontChannel channel_;
  const std::unique_ptr<FrontProcess> process_;
  const std::shared_ptr<WakeUp> wake_;
  const std::shared_ptr<FrontLine> line_;
  Pace pace_;
  int64_t pause_us_ = 0;  // until the pace lets another call in
  bool unsent_ = false;   // it did not take the last answer
  // By then it must say that it serves, or be gone.
  std::optional<Time> until_;
  bool ending_ = false;
};

}  // namespace twinning::server

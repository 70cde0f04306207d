// One thread that does one thing after another: what other threads hand to it, files that became
// readable, and what is due. The shell around the engine; nothing here knows what it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace twinning::client {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // A function that hands work to the loop from any thread. It may outlive the loop: what comes
  // then is dropped.
  std::function<void(std::function<void()>)> Poster();

  // Calls `work` whenever `fd` can be read, from now on. The loop does not own it.
  void Watch(int fd, std::function<void()> work);

  // Runs until `done` says so, asked after every piece of work; false when `deadline_ms` has passed
  // first, counted from the last time that `moved` gave another answer than before.
  bool Run(const std::function<bool()>& done, int64_t deadline_ms,
           const std::function<uint64_t()>& moved);
  void Run(const std::function<bool()>& done);

  // One piece of work that becomes due; a new one takes the place of the last.
  void SetTimer(int64_t delay_ms, std::function<void()> work);
  void ClearTimer() { timer_ = nullptr; }

 private:
  struct Queue;
  struct Watched {
    int fd;
    std::function<void()> work;
  };

  void Step(int64_t wait_ms);
  int64_t UntilTimer() const;  // -1: none is set

  std::shared_ptr<Queue> queue_;
  std::vector<Watched> watched_;
  std::function<void()> timer_;
  int64_t timer_at_ms_ = 0;
};

}  // namespace twinning::client

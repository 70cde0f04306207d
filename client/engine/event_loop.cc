#include "client/engine/event_loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>

namespace twinning::client {
namespace {

int64_t NowMs() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

int64_t Sooner(int64_t a, int64_t b) {
  if (a < 0 || b < 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

// Shared with the posters, so that they may outlive the loop.
struct EventLoop::Queue {
  Queue() : wake_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Queue() { close(wake_fd); }

  void Add(std::function<void()> work) {
    {
      std::lock_guard<std::mutex> guard(mutex);
      if (closed) return;
      waiting.push_back(std::move(work));
    }
    uint64_t one = 1;
    // A full counter wakes the loop just as well.
    (void)!write(wake_fd, &one, sizeof(one));
  }

  std::deque<std::function<void()>> TakeAll() {
    uint64_t count;
    (void)!read(wake_fd, &count, sizeof(count));
    std::lock_guard<std::mutex> guard(mutex);
    return std::exchange(waiting, {});
  }

  void Close() {
    std::deque<std::function<void()>> dropped;
    std::lock_guard<std::mutex> guard(mutex);
    closed = true;
    dropped.swap(waiting);
  }

  const int wake_fd;
  std::mutex mutex;
  std::deque<std::function<void()>> waiting;
  bool closed = false;
};

EventLoop::EventLoop() : queue_(std::make_shared<Queue>()) {}

EventLoop::~EventLoop() { queue_->Close(); }

std::function<void(std::function<void()>)> EventLoop::Poster() {
  return [queue = queue_](std::function<void()> work) { queue->Add(std::move(work)); };
}

void EventLoop::Watch(int fd, std::function<void()> work) {
  watched_.push_back({fd, std::move(work)});
}

void EventLoop::SetTimer(int64_t delay_ms, std::function<void()> work) {
  timer_ = std::move(work);
  timer_at_ms_ = NowMs() + delay_ms;
}

int64_t EventLoop::UntilTimer() const {
  return timer_ ? std::max<int64_t>(0, timer_at_ms_ - NowMs()) : -1;
}

bool EventLoop::Run(const std::function<bool()>& done, int64_t deadline_ms,
                    const std::function<uint64_t()>& moved) {
  uint64_t last = moved();
  int64_t since = NowMs();
  while (!done()) {
    int64_t left = since + deadline_ms - NowMs();
    if (left <= 0) return false;
    Step(left);
    if (uint64_t now = moved(); now != last) {
      last = now;
      since = NowMs();
    }
  }
  return true;
}

void EventLoop::Run(const std::function<bool()>& done) {
  while (!done()) Step(-1);
}

void EventLoop::Step(int64_t wait_ms) {
  std::vector<pollfd> polled{{queue_->wake_fd, POLLIN, 0}};
  for (const Watched& watched : watched_) polled.push_back({watched.fd, POLLIN, 0});
  int64_t wait = std::min<int64_t>(Sooner(wait_ms, UntilTimer()), std::numeric_limits<int>::max());
  if (poll(polled.data(), polled.size(), static_cast<int>(wait)) < 0) return;
  for (size_t i = 0; i < watched_.size(); ++i) {
    if (polled[i + 1].revents != 0) watched_[i].work();
  }
  for (std::function<void()>& work : queue_->TakeAll()) work();
  if (UntilTimer() == 0) std::exchange(timer_, nullptr)();
}

}  // namespace twinning::client

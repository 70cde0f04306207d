// Looks now and then whether a listener can still be reached, as its callers would reach it.
// gRPC 1.51 can stop listening without saying so; only another start helps then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/status/status.h"

namespace twinning::server {

class SelfProbe {
 public:
  static constexpr int kFailuresMax = 3;

  using Probe = std::function<absl::Status()>;
  // `unreachable` is called from the probe's thread when so many probes failed in a row.
  SelfProbe(Probe probe, std::function<void()> unreachable)
      : probe_(std::move(probe)), unreachable_(std::move(unreachable)) {}
  ~SelfProbe();

  // Looks on a thread of its own, first after one interval.
  void Begin(std::chrono::milliseconds interval);
  // Looks no more; `unreachable` is not called any more.
  void Stop();

  // One look; what Begin does again and again. For one thread at a time.
  void Look();

 private:
  void Run(std::chrono::milliseconds interval);

  const Probe probe_;
  const std::function<void()> unreachable_;
  int failures_ = 0;  // in a row

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace twinning::server

#include "server/rpc/self_probe.h"

#include <fmt/core.h>

#include "common/base/status.h"
#include "server/log/log.h"

namespace twinning::server {

SelfProbe::~SelfProbe() { Stop(); }

void SelfProbe::Begin(std::chrono::milliseconds interval) {
  thread_ = std::thread([this, interval] { Run(interval); });
}

void SelfProbe::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void SelfProbe::Run(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    Look();
    lock.lock();
  }
}

void SelfProbe::Look() {
  absl::Status reached = probe_();
  if (reached.ok()) {
    failures_ = 0;
    return;
  }
  ++failures_;
  LogWarning(fmt::format("the server did not reach itself ({} of {}): {}", failures_, kFailuresMax,
                         MessageOf(reached)));
  if (failures_ != kFailuresMax) return;
  failures_ = 0;
  unreachable_();
}

}  // namespace twinning::server

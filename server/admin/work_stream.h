// An answer in many messages that takes long to make: the work runs on a thread of its own and
// hands over one message after another.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "server/door/answer.h"
#include "server/door/happens_before.h"

namespace twinning::server {

template <typename Message>
class WorkStream final : public grpc::ServerWriteReactor<Message> {
 public:
  // Returns when the message has left; Cancelled when whoever asked is gone.
  using Emit = std::function<absl::Status(Message)>;
  using Work = std::function<absl::Status(const Emit&)>;

  // A reactor for gRPC, which keeps itself until OnDone and the end of the work.
  static WorkStream* Begin(Work work) {
    std::shared_ptr<WorkStream> stream(new WorkStream());
    stream->self_ = stream;
    std::thread([stream, work = std::move(work)] { stream->Run(work); }).detach();
    return stream.get();
  }

  void OnWriteDone(bool ok) override {
    TWINNING_OPERATION_DONE(this);
    std::lock_guard lock(mutex_);
    writing_ = false;
    gone_ = gone_ || !ok;
    changed_.notify_one();
  }
  void OnCancel() override {
    std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_one();
  }
  void OnDone() override {
    TWINNING_OPERATION_DONE(this);
    std::shared_ptr<WorkStream> self = std::move(self_);
  }

 private:
  WorkStream() = default;

  void Run(const Work& work) {
    absl::Status status = work([this](Message message) { return Write(std::move(message)); });
    TWINNING_OPERATION_STARTS(this);
    this->Finish(GrpcStatus(status));
  }

  absl::Status Write(Message message) {
    std::unique_lock lock(mutex_);
    if (gone_) return absl::CancelledError("");
    writing_ = true;
    message_ = std::move(message);
    TWINNING_OPERATION_STARTS(this);
    this->StartWrite(&message_);
    changed_.wait(lock, [this] { return !writing_; });
    return gone_ ? absl::CancelledError("") : absl::OkStatus();
  }

  std::shared_ptr<WorkStream> self_;  // until OnDone
  std::mutex mutex_;                  // over all below
  std::condition_variable changed_;
  Message message_;  // under way
  bool writing_ = false;
  bool gone_ = false;
};

}  // namespace twinning::server

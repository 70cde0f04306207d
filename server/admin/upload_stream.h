// A call that brings much and is answered once, as WorkStream with the direction turned round: the
// work runs on a thread of its own and takes one message after another.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "server/door/answer.h"
#include "server/door/happens_before.h"

namespace twinning::server {

template <typename Message, typename Response>
class UploadStream final : public grpc::ServerReadReactor<Message> {
 public:
  // The next message; none: that was the last. Cancelled when whoever brings them is gone.
  using Next = std::function<absl::StatusOr<std::optional<Message>>()>;
  using Work = std::function<absl::StatusOr<Response>(const Next&)>;

  // A reactor for gRPC, which keeps itself until OnDone and the end of the work.
  static UploadStream* Begin(Response* response, Work work) {
    std::shared_ptr<UploadStream> stream(new UploadStream(response));
    stream->self_ = stream;
    std::thread([stream, work = std::move(work)] { stream->Run(work); }).detach();
    return stream.get();
  }

  void OnReadDone(bool ok) override {
    TWINNING_OPERATION_DONE(this);
    std::lock_guard lock(mutex_);
    reading_ = false;
    ended_ = ended_ || !ok;
    changed_.notify_one();
  }
  void OnCancel() override {
    std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_one();
  }
  void OnDone() override {
    TWINNING_OPERATION_DONE(this);
    std::shared_ptr<UploadStream> self = std::move(self_);
  }

 private:
  explicit UploadStream(Response* response) : response_(response) {}

  void Run(const Work& work) {
    absl::StatusOr<Response> answer = work([this] { return Take(); });
    if (answer.ok()) *response_ = *std::move(answer);
    TWINNING_OPERATION_STARTS(this);
    this->Finish(GrpcStatus(answer.status()));
  }

  absl::StatusOr<std::optional<Message>> Take() {
    std::unique_lock lock(mutex_);
    if (gone_) return absl::CancelledError("");
    if (ended_) return std::nullopt;
    reading_ = true;
    TWINNING_OPERATION_STARTS(this);
    this->StartRead(&message_);
    changed_.wait(lock, [this] { return !reading_; });
    if (gone_) return absl::CancelledError("");
    if (ended_) return std::nullopt;
    return std::optional<Message>(std::move(message_));
  }

  Response* const response_;
  std::shared_ptr<UploadStream> self_;  // until OnDone
  std::mutex mutex_;                    // over all below
  std::condition_variable changed_;
  Message message_;
  bool reading_ = false;
  bool ended_ = false;
  bool gone_ = false;
};

}  // namespace twinning::server

// One answer to one unary call, given from whichever thread comes to it. A call that is forgotten
// is answered too: gRPC cannot end while one is open.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>

#include "absl/status/statusor.h"
#include "common/base/status.h"

namespace twinning::server {

inline grpc::Status GrpcStatus(const absl::Status& status) {
  // The two libraries number their codes alike.
  return {static_cast<grpc::StatusCode>(status.code()), MessageOf(status)};
}

template <typename Response>
class Answer {
 public:
  // `response` lives until the answer is given.
  static std::shared_ptr<Answer> To(grpc::CallbackServerContext* context, Response* response) {
    return std::shared_ptr<Answer>(new Answer(context->DefaultReactor(), response));
  }
  ~Answer() { Give(Unavailable("the server is shutting down: try again")); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  grpc::ServerUnaryReactor* reactor() { return reactor_; }

  // Only the first counts.
  void Give(absl::StatusOr<Response> response) {
    if (given_.exchange(true)) return;
    if (response.ok()) *response_ = *std::move(response);
    reactor_->Finish(GrpcStatus(response.status()));
  }

 private:
  Answer(grpc::ServerUnaryReactor* reactor, Response* response)
      : reactor_(reactor), response_(response) {}

  grpc::ServerUnaryReactor* reactor_;
  Response* response_;
  std::atomic<bool> given_ = false;
};

}  // namespace twinning::server

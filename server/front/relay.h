// The enrolment service as the front offers it: it judges the form of what strangers ask, hands it
// to the server, and gives back what the server answers. It holds no key, no ledger and no rule.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "server/front/channel.h"
#include "twinning/v1/enrolment.grpc.pb.h"

namespace twinning::server {

// Safe from any thread.
class Relay final : public v1::Enrolment::CallbackService {
 public:
  // `channel` must outlive it; only it sends there.
  explicit Relay(const FrontChannel& channel);

  grpc::ServerUnaryReactor* Enrol(grpc::CallbackServerContext* context,
                                  const v1::EnrolRequest* request,
                                  v1::EnrolResponse* response) override;
  grpc::ServerUnaryReactor* Challenge(grpc::CallbackServerContext* context,
                                      const v1::ChallengeRequest* request,
                                      v1::ChallengeResponse* response) override;
  grpc::ServerUnaryReactor* Renew(grpc::CallbackServerContext* context,
                                  const v1::RenewRequest* request,
                                  v1::Certification* response) override;

  // Ends the call with what the server answered; one that nobody waits for is passed over.
  void Answered(uint64_t call, const absl::StatusOr<std::string>& answer);

  // False when the server does not take it.
  bool Send(FrontMessage message);

 private:
  using Done = std::function<void(const absl::StatusOr<std::string>&)>;
  struct Open {
    std::string source;  // empty: this machine
    Done done;
  };
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Pass(FrontMessage::Kind kind, grpc::CallbackServerContext* context,
                                 const Request& request, Response* response);
  // Ends the call itself when it cannot be passed on.
  void PassOn(FrontMessage message, Open open);
  bool HasRoomFor(const std::string& source) const;

  const FrontChannel& channel_;
  std::mutex mutex_;  // over all below, and over sending
  uint64_t last_call_ = 0;
  std::map<uint64_t, Open> open_;
};

}  // namespace twinning::server

#include "server/front/relay.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "server/door/answer.h"
#include "server/door/happens_before.h"
#include "server/front/formed.h"

namespace twinning::server {
namespace {

constexpr std::ptrdiff_t kMaxOpenOfOne = 8;  // calls at once of one address

// "ipv4:10.0.0.1:50123" without the port; empty for this machine's own.
std::string SourceOf(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();
  const bool own = peer.rfind("ipv4:127.", 0) == 0 || peer.rfind("ipv6:[::1]", 0) == 0 ||
                   peer.rfind("ipv6:%5B::1%5D", 0) == 0;
  return own ? "" : peer.substr(0, peer.rfind(':'));
}

absl::Status Busy() {
  return Unavailable("too many ask at once: try again in a minute; a code stays good meanwhile");
}

template <typename Response>
absl::StatusOr<Response> ResponseIn(const absl::StatusOr<std::string>& answer) {
  if (!answer.ok()) return answer.status();
  Response response;
  if (response.ParseFromString(*answer)) return response;
  return Internal("the server's answer cannot be read");
}

}  // namespace

Relay::Relay(const FrontChannel& channel) : channel_(channel) { TWINNING_OPERATION_STARTS(this); }

template <typename Request, typename Response>
grpc::ServerUnaryReactor* Relay::Pass(FrontMessage::Kind kind, grpc::CallbackServerContext* context,
                                      const Request& request, Response* response) {
  TWINNING_OPERATION_DONE(this);
  auto answer = Answer<Response>::To(context, response);
  if (absl::Status formed = CheckFormed(request); !formed.ok()) {
    answer->Give(formed);
    return answer->reactor();
  }
  PassOn({kind, 0, request.SerializeAsString()},
         {SourceOf(*context), [answer](const absl::StatusOr<std::string>& given) {
            answer->Give(ResponseIn<Response>(given));
          }});
  return answer->reactor();
}

grpc::ServerUnaryReactor* Relay::Enrol(grpc::CallbackServerContext* context,
                                       const v1::EnrolRequest* request,
                                       v1::EnrolResponse* response) {
  return Pass(FrontMessage::kEnrol, context, *request, response);
}

grpc::ServerUnaryReactor* Relay::Challenge(grpc::CallbackServerContext* context,
                                           const v1::ChallengeRequest* request,
                                           v1::ChallengeResponse* response) {
  return Pass(FrontMessage::kChallenge, context, *request, response);
}

grpc::ServerUnaryReactor* Relay::Renew(grpc::CallbackServerContext* context,
                                       const v1::RenewRequest* request,
                                       v1::Certification* response) {
  return Pass(FrontMessage::kRenew, context, *request, response);
}

bool Relay::HasRoomFor(const std::string& source) const {
  if (open_.size() >= kMaxOpenCalls) return false;
  if (source.empty()) return true;
  return std::count_if(open_.begin(), open_.end(), [&](const auto& one) {
           return one.second.source == source;
         }) < kMaxOpenOfOne;
}

void Relay::PassOn(FrontMessage message, Open open) {
  const Done done = open.done;
  {
    std::lock_guard lock(mutex_);
    if (HasRoomFor(open.source)) {
      message.call = ++last_call_;
      if (channel_.Send(message).ok()) {
        open_.emplace(message.call, std::move(open));
        return;
      }
    }
  }
  done(Busy());
}

bool Relay::Send(FrontMessage message) {
  std::lock_guard lock(mutex_);
  return channel_.Send(message).ok();
}

void Relay::Answered(uint64_t call, const absl::StatusOr<std::string>& answer) {
  Done done;
  {
    std::lock_guard lock(mutex_);
    auto found = open_.find(call);
    if (found == open_.end()) return;
    done = std::move(found->second.done);
    open_.erase(found);
  }
  done(answer);
}

}  // namespace twinning::server

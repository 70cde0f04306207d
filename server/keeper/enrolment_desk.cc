#include "server/keeper/enrolment_desk.h"

#include "common/base/status.h"
#include "server/front/formed.h"

namespace twinning::server {
namespace {

template <typename Request>
absl::StatusOr<std::shared_ptr<Request>> Read(const FrontMessage& asked) {
  auto request = std::make_shared<Request>();
  if (!request->ParseFromString(asked.body)) return InvalidArgument("that is no request");
  TWINNING_RETURN_IF_ERROR(CheckFormed(*request));
  return request;
}

template <typename Response>
absl::StatusOr<std::string> BytesOf(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->SerializeAsString();
}

}  // namespace

void EnrolmentDesk::Take(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply) {
  if (asked.kind == FrontMessage::kEnrol) return Enrol(asked, reply);
  if (asked.kind == FrontMessage::kChallenge) return Challenge(reply);
  if (asked.kind == FrontMessage::kRenew) return Renew(asked, reply);
  reply->Give(InvalidArgument("that is no request"));
}

void EnrolmentDesk::Enrol(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply) {
  auto request = Read<v1::EnrolRequest>(asked);
  if (!request.ok()) return reply->Give(request.status());
  committer_.Post([this, request = *request, reply](Sequencer& sequencer) {
    enrolment_.Enrol(sequencer, *request, [reply](const absl::StatusOr<v1::EnrolResponse>& given) {
      reply->Give(BytesOf(given));
    });
  });
}

void EnrolmentDesk::Challenge(const std::shared_ptr<FrontReply>& reply) {
  committer_.Post([this, reply](Sequencer& sequencer) {
    reply->Give(enrolment_.MakeChallenge(sequencer.now_ms()).SerializeAsString());
  });
}

void EnrolmentDesk::Renew(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply) {
  auto request = Read<v1::RenewRequest>(asked);
  if (!request.ok()) return reply->Give(request.status());
  committer_.Post([this, request = *request, reply](Sequencer& sequencer) {
    reply->Give(BytesOf(enrolment_.Renew(sequencer, *request)));
  });
}

}  // namespace twinning::server

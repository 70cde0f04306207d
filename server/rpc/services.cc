#include "server/rpc/services.h"

#include <utility>

#include "server/door/answer.h"
#include "server/rpc/credentials.h"
#include "server/door/happens_before.h"
#include "server/rpc/sync_stream.h"
#include "twinning/v1/enrolment.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::server {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class SyncService final : public v1::Sync::CallbackService {
 public:
  SyncService(Committer& committer, Enrolment& enrolment, const RevokedList& revoked,
              OpenStreams& open)
      : committer_(committer), enrolment_(enrolment), revoked_(revoked), open_(open) {
    TWINNING_OPERATION_STARTS(this);
  }

  grpc::ServerBidiReactor<v1::ClientMessage, v1::ServerMessage>* Connect(
      CallbackServerContext* context) override {
    TWINNING_OPERATION_DONE(this);
    return SyncStream::Begin(context, committer_, open_, {PeerKey(*context), revoked_});
  }

  ServerUnaryReactor* Renew(CallbackServerContext* context, const v1::RenewRequest* request,
                            v1::Certification* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::Certification>::To(context, response);
    std::string key = PeerKey(*context).value_or("");
    committer_.Post([this, answer, request, key](Sequencer& sequencer) {
      answer->Give(enrolment_.RenewFor(sequencer, request->ledger(), key));
    });
    return answer->reactor();
  }

  ServerUnaryReactor* Continue(CallbackServerContext* context, const v1::ContinueRequest* request,
                               v1::ContinueResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::ContinueResponse>::To(context, response);
    std::string key = PeerKey(*context).value_or("");
    committer_.Post([this, answer, request, key](Sequencer& sequencer) {
      enrolment_.Continue(
          sequencer, *request, key,
          [answer](absl::StatusOr<v1::ContinueResponse> given) { answer->Give(std::move(given)); });
    });
    return answer->reactor();
  }

 private:
  Committer& committer_;
  Enrolment& enrolment_;
  const RevokedList& revoked_;
  OpenStreams& open_;
};

class EnrolmentService final : public v1::Enrolment::CallbackService {
 public:
  EnrolmentService(Committer& committer, Enrolment& enrolment)
      : committer_(committer), enrolment_(enrolment) {
    TWINNING_OPERATION_STARTS(this);
  }

  ServerUnaryReactor* Enrol(CallbackServerContext* context, const v1::EnrolRequest* request,
                            v1::EnrolResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::EnrolResponse>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      enrolment_.Enrol(sequencer, *request, [answer](absl::StatusOr<v1::EnrolResponse> given) {
        answer->Give(std::move(given));
      });
    });
    return answer->reactor();
  }

  ServerUnaryReactor* Challenge(CallbackServerContext* context, const v1::ChallengeRequest*,
                                v1::ChallengeResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::ChallengeResponse>::To(context, response);
    committer_.Post([this, answer](Sequencer& sequencer) {
      answer->Give(enrolment_.MakeChallenge(sequencer.now_ms()));
    });
    return answer->reactor();
  }

  ServerUnaryReactor* Renew(CallbackServerContext* context, const v1::RenewRequest* request,
                            v1::Certification* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::Certification>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      answer->Give(enrolment_.Renew(sequencer, *request));
    });
    return answer->reactor();
  }

 private:
  Committer& committer_;
  Enrolment& enrolment_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSyncService(Committer& committer, Enrolment& enrolment,
                                               const RevokedList& revoked, OpenStreams& open) {
  return std::make_unique<SyncService>(committer, enrolment, revoked, open);
}

std::unique_ptr<grpc::Service> MakeEnrolmentService(Committer& committer, Enrolment& enrolment) {
  return std::make_unique<EnrolmentService>(committer, enrolment);
}

}  // namespace twinning::server

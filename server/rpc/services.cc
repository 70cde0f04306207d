#include "server/rpc/services.h"

#include <utility>

#include "server/door/answer.h"
#include "server/door/happens_before.h"
#include "server/rpc/credentials.h"
#include "server/rpc/sync_stream.h"
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

}  // namespace

std::unique_ptr<grpc::Service> MakeSyncService(Committer& committer, Enrolment& enrolment,
                                               const RevokedList& revoked, OpenStreams& open) {
  return std::make_unique<SyncService>(committer, enrolment, revoked, open);
}

}  // namespace twinning::server

#include "server/rpc/services.h"

#include "server/rpc/answer.h"
#include "server/rpc/happens_before.h"
#include "server/rpc/sync_stream.h"
#include "twinning/v1/enrolment.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::server {
namespace {

class SyncService final : public v1::Sync::CallbackService {
 public:
  explicit SyncService(Committer& committer) : committer_(committer) {
    TWINNING_OPERATION_STARTS(this);
  }

  grpc::ServerBidiReactor<v1::ClientMessage, v1::ServerMessage>* Connect(
      grpc::CallbackServerContext*) override {
    TWINNING_OPERATION_DONE(this);
    return SyncStream::Begin(committer_);
  }

 private:
  Committer& committer_;
};

class EnrolmentService final : public v1::Enrolment::CallbackService {
 public:
  EnrolmentService(Committer& committer, Enrolment& enrolment)
      : committer_(committer), enrolment_(enrolment) {
    TWINNING_OPERATION_STARTS(this);
  }

  grpc::ServerUnaryReactor* Enrol(grpc::CallbackServerContext* context,
                                  const v1::EnrolRequest* request,
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

 private:
  Committer& committer_;
  Enrolment& enrolment_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSyncService(Committer& committer) {
  return std::make_unique<SyncService>(committer);
}

std::unique_ptr<grpc::Service> MakeEnrolmentService(Committer& committer, Enrolment& enrolment) {
  return std::make_unique<EnrolmentService>(committer, enrolment);
}

}  // namespace twinning::server

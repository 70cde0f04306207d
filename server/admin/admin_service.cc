#include "server/admin/admin_service.h"

#include "server/admin/log_stream.h"
#include "server/rpc/answer.h"
#include "server/rpc/happens_before.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::server {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class AdminService final : public v1::Admin::CallbackService {
 public:
  AdminService(Committer& committer, Office& office) : committer_(committer), office_(office) {
    TWINNING_OPERATION_STARTS(this);
  }

  ServerUnaryReactor* CreatePartnership(CallbackServerContext* context,
                                        const v1::CreatePartnershipRequest* request,
                                        v1::PartnershipInfo* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::PartnershipInfo>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      office_.Create(
          sequencer, request->name(),
          [answer](absl::StatusOr<v1::PartnershipInfo> info) { answer->Give(std::move(info)); });
    });
    return answer->reactor();
  }

  ServerUnaryReactor* ListPartnerships(CallbackServerContext* context,
                                       const v1::ListPartnershipsRequest*,
                                       v1::ListPartnershipsResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::ListPartnershipsResponse>::To(context, response);
    committer_.Post(
        [this, answer](Sequencer& sequencer) { answer->Give(office_.List(sequencer)); });
    return answer->reactor();
  }

  ServerUnaryReactor* Invite(CallbackServerContext* context, const v1::InviteRequest* request,
                             v1::InviteResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::InviteResponse>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      office_.Invite(sequencer, *request, [answer](absl::StatusOr<v1::InviteResponse> invitation) {
        answer->Give(std::move(invitation));
      });
    });
    return answer->reactor();
  }

  grpc::ServerWriteReactor<v1::LogLine>* Log(CallbackServerContext*,
                                             const v1::LogRequest* request) override {
    TWINNING_OPERATION_DONE(this);
    return LogStream::Begin(committer_, office_, *request);
  }

 private:
  Committer& committer_;
  Office& office_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(Committer& committer, Office& office) {
  return std::make_unique<AdminService>(committer, office);
}

}  // namespace twinning::server

#include "server/admin/admin_service.h"

#include "server/admin/log_stream.h"
#include "server/admin/recovery.h"
#include "server/admin/work_stream.h"
#include "server/rpc/answer.h"
#include "server/rpc/happens_before.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::server {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

class AdminService final : public v1::Admin::CallbackService {
 public:
  AdminService(Committer& committer, Office& office, Safekeeping& safekeeping)
      : committer_(committer), office_(office), safekeeping_(safekeeping) {
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
    return Ask(context, response, [this](Sequencer& sequencer) { return office_.List(sequencer); });
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

  ServerUnaryReactor* ListInvitations(CallbackServerContext* context,
                                      const v1::ListInvitationsRequest* request,
                                      v1::ListInvitationsResponse* response) override {
    return Ask(context, response, [this, request](Sequencer& sequencer) {
      return office_.Invitations(sequencer, request->partnership());
    });
  }

  ServerUnaryReactor* WithdrawInvitation(CallbackServerContext* context,
                                         const v1::WithdrawInvitationRequest* request,
                                         v1::InvitationInfo* response) override {
    return Ask(context, response, [this, request](Sequencer& sequencer) {
      return office_.Withdraw(sequencer, request->id());
    });
  }

  ServerUnaryReactor* Revoke(CallbackServerContext* context, const v1::RevokeRequest* request,
                             v1::RevokeResponse* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::RevokeResponse>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      office_.Revoke(sequencer, *request, [answer](absl::StatusOr<v1::RevokeResponse> revoked) {
        answer->Give(std::move(revoked));
      });
    });
    return answer->reactor();
  }

  ServerUnaryReactor* RehomeCode(CallbackServerContext* context, const v1::RehomeCodeRequest*,
                                 v1::RehomeCodeResponse* response) override {
    return Ask(context, response, [this](Sequencer&) { return office_.RehomeCode(); });
  }

  ServerUnaryReactor* Audit(CallbackServerContext* context, const v1::AuditRequest* request,
                            v1::AuditResponse* response) override {
    return Ask(context, response, [this, request](Sequencer&) { return office_.Audit(*request); });
  }

  ServerUnaryReactor* Certificates(CallbackServerContext* context, const v1::CertificatesRequest*,
                                   v1::CertificatesResponse* response) override {
    return Ask(context, response, [this](Sequencer&) {
      return absl::StatusOr<v1::CertificatesResponse>(office_.Certificates());
    });
  }

  grpc::ServerWriteReactor<v1::BackupPart>* Backup(CallbackServerContext*,
                                                   const v1::BackupRequest*) override {
    TWINNING_OPERATION_DONE(this);
    return WorkStream<v1::BackupPart>::Begin(
        [this](const auto& emit) { return safekeeping_.Backup(emit); });
  }

  grpc::ServerWriteReactor<v1::Verified>* Verify(CallbackServerContext*,
                                                 const v1::VerifyRequest*) override {
    TWINNING_OPERATION_DONE(this);
    return WorkStream<v1::Verified>::Begin(
        [this](const auto& emit) { return safekeeping_.Verify(emit); });
  }

  ServerUnaryReactor* RecoveryStatus(CallbackServerContext* context,
                                     const v1::RecoveryRequest* request,
                                     v1::RecoveryReport* response) override {
    return Ask(context, response,
               [this, request](Sequencer& sequencer) -> absl::StatusOr<v1::RecoveryReport> {
                 TWINNING_ASSIGN_OR_RETURN(LedgerId ledger,
                                           office_.Resolve(sequencer, request->partnership()));
                 return ReportRecovery(sequencer, ledger);
               });
  }

  ServerUnaryReactor* BeginRecovery(CallbackServerContext* context,
                                    const v1::RecoveryRequest* request,
                                    v1::RecoveryReport* response) override {
    return Ask(context, response, [this, request](Sequencer& sequencer) {
      return office_.BeginRecovery(sequencer, request->partnership());
    });
  }

  ServerUnaryReactor* FinishRecovery(CallbackServerContext* context,
                                     const v1::RecoveryRequest* request,
                                     v1::RecoveryReport* response) override {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<v1::RecoveryReport>::To(context, response);
    committer_.Post([this, answer, request](Sequencer& sequencer) {
      office_.FinishRecovery(
          sequencer, request->partnership(),
          [answer](absl::StatusOr<v1::RecoveryReport> report) { answer->Give(std::move(report)); });
    });
    return answer->reactor();
  }

  grpc::ServerWriteReactor<v1::LogLine>* Log(CallbackServerContext*,
                                             const v1::LogRequest* request) override {
    TWINNING_OPERATION_DONE(this);
    return LogStream::Begin(committer_, office_, *request);
  }

 private:
  // For what can be answered at once, on the committer's thread.
  template <typename Response, typename Work>
  ServerUnaryReactor* Ask(CallbackServerContext* context, Response* response, Work work) {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<Response>::To(context, response);
    committer_.Post([answer, work](Sequencer& sequencer) { answer->Give(work(sequencer)); });
    return answer->reactor();
  }

  Committer& committer_;
  Office& office_;
  Safekeeping& safekeeping_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(Committer& committer, Office& office,
                                                Safekeeping& safekeeping) {
  return std::make_unique<AdminService>(committer, office, safekeeping);
}

}  // namespace twinning::server

#include "server/admin/admin_service.h"

#include "server/admin/log_stream.h"
#include "server/admin/recovery.h"
#include "server/admin/upload_stream.h"
#include "server/admin/work_stream.h"
#include "server/door/answer.h"
#include "server/door/happens_before.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::server {
namespace {

using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

absl::Status Stranger() {
  return absl::PermissionDeniedError("this certificate is not, or no longer, an operator's");
}

class AdminService final : public v1::Admin::CallbackService {
 public:
  AdminService(const Administration& to, Administration::Who who) : to_(to), who_(std::move(who)) {
    TWINNING_OPERATION_STARTS(this);
  }

  Unary* CreatePartnership(Context* context, const v1::CreatePartnershipRequest* request,
                           v1::PartnershipInfo* response) override {
    return Begin(context, response, [this, request](auto& sequencer, auto& by, auto done) {
      to_.office.Create(sequencer, request->name(), by, done);
    });
  }
  Unary* ListPartnerships(Context* context, const v1::ListPartnershipsRequest*,
                          v1::ListPartnershipsResponse* response) override {
    return Ask(context, response,
               [this](auto& sequencer, auto&) { return to_.office.List(sequencer); });
  }
  Unary* ShowPartnership(Context* context, const v1::PartnershipRequest* request,
                         v1::PartnershipDetails* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto&) {
      return to_.office.Show(sequencer, request->partnership());
    });
  }
  Unary* ArchivePartnership(Context* context, const v1::ArchiveRequest* request,
                            v1::PartnershipInfo* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.Archive(sequencer, *request, by);
    });
  }

  // --- Members

  Unary* Invite(Context* context, const v1::InviteRequest* request,
                v1::InviteResponse* response) override {
    return Begin(context, response, [this, request](auto& sequencer, auto& by, auto done) {
      to_.office.Invite(sequencer, *request, by, done);
    });
  }
  Unary* ListInvitations(Context* context, const v1::ListInvitationsRequest* request,
                         v1::ListInvitationsResponse* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto&) {
      return to_.office.Invitations(sequencer, request->partnership());
    });
  }
  Unary* WithdrawInvitation(Context* context, const v1::WithdrawInvitationRequest* request,
                            v1::InvitationInfo* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.Withdraw(sequencer, request->id(), by);
    });
  }
  Unary* Revoke(Context* context, const v1::RevokeRequest* request,
                v1::RevokeResponse* response) override {
    return Begin(context, response, [this, request](auto& sequencer, auto& by, auto done) {
      to_.office.Revoke(sequencer, *request, by, done);
    });
  }
  Unary* ChangeRole(Context* context, const v1::ChangeRoleRequest* request,
                    v1::ChangeRoleResponse* response) override {
    return Begin(context, response, [this, request](auto& sequencer, auto& by, auto done) {
      to_.office.ChangeRole(sequencer, *request, by, done);
    });
  }
  Unary* Replicas(Context* context, const v1::PartnershipRequest* request,
                  v1::ReplicasResponse* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto&) {
      return to_.office.Replicas(sequencer, request->partnership());
    });
  }
  Unary* Conflicts(Context* context, const v1::PartnershipRequest* request,
                   v1::ConflictsResponse* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.Conflicts(sequencer, request->partnership(), by);
    });
  }
  grpc::ServerWriteReactor<v1::LogLine>* Log(Context* context,
                                             const v1::LogRequest* request) override {
    TWINNING_OPERATION_DONE(this);
    std::optional<std::string> by = who_(*context);
    if (!by) return Denied<v1::LogLine>();
    return LogStream::Begin(to_.committer, to_.office, *request, *by);
  }

  // --- The server

  Unary* RehomeCode(Context* context, const v1::RehomeCodeRequest*,
                    v1::RehomeCodeResponse* response) override {
    return Ask(context, response, [this](auto&, auto&) { return to_.office.RehomeCode(); });
  }
  Unary* Audit(Context* context, const v1::AuditRequest* request,
               v1::AuditResponse* response) override {
    return Ask(context, response,
               [this, request](auto&, auto&) { return to_.office.Audit(*request); });
  }
  Unary* Certificates(Context* context, const v1::CertificatesRequest*,
                      v1::CertificatesResponse* response) override {
    return Ask(context, response, [this](auto&, auto&) {
      return absl::StatusOr<v1::CertificatesResponse>(to_.office.Certificates());
    });
  }
  Unary* Measure(Context* context, const v1::MeasureRequest*, v1::Measurement* response) override {
    return Ask(context, response, [this](auto& sequencer, auto&) {
      return absl::StatusOr<v1::Measurement>(to_.survey.Take(sequencer));
    });
  }
  grpc::ServerWriteReactor<v1::Finding>* Examine(Context* context,
                                                 const v1::ExamineRequest*) override {
    return Work<v1::Finding>(context,
                             [this](auto&, const auto& emit) { return to_.examine(emit); });
  }
  Unary* AddOperator(Context* context, const v1::AddOperatorRequest* request,
                     v1::AddOperatorResponse* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.AddOperator(*request, by, sequencer.now_ms());
    });
  }
  Unary* ListOperators(Context* context, const v1::ListOperatorsRequest*,
                       v1::ListOperatorsResponse* response) override {
    return Ask(context, response, [this](auto&, auto&) {
      return absl::StatusOr<v1::ListOperatorsResponse>(to_.office.Operators());
    });
  }
  Unary* WithdrawOperator(Context* context, const v1::WithdrawOperatorRequest* request,
                          v1::OperatorInfo* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.WithdrawOperator(request->name(), by, sequencer.now_ms());
    });
  }

  // --- Safekeeping

  grpc::ServerWriteReactor<v1::BackupPart>* Backup(Context* context,
                                                   const v1::BackupRequest*) override {
    return Work<v1::BackupPart>(
        context, [this](auto& by, const auto& emit) { return to_.safekeeping.Backup(by, emit); });
  }
  grpc::ServerWriteReactor<v1::BackupPart>* ExportPartnership(
      Context* context, const v1::PartnershipRequest* request) override {
    return Work<v1::BackupPart>(context,
                                [this, name = request->partnership()](auto& by, const auto& emit) {
                                  return Export(name, by, emit);
                                });
  }
  grpc::ServerReadReactor<v1::ImportPart>* ImportPartnership(Context* context,
                                                             v1::ImportReport* response) override {
    TWINNING_OPERATION_DONE(this);
    using Upload = UploadStream<v1::ImportPart, v1::ImportReport>;
    std::optional<std::string> by = who_(*context);
    return Upload::Begin(response,
                         [this, by](const auto& next) -> absl::StatusOr<v1::ImportReport> {
                           return by ? to_.safekeeping.Import(*by, next) : Stranger();
                         });
  }
  grpc::ServerWriteReactor<v1::Verified>* Verify(Context* context,
                                                 const v1::VerifyRequest*) override {
    return Work<v1::Verified>(
        context, [this](auto&, const auto& emit) { return to_.safekeeping.Verify(emit); });
  }
  Unary* RecoveryStatus(Context* context, const v1::RecoveryRequest* request,
                        v1::RecoveryReport* response) override {
    return Ask(context, response,
               [this, request](auto& sequencer, auto&) -> absl::StatusOr<v1::RecoveryReport> {
                 TWINNING_ASSIGN_OR_RETURN(LedgerId ledger,
                                           to_.office.Resolve(sequencer, request->partnership()));
                 return ReportRecovery(sequencer, ledger);
               });
  }
  Unary* BeginRecovery(Context* context, const v1::RecoveryRequest* request,
                       v1::RecoveryReport* response) override {
    return Ask(context, response, [this, request](auto& sequencer, auto& by) {
      return to_.office.BeginRecovery(sequencer, request->partnership(), by);
    });
  }
  Unary* FinishRecovery(Context* context, const v1::RecoveryRequest* request,
                        v1::RecoveryReport* response) override {
    return Begin(context, response, [this, request](auto& sequencer, auto& by, auto done) {
      to_.office.FinishRecovery(sequencer, request->partnership(), by, done);
    });
  }

 private:
  // Work for the committer's thread that calls `done` once, then or later.
  template <typename Response, typename Work>
  Unary* Begin(Context* context, Response* response, Work work) {
    TWINNING_OPERATION_DONE(this);
    auto answer = Answer<Response>::To(context, response);
    std::optional<std::string> by = who_(*context);
    if (!by) {
      answer->Give(Stranger());
      return answer->reactor();
    }
    to_.committer.Post([answer, work, by](Sequencer& sequencer) {
      work(sequencer, *by,
           [answer](absl::StatusOr<Response> given) { answer->Give(std::move(given)); });
    });
    return answer->reactor();
  }

  // For what can be answered at once.
  template <typename Response, typename Work>
  Unary* Ask(Context* context, Response* response, Work work) {
    return Begin(context, response,
                 [work](Sequencer& sequencer, const std::string& by, const auto& done) {
                   done(work(sequencer, by));
                 });
  }

  // Work for a thread of its own that hands over many messages.
  template <typename Message, typename Do>
  WorkStream<Message>* Work(Context* context, Do work) {
    TWINNING_OPERATION_DONE(this);
    return WorkStream<Message>::Begin([by = who_(*context), work](const auto& emit) {
      return by ? work(*by, emit) : Stranger();
    });
  }
  template <typename Message>
  WorkStream<Message>* Denied() {
    return WorkStream<Message>::Begin([](const auto&) { return Stranger(); });
  }

  absl::Status Export(const std::string& name, const std::string& by,
                      const Safekeeping::Emit& emit) {
    std::optional<absl::StatusOr<LedgerId>> ledger = to_.committer.Ask<absl::StatusOr<LedgerId>>(
        [this, name](Sequencer& sequencer) { return to_.office.Resolve(sequencer, name); });
    if (!ledger) return Unavailable("the server is shutting down");
    if (!ledger->ok()) return ledger->status();
    return to_.safekeeping.Export(by, **ledger, emit);
  }

  const Administration to_;
  const Administration::Who who_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAdminService(const Administration& administration,
                                                Administration::Who who) {
  return std::make_unique<AdminService>(administration, std::move(who));
}

}  // namespace twinning::server

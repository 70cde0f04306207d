#include "server/ctl/call.h"

#include <fmt/core.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <optional>
#include <utility>

#include "common/base/status.h"
#include "common/line/line.h"
#include "server/ctl/identity.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::ctl {
namespace {

using Stub = v1::Admin::Stub;

template <typename Request>
Request Naming(const std::string& partnership) {
  Request request;
  request.set_partnership(partnership);
  return request;
}

class RpcServer final : public Server {
 public:
  explicit RpcServer(const std::string& data)
      : data_(data),
        stub_(v1::Admin::NewStub(grpc::CreateChannel("unix:" + data + "/admin.sock",
                                                     grpc::InsecureChannelCredentials()))) {}
  explicit RpcServer(line::Line line)
      : line_(std::move(line)), stub_(v1::Admin::NewStub(line_->channel)) {}

  absl::StatusOr<v1::PartnershipInfo> Create(const std::string& name) override {
    v1::CreatePartnershipRequest request;
    request.set_name(name);
    return Call(&Stub::CreatePartnership, request);
  }
  absl::StatusOr<v1::ListPartnershipsResponse> List() override {
    return Call(&Stub::ListPartnerships, v1::ListPartnershipsRequest());
  }
  absl::StatusOr<v1::PartnershipDetails> Show(const std::string& partnership) override {
    return Call(&Stub::ShowPartnership, Naming<v1::PartnershipRequest>(partnership));
  }
  absl::StatusOr<v1::PartnershipInfo> Archive(const std::string& partnership,
                                              bool take_back) override {
    auto request = Naming<v1::ArchiveRequest>(partnership);
    request.set_take_back(take_back);
    return Call(&Stub::ArchivePartnership, request);
  }
  absl::StatusOr<v1::InviteResponse> Invite(const v1::InviteRequest& request) override {
    return Call(&Stub::Invite, request);
  }
  absl::StatusOr<v1::ListInvitationsResponse> Invitations(const std::string& partnership) override {
    return Call(&Stub::ListInvitations, Naming<v1::ListInvitationsRequest>(partnership));
  }
  absl::StatusOr<v1::InvitationInfo> Withdraw(const std::string& id) override {
    v1::WithdrawInvitationRequest request;
    request.set_id(id);
    return Call(&Stub::WithdrawInvitation, request);
  }
  absl::StatusOr<v1::RehomeCodeResponse> RehomeCode() override {
    return Call(&Stub::RehomeCode, v1::RehomeCodeRequest());
  }
  absl::StatusOr<v1::RevokeResponse> Revoke(const v1::RevokeRequest& request) override {
    return Call(&Stub::Revoke, request);
  }
  absl::StatusOr<v1::ReplicasResponse> Replicas(const std::string& partnership) override {
    return Call(&Stub::Replicas, Naming<v1::PartnershipRequest>(partnership));
  }
  absl::StatusOr<v1::ChangeRoleResponse> ChangeRole(const v1::ChangeRoleRequest& request) override {
    return Call(&Stub::ChangeRole, request);
  }
  absl::StatusOr<v1::ConflictsResponse> Conflicts(const std::string& partnership) override {
    return Call(&Stub::Conflicts, Naming<v1::PartnershipRequest>(partnership));
  }
  absl::StatusOr<v1::AuditResponse> Audit(uint32_t lines_max) override {
    v1::AuditRequest request;
    request.set_lines_max(lines_max);
    return Call(&Stub::Audit, request);
  }
  absl::StatusOr<v1::CertificatesResponse> Certificates() override {
    return Call(&Stub::Certificates, v1::CertificatesRequest());
  }
  absl::StatusOr<v1::Measurement> Measure() override {
    return Call(&Stub::Measure, v1::MeasureRequest());
  }
  absl::StatusOr<v1::AddOperatorResponse> AddOperator(
      const v1::AddOperatorRequest& request) override {
    return Call(&Stub::AddOperator, request);
  }
  absl::StatusOr<v1::ListOperatorsResponse> Operators() override {
    return Call(&Stub::ListOperators, v1::ListOperatorsRequest());
  }
  absl::StatusOr<v1::OperatorInfo> WithdrawOperator(const std::string& name) override {
    v1::WithdrawOperatorRequest request;
    request.set_name(name);
    return Call(&Stub::WithdrawOperator, request);
  }
  absl::StatusOr<v1::RecoveryReport> Recover(Recovery what,
                                             const std::string& partnership) override {
    const auto request = Naming<v1::RecoveryRequest>(partnership);
    if (what == Recovery::kBegin) return Call(&Stub::BeginRecovery, request);
    if (what == Recovery::kFinish) return Call(&Stub::FinishRecovery, request);
    return Call(&Stub::RecoveryStatus, request);
  }

  absl::Status Log(const v1::LogRequest& request,
                   const std::function<void(const v1::LogLine&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::LogLine>(context, *stub_->Log(&context, request),
                                [&](const v1::LogLine& line) {
                                  see(line);
                                  return absl::OkStatus();
                                });
  }
  absl::Status Backup(const std::function<absl::Status(const v1::BackupPart&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::BackupPart>(context, *stub_->Backup(&context, {}), see);
  }
  absl::Status Export(const std::string& partnership,
                      const std::function<absl::Status(const v1::BackupPart&)>& see) override {
    grpc::ClientContext context;
    const auto request = Naming<v1::PartnershipRequest>(partnership);
    return ReadAll<v1::BackupPart>(context, *stub_->ExportPartnership(&context, request), see);
  }
  absl::Status Verify(const std::function<absl::Status(const v1::Verified&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::Verified>(context, *stub_->Verify(&context, {}), see);
  }
  absl::Status Examine(const std::function<absl::Status(const v1::Finding&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::Finding>(context, *stub_->Examine(&context, {}), see);
  }

  absl::StatusOr<v1::ImportReport> Import(
      const std::function<absl::StatusOr<std::string>()>& next) override {
    grpc::ClientContext context;
    v1::ImportReport report;
    std::unique_ptr<grpc::ClientWriter<v1::ImportPart>> writer =
        stub_->ImportPartnership(&context, &report);
    absl::Status sent = WriteAll(*writer, next);
    if (!sent.ok()) context.TryCancel();
    absl::Status status = StatusOf(writer->Finish());
    if (!sent.ok()) return sent;
    if (!status.ok()) return status;
    return report;
  }

  const std::string& data() const override { return data_; }

 private:
  // A server that will take no more says why when it is asked for its answer.
  static absl::Status WriteAll(grpc::ClientWriter<v1::ImportPart>& writer,
                               const std::function<absl::StatusOr<std::string>()>& next) {
    while (true) {
      v1::ImportPart part;
      TWINNING_ASSIGN_OR_RETURN(*part.mutable_content(), next());
      if (part.content().empty() || !writer.Write(part)) break;
    }
    writer.WritesDone();
    return absl::OkStatus();
  }

  template <typename Message>
  absl::Status ReadAll(grpc::ClientContext& context, grpc::ClientReader<Message>& reader,
                       const std::function<absl::Status(const Message&)>& see) {
    Message message;
    while (reader.Read(&message)) {
      absl::Status seen = see(message);
      if (seen.ok()) continue;
      context.TryCancel();
      (void)reader.Finish();
      return seen;
    }
    return StatusOf(reader.Finish());
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    // Opening a large partnership for the first time takes a while.
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    Response response;
    absl::Status status = StatusOf(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::Status StatusOf(const grpc::Status& status) const {
    if (status.ok()) return absl::OkStatus();
    const bool own_words = status.error_message().starts_with("the server");
    if (line::NotReached(status) && !own_words) return Unavailable(WhyNot(status));
    return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
  }

  std::string WhyNot(const grpc::Status& status) const {
    if (line_) {
      return line::SentenceOf(*line_, status) +
             " If it runs, it may no longer take this operator's certificate.";
    }
    return fmt::format("no server answers in {}: start twinningd --data {} first", data_, data_);
  }

  const std::string data_;
  const std::optional<line::Line> line_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace

std::unique_ptr<Server> Server::In(const std::string& data) {
  return std::make_unique<RpcServer>(data);
}

absl::StatusOr<std::unique_ptr<Server>> Server::At(const std::string& address,
                                                   const std::string& identity) {
  TWINNING_ASSIGN_OR_RETURN(Identity own, Identity::Read(identity));
  TWINNING_RETURN_IF_ERROR(own.CheckTime(line::SystemTime_ms()));
  return std::make_unique<RpcServer>(line::MakeLine(address, {own.authorities, std::nullopt},
                                                    line::Shown{own.certificate, own.key}));
}

}  // namespace twinning::ctl

#include "server/ctl/call.h"

#include <fmt/core.h>
#include <grpcpp/grpcpp.h>

#include <chrono>

#include "common/base/status.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::ctl {
namespace {

class SocketServer final : public Server {
 public:
  explicit SocketServer(const std::string& data)
      : data_(data),
        stub_(v1::Admin::NewStub(grpc::CreateChannel("unix:" + data + "/admin.sock",
                                                     grpc::InsecureChannelCredentials()))) {}

  absl::StatusOr<v1::PartnershipInfo> Create(const std::string& name) override {
    v1::CreatePartnershipRequest request;
    request.set_name(name);
    return Call<v1::PartnershipInfo>([&](grpc::ClientContext* context, v1::PartnershipInfo* info) {
      return stub_->CreatePartnership(context, request, info);
    });
  }

  absl::StatusOr<v1::ListPartnershipsResponse> List() override {
    return Call<v1::ListPartnershipsResponse>(
        [&](grpc::ClientContext* context, v1::ListPartnershipsResponse* response) {
          return stub_->ListPartnerships(context, {}, response);
        });
  }

  absl::StatusOr<v1::InviteResponse> Invite(const v1::InviteRequest& request) override {
    return Call<v1::InviteResponse>(
        [&](grpc::ClientContext* context, v1::InviteResponse* response) {
          return stub_->Invite(context, request, response);
        });
  }

  absl::StatusOr<v1::ListInvitationsResponse> Invitations(const std::string& partnership) override {
    v1::ListInvitationsRequest request;
    request.set_partnership(partnership);
    return Call<v1::ListInvitationsResponse>(
        [&](grpc::ClientContext* context, v1::ListInvitationsResponse* response) {
          return stub_->ListInvitations(context, request, response);
        });
  }

  absl::StatusOr<v1::InvitationInfo> Withdraw(const std::string& id) override {
    v1::WithdrawInvitationRequest request;
    request.set_id(id);
    return Call<v1::InvitationInfo>(
        [&](grpc::ClientContext* context, v1::InvitationInfo* response) {
          return stub_->WithdrawInvitation(context, request, response);
        });
  }

  absl::StatusOr<v1::RehomeCodeResponse> RehomeCode() override {
    v1::RehomeCodeRequest request;
    return Call<v1::RehomeCodeResponse>(
        [&](grpc::ClientContext* context, v1::RehomeCodeResponse* response) {
          return stub_->RehomeCode(context, request, response);
        });
  }

  absl::StatusOr<v1::RevokeResponse> Revoke(const v1::RevokeRequest& request) override {
    return Call<v1::RevokeResponse>(
        [&](grpc::ClientContext* context, v1::RevokeResponse* response) {
          return stub_->Revoke(context, request, response);
        });
  }

  absl::StatusOr<v1::AuditResponse> Audit(uint32_t lines_max) override {
    v1::AuditRequest request;
    request.set_lines_max(lines_max);
    return Call<v1::AuditResponse>([&](grpc::ClientContext* context, v1::AuditResponse* response) {
      return stub_->Audit(context, request, response);
    });
  }

  absl::StatusOr<v1::CertificatesResponse> Certificates() override {
    v1::CertificatesRequest request;
    return Call<v1::CertificatesResponse>(
        [&](grpc::ClientContext* context, v1::CertificatesResponse* response) {
          return stub_->Certificates(context, request, response);
        });
  }

  absl::Status Log(const v1::LogRequest& request,
                   const std::function<void(const v1::LogLine&)>& see) override {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::LogLine>> reader = stub_->Log(&context, request);
    v1::LogLine line;
    while (reader->Read(&line)) see(line);
    return StatusOf(reader->Finish());
  }

  const std::string& data() const override { return data_; }

  absl::Status Backup(const std::function<absl::Status(const v1::BackupPart&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::BackupPart>(context, *stub_->Backup(&context, {}), see);
  }

  absl::Status Verify(const std::function<absl::Status(const v1::Verified&)>& see) override {
    grpc::ClientContext context;
    return ReadAll<v1::Verified>(context, *stub_->Verify(&context, {}), see);
  }

  absl::StatusOr<v1::RecoveryReport> Recover(Recovery what,
                                             const std::string& partnership) override {
    v1::RecoveryRequest request;
    request.set_partnership(partnership);
    return Call<v1::RecoveryReport>(
        [&](grpc::ClientContext* context, v1::RecoveryReport* response) {
          if (what == Recovery::kBegin) return stub_->BeginRecovery(context, request, response);
          if (what == Recovery::kFinish) return stub_->FinishRecovery(context, request, response);
          return stub_->RecoveryStatus(context, request, response);
        });
  }

 private:
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

  template <typename Response, typename Method>
  absl::StatusOr<Response> Call(Method method) {
    grpc::ClientContext context;
    // Opening a large partnership for the first time takes a while.
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    Response response;
    absl::Status status = StatusOf(method(&context, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::Status StatusOf(const grpc::Status& status) const {
    if (status.ok()) return absl::OkStatus();
    bool own_words = status.error_message().starts_with("the server");
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE && !own_words) {
      return Unavailable(
          fmt::format("no server answers in {}: start twinningd --data {} first", data_, data_));
    }
    return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
  }

  const std::string data_;
  std::unique_ptr<v1::Admin::Stub> stub_;
};

}  // namespace

std::unique_ptr<Server> Server::In(const std::string& data) {
  return std::make_unique<SocketServer>(data);
}

}  // namespace twinning::ctl

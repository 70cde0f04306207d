// Calls to a server: through the socket in its data directory, or over the network with an
// operator's certificate.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

// Every call is an error of the server's own words, or Unavailable when none answers there.
class Server {
 public:
  virtual ~Server() = default;

  static std::unique_ptr<Server> In(const std::string& data);
  // At "host:port", as the operator that the identity's folder is of: see identity.h.
  static absl::StatusOr<std::unique_ptr<Server>> At(const std::string& address,
                                                    const std::string& identity);

  // Its directory; empty when it is at another machine.
  virtual const std::string& data() const = 0;

  virtual absl::StatusOr<v1::PartnershipInfo> Create(const std::string& name) = 0;
  virtual absl::StatusOr<v1::ListPartnershipsResponse> List() = 0;
  virtual absl::StatusOr<v1::InviteResponse> Invite(const v1::InviteRequest& request) = 0;
  virtual absl::StatusOr<v1::ListInvitationsResponse> Invitations(
      const std::string& partnership) = 0;
  virtual absl::StatusOr<v1::InvitationInfo> Withdraw(const std::string& id) = 0;
  virtual absl::StatusOr<v1::RehomeCodeResponse> RehomeCode() = 0;
  virtual absl::StatusOr<v1::RevokeResponse> Revoke(const v1::RevokeRequest& request) = 0;
  virtual absl::StatusOr<v1::AuditResponse> Audit(uint32_t lines_max) = 0;
  virtual absl::StatusOr<v1::CertificatesResponse> Certificates() = 0;
  // Calls `see` for each line as it comes; returns when there are no more, with `follow` when the
  // server ends.
  virtual absl::Status Log(const v1::LogRequest& request,
                           const std::function<void(const v1::LogLine&)>& see) = 0;
  // An error of `see` ends it and is returned.
  virtual absl::Status Backup(const std::function<absl::Status(const v1::BackupPart&)>& see) = 0;
  virtual absl::Status Verify(const std::function<absl::Status(const v1::Verified&)>& see) = 0;
  virtual absl::StatusOr<v1::PartnershipDetails> Show(const std::string& partnership) = 0;
  virtual absl::StatusOr<v1::PartnershipInfo> Archive(const std::string& partnership,
                                                      bool take_back) = 0;
  virtual absl::Status Export(const std::string& partnership,
                              const std::function<absl::Status(const v1::BackupPart&)>& see) = 0;
  // `next` gives one part after another; an empty one ends them.
  virtual absl::StatusOr<v1::ImportReport> Import(
      const std::function<absl::StatusOr<std::string>()>& next) = 0;
  virtual absl::StatusOr<v1::ReplicasResponse> Replicas(const std::string& partnership) = 0;
  virtual absl::StatusOr<v1::ChangeRoleResponse> ChangeRole(
      const v1::ChangeRoleRequest& request) = 0;
  virtual absl::StatusOr<v1::ConflictsResponse> Conflicts(const std::string& partnership) = 0;
  virtual absl::Status Examine(const std::function<absl::Status(const v1::Finding&)>& see) = 0;
  virtual absl::StatusOr<v1::Measurement> Measure() = 0;
  virtual absl::StatusOr<v1::AddOperatorResponse> AddOperator(
      const v1::AddOperatorRequest& request) = 0;
  virtual absl::StatusOr<v1::ListOperatorsResponse> Operators() = 0;
  virtual absl::StatusOr<v1::OperatorInfo> WithdrawOperator(const std::string& name) = 0;
  enum class Recovery { kStatus, kBegin, kFinish };
  virtual absl::StatusOr<v1::RecoveryReport> Recover(Recovery what,
                                                     const std::string& partnership) = 0;
};

}  // namespace twinning::ctl

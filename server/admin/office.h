// What an operator may do, as twinningctl asks for it: found a partnership, list, invite a town,
// shut out a replica, read the log. For the sequencer's thread; knows nothing of sockets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
#include "server/authority/revoked_list.h"
#include "server/authority/upkeep.h"
#include "server/enrolment/invitation_book.h"
#include "server/sequencer/sequencer.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

class Office {
 public:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // What its work touches; all outlive it.
  struct Records {
    InvitationBook& book;
    const Authority& authority;
    RevokedList& revoked;
    const Upkeep& upkeep;
    AuditLog& audit;
    std::function<void(const ReplicaId&)> cut;  // ends the replica's streams at once
  };
  // `enrolment` is where the invited enrol, as ADDR:PORT; empty: nobody can be invited now.
  Office(const Records& records, std::string enrolment)
      : records_(records), enrolment_(std::move(enrolment)) {}

  // Each calls `done` once, when what it did is durable or has failed.
  void Create(Sequencer& sequencer, const std::string& name, Done<v1::PartnershipInfo> done);
  void Invite(Sequencer& sequencer, const v1::InviteRequest& request,
              Done<v1::InviteResponse> done);
  // Shuts out one replica, or all of a member: first in the list beside the authority, so that
  // nothing undoes it, then in the ledger.
  void Revoke(Sequencer& sequencer, const v1::RevokeRequest& request,
              Done<v1::RevokeResponse> done);
  // Says in the ledgers again what the list says, after a restore that forgot it.
  void RepeatRevocations(Sequencer& sequencer);

  // As server/admin/recovery.h says, and noted in the audit.
  absl::StatusOr<v1::RecoveryReport> BeginRecovery(Sequencer& sequencer,
                                                   const std::string& partnership);
  void FinishRecovery(Sequencer& sequencer, const std::string& partnership,
                      Done<v1::RecoveryReport> done);

  absl::StatusOr<v1::ListInvitationsResponse> Invitations(Sequencer& sequencer,
                                                          const std::string& partnership);
  absl::StatusOr<v1::InvitationInfo> Withdraw(Sequencer& sequencer, const std::string& id);
  // Says where this server is and whom to trust there, to replicas that were at another place or
  // knew another authority.
  absl::StatusOr<v1::RehomeCodeResponse> RehomeCode() const;
  v1::CertificatesResponse Certificates() const;
  absl::StatusOr<v1::AuditResponse> Audit(const v1::AuditRequest& request) const;

  absl::StatusOr<v1::ListPartnershipsResponse> List(Sequencer& sequencer);
  // By its name, or by the beginning of its name or id when only one begins so.
  absl::StatusOr<LedgerId> Resolve(Sequencer& sequencer, const std::string& partnership);
  // The lines after `after`, at most a page; none: there are no more yet.
  absl::StatusOr<std::vector<v1::LogLine>> Log(Sequencer& sequencer, const LedgerId& ledger,
                                               Sequence after);

 private:
  absl::StatusOr<v1::InviteResponse> MakeInvitation(Sequencer& sequencer, const LedgerId& ledger,
                                                    const v1::InviteRequest& request);
  absl::StatusOr<v1::RevokeResponse> ShutOut(Sequencer& sequencer, const LedgerId& ledger,
                                             const std::string& who);
  absl::Status CheckEnrolment() const;

  const Records records_;
  const std::string enrolment_;
};

}  // namespace twinning::server

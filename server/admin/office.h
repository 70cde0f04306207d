// What an operator may do, as twinningctl asks for it: found a partnership, list, invite a town,
// shut out a replica, change roles, archive, read the log. For the sequencer's thread; knows
// nothing of sockets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
#include "server/authority/operator_list.h"
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
    OperatorList& operators;
    AuditLog& audit;
    std::function<void(const ReplicaId&)> cut;  // ends the replica's streams at once
  };
  // Where the invited enrol and where operators at other machines call, as ADDR:PORT; empty: nobody
  // can now.
  struct Addresses {
    std::string enrolment;
    std::string administration;
  };
  Office(const Records& records, Addresses addresses)
      : records_(records), addresses_(std::move(addresses)) {}

  // `by` is the operator, for the audit. Each calls `done` once, when what it did is durable or has
  // failed.
  void Create(Sequencer& sequencer, const std::string& name, const std::string& by,
              Done<v1::PartnershipInfo> done);
  void Invite(Sequencer& sequencer, const v1::InviteRequest& request, const std::string& by,
              Done<v1::InviteResponse> done);
  // Shuts out one replica, or all of a member: first in the list beside the authority, so that
  // nothing undoes it, then in the ledger.
  void Revoke(Sequencer& sequencer, const v1::RevokeRequest& request, const std::string& by,
              Done<v1::RevokeResponse> done);
  // Gives one replica, or all of a member, another role.
  void ChangeRole(Sequencer& sequencer, const v1::ChangeRoleRequest& request, const std::string& by,
                  Done<v1::ChangeRoleResponse> done);
  // A town has shut out a replica: kept in that list too, and its streams end at once.
  void KeepShutOut(const LedgerId& ledger, const plan::Plan& plan, const ReplicaId& replica);
  // Says in the ledgers again what the list says, after a restore that forgot it.
  void RepeatRevocations(Sequencer& sequencer);

  // As server/admin/recovery.h says, and noted in the audit.
  absl::StatusOr<v1::RecoveryReport> BeginRecovery(Sequencer& sequencer,
                                                   const std::string& partnership,
                                                   const std::string& by);
  void FinishRecovery(Sequencer& sequencer, const std::string& partnership, const std::string& by,
                      Done<v1::RecoveryReport> done);

  absl::StatusOr<v1::ListInvitationsResponse> Invitations(Sequencer& sequencer,
                                                          const std::string& partnership);
  absl::StatusOr<v1::InvitationInfo> Withdraw(Sequencer& sequencer, const std::string& id,
                                              const std::string& by);
  // Says where this server is and whom to trust there, to replicas that were at another place or
  // knew another authority.
  absl::StatusOr<v1::RehomeCodeResponse> RehomeCode() const;
  v1::CertificatesResponse Certificates() const;
  absl::StatusOr<v1::AuditResponse> Audit(const v1::AuditRequest& request) const;

  // Certifies an operator's key, so that it lets in from another machine; one that is known already
  // gets a new certificate.
  absl::StatusOr<v1::AddOperatorResponse> AddOperator(const v1::AddOperatorRequest& request,
                                                      const std::string& by, int64_t now_ms);
  v1::ListOperatorsResponse Operators() const;
  absl::StatusOr<v1::OperatorInfo> WithdrawOperator(const std::string& name, const std::string& by,
                                                    int64_t now_ms);

  absl::StatusOr<v1::ListPartnershipsResponse> List(Sequencer& sequencer);
  absl::StatusOr<v1::PartnershipDetails> Show(Sequencer& sequencer, const std::string& partnership);
  // No more changes from now on, or again; told to everybody. Either twice is once.
  absl::StatusOr<v1::PartnershipInfo> Archive(Sequencer& sequencer,
                                              const v1::ArchiveRequest& request,
                                              const std::string& by);
  absl::StatusOr<v1::ReplicasResponse> Replicas(Sequencer& sequencer,
                                                const std::string& partnership);
  // Those that are open, in words. Noted in the audit: an operator has read what towns wrote.
  absl::StatusOr<v1::ConflictsResponse> Conflicts(Sequencer& sequencer,
                                                  const std::string& partnership,
                                                  const std::string& by);
  // By its name, or by the beginning of its name or id when only one begins so.
  absl::StatusOr<LedgerId> Resolve(Sequencer& sequencer, const std::string& partnership);
  // Notes in the audit that an operator reads a partnership's log.
  void NoteReading(Sequencer& sequencer, const LedgerId& ledger, const std::string& by);
  // The lines after `after`, at most a page; none: there are no more yet.
  absl::StatusOr<std::vector<v1::LogLine>> Log(Sequencer& sequencer, const LedgerId& ledger,
                                               Sequence after);

 private:
  absl::StatusOr<v1::InviteResponse> MakeInvitation(Sequencer& sequencer, const LedgerId& ledger,
                                                    const v1::InviteRequest& request,
                                                    const std::string& by);
  absl::StatusOr<v1::RevokeResponse> ShutOut(Sequencer& sequencer, const LedgerId& ledger,
                                             const std::string& who, const std::string& by);
  absl::Status CheckEnrolment() const;

  const Records records_;
  const Addresses addresses_;
};

// What a list shows of a partnership.
v1::PartnershipInfo InfoOf(const sync::ServerPartnership& partnership);

}  // namespace twinning::server

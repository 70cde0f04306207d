// What an operator may do, as twinningctl asks for it: found a partnership, list, invite a town,
// read the log. For the sequencer's thread; knows nothing of sockets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
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
    AuditLog& audit;
  };
  // `enrolment` is where the invited enrol, as ADDR:PORT; empty: nobody can be invited now.
  Office(const Records& records, std::string enrolment)
      : records_(records), enrolment_(std::move(enrolment)) {}

  // Each calls `done` once, when what it did is durable or has failed.
  void Create(Sequencer& sequencer, const std::string& name, Done<v1::PartnershipInfo> done);
  void Invite(Sequencer& sequencer, const v1::InviteRequest& request,
              Done<v1::InviteResponse> done);

  absl::StatusOr<v1::ListPartnershipsResponse> List(Sequencer& sequencer);
  // By its name, or by the beginning of its name or id when only one begins so.
  absl::StatusOr<LedgerId> Resolve(Sequencer& sequencer, const std::string& partnership);
  // The lines after `after`, at most a page; none: there are no more yet.
  absl::StatusOr<std::vector<v1::LogLine>> Log(Sequencer& sequencer, const LedgerId& ledger,
                                               Sequence after);

 private:
  absl::StatusOr<v1::InviteResponse> MakeInvitation(Sequencer& sequencer, const LedgerId& ledger,
                                                    const v1::InviteRequest& request);

  const Records records_;
  const std::string enrolment_;
};

}  // namespace twinning::server

// How the holder of an invitation becomes a member, and how a member keeps its certificate. Exactly
// one key for each invitation; asking again with the same key gives the same membership.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "server/audit/audit_log.h"
#include "server/authority/authority.h"
#include "server/authority/revoked_list.h"
#include "server/enrolment/challenge.h"
#include "server/enrolment/invitation_book.h"
#include "server/sequencer/sequencer.h"
#include "twinning/v1/enrolment.pb.h"
#include "twinning/v1/sync.pb.h"

namespace twinning::server {

// Where replicas find the server, as ADDR:PORT.
struct PublicAddresses {
  std::string sync;
  std::string enrolment;  // empty: switched off
};

// For the sequencer's thread, but MakeChallenge.
class Enrolment {
 public:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // What it keeps and asks; all outlive it.
  struct Records {
    InvitationBook& book;
    const Authority& authority;
    const RevokedList& revoked;
    AuditLog& audit;
  };
  Enrolment(const Records& records, PublicAddresses addresses)
      : records_(records), addresses_(std::move(addresses)) {}

  // Calls `done` once: with the answer when the membership is durable, or with why there is none.
  void Enrol(Sequencer& sequencer, const v1::EnrolRequest& request, Done<v1::EnrolResponse> done);

  // A copy of the replica that holds `key` becomes one of its own. As Enrol.
  void Continue(Sequencer& sequencer, const v1::ContinueRequest& request, const std::string& key,
                Done<v1::ContinueResponse> done);

  // Safe from any thread.
  v1::ChallengeResponse MakeChallenge(int64_t now_ms) const;
  // For whoever proves the key by a challenge, not longer than kGrace_ms after its last
  // certificate.
  absl::StatusOr<v1::Certification> Renew(Sequencer& sequencer, const v1::RenewRequest& request);
  // For whoever has proved `key` by the connection already.
  absl::StatusOr<v1::Certification> RenewFor(Sequencer& sequencer, const std::string& ledger,
                                             const std::string& key);

 private:
  absl::StatusOr<v1::EnrolResponse> Sequence(Sequencer& sequencer, const v1::EnrolRequest& request);
  absl::StatusOr<v1::EnrolResponse> SequenceInvited(Sequencer& sequencer,
                                                    const v1::EnrolRequest& request);
  absl::StatusOr<v1::EnrolResponse> SequenceMember(sync::ServerPartnership& partnership,
                                                   const sync::NewMember& member, int64_t now_ms);
  absl::Status CheckOpen(const plan::Plan& plan, const plan::Invite& invite,
                         const v1::EnrolRequest& request, int64_t now_ms);
  absl::StatusOr<v1::ContinueResponse> SequenceCopy(Sequencer& sequencer,
                                                    const v1::ContinueRequest& request,
                                                    const std::string& key);
  absl::Status CheckUsable(const std::optional<Invited>& invited, const v1::EnrolRequest& request,
                           sync::ServerPartnership* partnership, int64_t now_ms);
  // Unknown and forbidden are one answer: it tells a stranger nothing.
  static absl::Status NoMember();
  absl::Status CheckMember(Sequencer& sequencer, const LedgerId& ledger, const std::string& key);
  absl::StatusOr<v1::Certification> Certify(const std::string& key, int64_t now_ms);

  const Records records_;
  const PublicAddresses addresses_;
  const Challenges challenges_;
};

}  // namespace twinning::server

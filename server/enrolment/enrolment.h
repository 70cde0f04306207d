// How the holder of an invitation becomes a member: exactly one key per invitation, and asking
// again with the same key gives the same answer.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "server/enrolment/invitation_book.h"
#include "server/sequencer/sequencer.h"
#include "twinning/v1/enrolment.pb.h"

namespace twinning::server {

// For the sequencer's thread.
class Enrolment {
 public:
  using Done = std::function<void(absl::StatusOr<v1::EnrolResponse>)>;

  // `book` must outlive it.
  explicit Enrolment(InvitationBook& book) : book_(book) {}

  // Calls `done` once: with the answer when the membership is durable, or with why there is none.
  void Enrol(Sequencer& sequencer, const v1::EnrolRequest& request, Done done);

 private:
  absl::StatusOr<v1::EnrolResponse> Sequence(Sequencer& sequencer, const v1::EnrolRequest& request);

  InvitationBook& book_;
};

}  // namespace twinning::server

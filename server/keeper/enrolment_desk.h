// Takes what strangers ask, as the front passes it on, to the enrolment that answers. What comes is
// bytes of a process that strangers may have taken over: it is judged as if it came from them.
#pragma once

#include <memory>

#include "server/enrolment/enrolment.h"
#include "server/front/message.h"
#include "server/keeper/front_line.h"
#include "server/sequencer/committer.h"

namespace twinning::server {

// Safe from any thread. What it is made of must outlive it.
class EnrolmentDesk {
 public:
  EnrolmentDesk(Committer& committer, Enrolment& enrolment)
      : committer_(committer), enrolment_(enrolment) {}

  // Does not wait: the answer comes from the committer's thread.
  void Take(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply);

 private:
  void Enrol(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply);
  void Challenge(const std::shared_ptr<FrontReply>& reply);
  void Renew(const FrontMessage& asked, const std::shared_ptr<FrontReply>& reply);

  Committer& committer_;
  Enrolment& enrolment_;
};

}  // namespace twinning::server

// Whether a stranger's request is what the protocol says it is, sizes and proof, before anything of
// the server's is asked. The front judges it, so that nonsense costs the server nothing; the server
// judges it again, because it does not believe the front. Pure.
#pragma once

#include "absl/status/status.h"
#include "twinning/v1/enrolment.pb.h"

namespace twinning::server {

// InvalidArgument, naming what is wrong.
absl::Status CheckFormed(const v1::EnrolRequest& request);
absl::Status CheckFormed(const v1::ChallengeRequest& request);
absl::Status CheckFormed(const v1::RenewRequest& request);

}  // namespace twinning::server

#include "client/engine/copy.h"

#include <fmt/core.h>

#include "client/engine/join.h"
#include "client/rpc/enrol.h"
#include "common/base/status.h"

namespace twinning::client {

absl::StatusOr<std::string> BecomeOwnReplica(Replica& replica, int64_t deadline_ms) {
  TWINNING_ASSIGN_OR_RETURN(SigningKey random, MakeKey());
  TWINNING_ASSIGN_OR_RETURN(SigningKey fresh, replica.KeyForCopy(random));
  TWINNING_ASSIGN_OR_RETURN(v1::ContinueResponse answer, EnrolCopy(replica, fresh, deadline_ms));
  const std::string before = replica.identity().replica.hex().substr(0, 8);
  TWINNING_ASSIGN_OR_RETURN(size_t signed_anew, replica.BecomeOwn(fresh, answer));
  return fmt::format(
      "Another copy of replica {} is in use, so this one is a replica of its own from now on, {}. "
      "Everything written here is kept; {} signed anew.",
      before, replica.identity().replica.hex().substr(0, 8),
      signed_anew == 1 ? "1 unsent change was"
                       : fmt::format("{} unsent changes were", signed_anew));
}

}  // namespace twinning::client

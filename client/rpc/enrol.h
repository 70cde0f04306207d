// The one call that a stranger may make: a key becomes a replica of a partnership.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"
#include "common/crypto/ed25519.h"
#include "twinning/v1/enrolment.pb.h"

namespace twinning::client {

// Redeems the invitation for `key`; the same key may do so again. Blocks, for `deadline_ms` at
// most. Unavailable when the server cannot be reached, FailedPrecondition when it refuses; DataLoss
// when its answer does not fit the key.
absl::StatusOr<Identity> Enrol(const v1::Invitation& invitation, const SigningKey& key,
                               const std::string& member, int64_t deadline_ms);

}  // namespace twinning::client

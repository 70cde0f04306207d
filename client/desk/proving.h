// What the towns agreed to, as a file that stands alone.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"

namespace twinning::desk {

struct SealedProof {
  RecordId record;
  std::string name;   // for a file: "3f2a1b2c.proof"
  std::string title;  // how the record is called
  std::string bytes;  // as plan::CheckProof reads them
};

// Of the record that `id` names, as FindRecord reads it, in the confirmed plan. Refused, with the
// reason, while not every town has agreed or the history behind a snapshot is unverified.
absl::StatusOr<SealedProof> ProofOf(const client::Replica& replica, std::string_view id);

}  // namespace twinning::desk

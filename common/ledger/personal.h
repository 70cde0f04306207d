// Personal values travel beside the hashed bytes, which hold only their commitment: so they can be
// erased everywhere while every chain still verifies. Pure; the salt comes from outside.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/crypto/sha256.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

Hash CommitmentTo(std::string_view salt, std::string_view value);

// `salt` is 16 random bytes: without it a short value could be guessed from its commitment.
v1::PersonalValue MakePersonal(std::string_view salt, std::string_view value);

// InvalidArgument unless the commitment fits and the sizes are within the limits.
absl::Status CheckPersonal(const v1::PersonalValue& personal);

// Each of them, and how many there are beside one change.
absl::Status CheckPersonal(const google::protobuf::RepeatedPtrField<v1::PersonalValue>& values);

}  // namespace twinning::ledger

#include "common/ledger/personal.h"

#include <fmt/core.h>

#include <string>

#include "common/base/status.h"
#include "common/ledger/limits.h"

namespace twinning::ledger {

Hash CommitmentTo(std::string_view salt, std::string_view value) {
  std::string bytes(salt);
  bytes.append(value);
  return HashOf("twinning.personal.v1", bytes);
}

v1::PersonalValue MakePersonal(std::string_view salt, std::string_view value) {
  v1::PersonalValue personal;
  personal.set_commitment(std::string(CommitmentTo(salt, value).bytes()));
  personal.set_salt(std::string(salt));
  personal.set_value(std::string(value));
  return personal;
}

absl::Status CheckPersonal(const v1::PersonalValue& personal) {
  if (personal.salt().size() != kSaltSize) {
    return InvalidArgument(fmt::format("a personal value's salt has {} bytes instead of {}",
                                       personal.salt().size(), kSaltSize));
  }
  if (personal.value().size() > kMaxPersonalBytes) {
    return InvalidArgument(fmt::format("a personal value of {} bytes is over the limit of {}",
                                       personal.value().size(), kMaxPersonalBytes));
  }
  if (CommitmentTo(personal.salt(), personal.value()).bytes() != personal.commitment()) {
    return InvalidArgument("a personal value is not the one that its commitment stands for");
  }
  return absl::OkStatus();
}

absl::Status CheckPersonal(const google::protobuf::RepeatedPtrField<v1::PersonalValue>& values) {
  if (static_cast<size_t>(values.size()) > kMaxPersonalValues) {
    return InvalidArgument(
        fmt::format("{} personal values beside one change are over the limit of {}", values.size(),
                    kMaxPersonalValues));
  }
  for (const v1::PersonalValue& personal : values) {
    TWINNING_RETURN_IF_ERROR(CheckPersonal(personal));
  }
  return absl::OkStatus();
}

}  // namespace twinning::ledger

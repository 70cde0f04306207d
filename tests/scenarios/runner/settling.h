// How a scenario's people settle conflicts: by what it is about and by who wrote what, because a
// conflict's id is not known before a run. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/plan/plan.h"

namespace twinning::scenarios {

// `words` follow the record's name: FIELD --keep ana, FIELD --keep "28 March 2031",
// FIELD --value 2031-04-01, FIELD --diverge; FIELD may be "deletion", and "position" for the stance
// that `town` takes on the record.
absl::StatusOr<v1::Edit> SettleEdit(const plan::Plan& view, const TownId& town,
                                    const merge::Record& record,
                                    std::span<const std::string> words);

// What follows `option`; none when it is not there.
std::optional<std::string> Option(std::span<const std::string> words, std::string_view option);

// The scenario is at fault, not who plays in it.
absl::Status Mistyped(std::string_view expected);

}  // namespace twinning::scenarios

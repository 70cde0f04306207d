// Whom somebody means by what was typed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/plan/plan.h"

namespace twinning::plan {

inline constexpr size_t kShortest = 4;  // of an abbreviation

// One replica by the beginning of its id, or all of one person by the name: never two people, never
// one that is revoked. NotFound and InvalidArgument say who there is; `undone` what was not done:
// "nobody was revoked".
absl::StatusOr<std::vector<const Member*>> Meant(const Plan& plan, const std::string& who,
                                                 const std::string& undone);

}  // namespace twinning::plan

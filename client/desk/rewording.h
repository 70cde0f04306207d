// What somebody did to a text while it changed under their hands. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace twinning::desk {

// `before` is what they saw, `typed` what they made of it, `now` what the text says meanwhile: all
// that both did, merged character by character. `typed` itself when nothing else happened.
absl::StatusOr<std::string> Reworded(std::string_view before, std::string_view typed,
                                     std::string_view now);

}  // namespace twinning::desk

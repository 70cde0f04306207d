// Splices on plain text, for what a page shows: no history, no merging. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/text/document.h"

namespace twinning::app {

// `text` after the splices, each seeing the ones before. InvalidArgument when one lies outside it
// or brings something that is not text.
absl::StatusOr<std::string> Spliced(std::string_view text,
                                    const std::vector<text::Splice>& splices);

// As text::Difference, at the cost of the passage that differs: for long texts that change by a
// keystroke.
std::vector<text::Splice> SplicesBetween(std::string_view from, std::string_view to);

}  // namespace twinning::app

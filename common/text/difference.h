// From two readings of a text to the splices that lead from one to the other, for callers that see
// only the result of an edit (a form field, a file).
#ifndef TWINNING_COMMON_TEXT_DIFFERENCE_H_
#define TWINNING_COMMON_TEXT_DIFFERENCE_H_

#include <string_view>
#include <vector>

#include "common/text/document.h"

namespace twinning::text {

// Splices that turn `from` into `to`, both valid UTF-8, in ascending order; each sees the earlier
// ones. Few and readable rather than minimal: whole words where words changed, single letters where
// a word was corrected. Bounded work: what differs in too many places becomes one splice.
std::vector<Splice> Difference(std::string_view from, std::string_view to);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_DIFFERENCE_H_

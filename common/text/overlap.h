// Which passages two sides of a history both rewrote.
#ifndef TWINNING_COMMON_TEXT_OVERLAP_H_
#define TWINNING_COMMON_TEXT_OVERLAP_H_

#include <vector>

#include "common/text/document.h"
#include "common/text/engine.h"

namespace twinning::text {

// See Document::FindOverlaps; the arguments are in order and [first, end) is not empty.
std::vector<Overlap> Overlaps(const Engine& engine, Op prefix, Op first, Op end);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_OVERLAP_H_

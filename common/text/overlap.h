// Which passages two sides of a history both rewrote.
#ifndef TWINNING_COMMON_TEXT_OVERLAP_H_
#define TWINNING_COMMON_TEXT_OVERLAP_H_

#include <memory>
#include <vector>

#include "common/text/document.h"
#include "common/text/engine.h"

namespace twinning::text {

// What is known about two sides, kept from one event of a long branch to the next.
class Judgement;

// See Document::FindOverlaps; the arguments are in order and [first, end) is not empty. `kept` is
// what the last call left there, and may be null; it never changes the answer.
std::vector<Overlap> Overlaps(const Engine& engine, Op prefix, Op first, Op end,
                              const Version& beyond, std::shared_ptr<Judgement>& kept);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_OVERLAP_H_

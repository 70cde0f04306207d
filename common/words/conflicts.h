// Conflicts as people read them: what is in conflict, and what each candidate says. Pure.
#pragma once

#include <string>

#include "common/plan/conflicts.h"
#include "common/plan/plan.h"

namespace twinning::words {

// "the deadline of activity "Exchange visit""
std::string ConflictSubject(const plan::Plan& plan, const plan::Conflict& conflict);

// A value that the conflict's field may have; a passage is its text. "(nothing)" when not set.
std::string ConflictValue(const plan::Plan& plan, const plan::Conflict& conflict,
                          const merge::Value& value);

// "28 March 2031", "deleted it", "went on with it"
std::string CandidateInWords(const plan::Plan& plan, const plan::Conflict& conflict,
                             const plan::Candidate& candidate);

}  // namespace twinning::words

// Everything that a plan says, as lines that people read: the values of every record, its
// conflicts with every candidate, positions, agreements, and what needs which town. Two plans with
// the same lines look the same to everybody. Pure.
#pragma once

#include <vector>

#include "common/base/date.h"
#include "common/plan/plan.h"
#include "tests/support/outline.h"
#include "tests/support/record_names.h"

namespace twinning::testing {

// One outline a record; a position stands under what it is about. Left out is what a founding and
// an admission made and nobody has touched. `today` is for attention items.
std::vector<Outline> CompleteState(const plan::Plan& plan, const RecordNames& names, Days today);

}  // namespace twinning::testing

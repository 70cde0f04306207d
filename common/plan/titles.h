// How records are called in sentences.
#pragma once

#include <string>

#include "common/plan/plan.h"

namespace twinning::plan {

// The title as people see it ("Teacher seminar"); of a record named by another, that one's title;
// the short id when there is nothing to show.
std::string TitleOf(const Plan& plan, const merge::Record& record);

// "activity \"Teacher seminar\"".
std::string NameOf(const Plan& plan, const merge::Record& record);

std::string TownName(const Plan& plan, const TownId& town);

// The first eight hex digits.
std::string ShortId(const RecordId& id);

}  // namespace twinning::plan

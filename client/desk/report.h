// Records and conflicts as people read them on a terminal: labels instead of field names, dates
// with the names of their months. Lines end in "\n"; control characters are for Context::Say to
// leave out. Pure.
#pragma once

#include <string>

#include "client/desk/ids.h"
#include "common/plan/conflicts.h"
#include "common/plan/plan.h"
#include "common/plan/standing.h"
#include "common/words/conflicts.h"

namespace twinning::desk {

// One line: id, title and what is open.
std::string RecordLine(const plan::Plan& plan, const merge::Record& record, const ShortIds& ids);

// Everything about a record: its fields, open conflicts, agreement and positions.
// Of a town's branch of what diverged: the other towns' branches that are there.
std::vector<const merge::Record*> CounterpartsOf(const plan::Plan& plan,
                                                 const merge::Record& record);

std::string RecordReport(const plan::Plan& plan, const merge::Record& record, const ShortIds& ids);

// What, who, when and from which town, each candidate with the number that --keep takes, and how to
// settle it or how it was settled.
std::string ConflictReport(const plan::Plan& plan, const plan::Conflict& conflict,
                           const ShortIds& ids);

using words::ConflictSubject;
// "settled on 28 March 2031 at 14:05 UTC by ben (Exempleville): 4 April 2031"
std::string SettledInWords(const plan::Plan& plan, const plan::Conflict& conflict);
// "supports with reservation"
std::string StanceInWords(v1::StanceKind stance);

}  // namespace twinning::desk

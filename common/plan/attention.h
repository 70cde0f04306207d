// What needs a town: derived from the plan and today's date, never stored and never part of a
// digest.
#pragma once

#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/plan/plan.h"

namespace twinning::plan {

enum class Need {
  kConflict,           // an open conflict; `conflict` is its id
  kConfirmPosition,    // this town's position is about earlier words
  kStatePosition,      // this town has not said where it stands
  kAgreementAwaited,   // this town has not agreed
  kAgreementLapsed,    // this town agreed to other words
  kStaleTranslation,   // two languages have not been confirmed to say the same
  kOverdue,            // a deadline has passed
  kDatesOutOfOrder,    // a window ends before it begins, a deadline after what depends on it
  kRefersToDeleted,    // a reference to a deleted record
  kOverBudget,         // actual above planned
  kNobodyResponsible,  // an activity without a responsible person
  kConfirmMember,  // the operator alone enrolled somebody for this town; the record is the town's
};

// "conflict", "confirm-position" ... as --json writes them.
std::string_view NameOf(Need need);

struct AttentionItem {
  Need need;
  RecordId record;
  Hash conflict;       // of kConflict
  uint32_t field = 0;  // where one field is meant
  std::string text;    // one sentence, in English
};

// By need, then record.
std::vector<AttentionItem> Attention(const Plan& plan, const TownId& town, Days today);

}  // namespace twinning::plan

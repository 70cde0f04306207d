// The plan as it was. Reads the replica's past; costs as much as applying it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/desk/field_changes.h"
#include "client/replica/replica.h"

namespace twinning::desk {

// The confirmed plan at a sequence as typed; `option` begins the sentence when it is none, or lies
// beyond the head.
absl::StatusOr<std::unique_ptr<plan::Plan>> PlanAt(const client::Replica& replica,
                                                   std::string_view option, std::string_view typed);

// The plan in which the record's terms are exactly those that a consent is about; null when it
// cannot be found again (the words were in its author's outbox).
std::unique_ptr<plan::Plan> PlanAgreedTo(const client::Replica& replica, const RecordId& record,
                                         const merge::Consent& consent);

// What has become, since a town agreed, of the terms that it agreed to.
struct ChangedSince {
  TownId town;
  std::vector<FieldChange> changes;
};
// For every town whose agreement has lapsed and whose words can be found again.
std::vector<ChangedSince> ChangedSinceAgreed(const client::Replica& replica,
                                             const merge::Record& record);

// What commands that bind or settle wait for: Refused, with the reason, until the history behind a
// snapshot has been verified.
absl::Status CheckHistory(const client::Replica& replica);

}  // namespace twinning::desk

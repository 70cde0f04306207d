// From the JSON of a record's fields, as the API answers them, to assignments: what was read may be
// sent back. Pure.
#pragma once

#include <string>
#include <vector>

#include "client/desk/assignment.h"
#include "client/desk/json.h"
#include "common/merge/schema.h"

namespace twinning::app {

using desk::Json;

//   "deadline": "2031-03-28"               a value; null clears
//   "window": {"from": ..., "to": ...}     pairs as they are answered
//   "tags": ["music", "youth"]             a set from now on
//   "tags": {"add": [...], "remove": [...]}, "achieved": {"add": 3}
//   "statement": {"fr": "..."}             texts by language
// InvalidArgument when the shape is none of these.
absl::StatusOr<std::vector<desk::Assignment>> AssignmentsOf(const merge::Kind& kind,
                                                            const Json& fields);

// One value in the words that desk::ValueReader takes; for settling with another value.
absl::StatusOr<std::string> ValueWords(const merge::Field& field, const Json& value);

}  // namespace twinning::app

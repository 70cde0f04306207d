// The schema in force as pages read it: which kinds there are, how their fields are called, merge
// and may be written. Forms and labels come from it. Pure.
#pragma once

#include "client/desk/json.h"
#include "common/merge/schema.h"

namespace twinning::app {

using desk::Json;

// [{"name", "label", "plural", "writers", "title_field", "append_only", "needs_agreement",
// "takes_positions", "equally_authentic", "fields": [{"name", "label", "unit", "rule", "type",
// "message", "values", "members", "targets", "terms", "personal", "owner", "participants",
// "required"}]}]
Json SchemaJson(const merge::Schema& schema);

// What a field's value looks like, as JSON Schema, where it is answered and where it is written.
Json ValueShape(const merge::Field& field);

}  // namespace twinning::app

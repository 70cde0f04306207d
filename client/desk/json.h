// The shapes that --json answers with. Scripts depend on them: fields are added, never renamed. Ids
// are whole, dates YYYY-MM-DD, times ISO 8601 in UTC, fields by their names in the schema. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/plan/conflicts.h"
#include "common/plan/plan.h"
#include "common/plan/standing.h"

namespace twinning::desk {

using Json = nlohmann::json;

// In one line; bytes that are not UTF-8 are replaced.
std::string LineOf(const Json& json);

// "2031-03-28T14:05:09Z"
std::string TimeJson(int64_t time_ms);

// One value of a register, or one element of a set. null: not set, or erased.
//   money {"amount": "620.00", "currency": "EUR"}, windows {"from", "to"}, times of day {"date",
//   "time", "zone"}, references by id, enums by name, digests in hex
Json ValueJson(const plan::Plan& plan, const merge::Field& field, const merge::Value& value);

// How much of a text a record's JSON holds. Of a long one the beginning ends in "…".
enum class Wording { kWhole, kBeginning };

// {"id", "kind", "title", "deleted", "conflicts": number of open ones, "fields": {...}}: only what
// is set; sets as arrays, texts as {"en": ...}.
Json ShortJson(const plan::Plan& plan, const merge::Record& record,
               Wording wording = Wording::kWhole);

// The same with ids of the open conflicts, agreement, standing, signed and branches.
Json RecordJson(const plan::Plan& plan, const merge::Record& record,
                Wording wording = Wording::kWhole);

// {"id", "record", "record_title", "field", "language", "kind", "provisional", "candidates",
// "settled"}
Json ConflictJson(const plan::Plan& plan, const plan::Conflict& conflict);

// "values", "passage", "deletion"
std::string_view NameOf(merge::ConflictKind kind);
// "agrees", "lapsed", "withdrawn", "none"
std::string_view NameOf(plan::Consenting state);
// "supports", "reservation", "objects", "undecided"; "" for none.
std::string_view NameOf(v1::StanceKind stance);

}  // namespace twinning::desk

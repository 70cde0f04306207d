// Where a replica stands and what needs its town, as --json writes it. Pure but for the replica.
#pragma once

#include "client/desk/json.h"
#include "client/replica/replica.h"
#include "common/base/date.h"
#include "common/plan/attention.h"

namespace twinning::desk {

Json StatusJson(const client::Replica& replica, const std::vector<client::RefusedChange>& drawer,
                Days today);

// [{"need", "record", "field", "conflict", "text"}]
Json AttentionJson(const plan::Plan& view, const std::vector<plan::AttentionItem>& items);
// [{"need", "count", "first": [as above]}], the first `most` of each need.
Json NeedsJson(const plan::Plan& view, const std::vector<plan::AttentionItem>& items, size_t most);

}  // namespace twinning::desk

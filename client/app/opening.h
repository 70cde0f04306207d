// What a page needs first, of one partnership: the parts that can be asked for apart, and all of
// them in one answer. For the hall's thread.
#pragma once

#include <string>
#include <vector>

#include "client/app/hall.h"
#include "common/base/date.h"

namespace twinning::app {

// The partnership, its towns and members, the schema in force, and where syncing stands.
Json PartnershipJson(Desk& desk);

// What needs the town by kind of need: how many there are of each, and the first few.
Json NeedsJson(Desk& desk, Days today);

// The open conflicts; `all`: the settled ones too.
Json ConflictsJson(Desk& desk, bool all);

// Those of the records with these ids, in hex, that are there; so many at once.
Json RecordsJson(Desk& desk, const std::vector<std::string>& ids);

// {"partnership", "needs", "conflicts", "records", "event"}: the records are those that the needs
// name; what happened after the event is not in this.
Json OpeningJson(Desk& desk);

}  // namespace twinning::app

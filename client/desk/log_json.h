// One line of the log, as --json writes it.
#pragma once

#include "client/desk/json.h"
#include "client/desk/retelling.h"

namespace twinning::desk {

// {"sequence", "time", "author", "town", "change", "change_set", "what": [sentences], "refused",
// "changes": [{"record", "made", "fields"}]}; null where it does not apply.
Json LogItemJson(const Telling& telling);

}  // namespace twinning::desk

// What pages know of a record beyond what --json tells: whether this town may write it, who made
// it, which translations are stale. Pure.
#pragma once

#include "client/desk/json.h"

namespace twinning::app {

using desk::Json;

// As desk::RecordJson with the beginnings of texts, and {"writable", "created", "author",
// "author_town", "owner", "stale": [{"field", "language", "counterpart"}]}.
Json PageRecordJson(const plan::Plan& view, const TownId& town, const merge::Record& record);

// [{"id", "name", "own"}] by admission.
Json TownsJson(const plan::Plan& view, const TownId& town);
// [{"replica", "town", "name", "role", "own", "revoked"}] by enrolment.
Json MembersJson(const plan::Plan& view, const ReplicaId& own);

}  // namespace twinning::app

// How an officer writes: everything done in one go is one change, saved before the answer.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "client/desk/field_changes.h"
#include "client/replica/replica.h"

namespace twinning::desk {

// A record as people name it, for a write to the town's own
// branch when it has diverged; its kind is known. Refused when the record is deleted
// (`even_deleted`: not then).
absl::StatusOr<const merge::Record*> FindToWrite(const plan::Plan& view, const TownId& town,
                                                 std::string_view id, bool even_deleted = false);

// What Save tells, once it is durable.
struct Outcome {
  client::Saved saved;                  // number 0: there was nothing to change
  std::map<RecordId, Snapshot> before;  // the records that the edits name, as they were
  std::vector<RecordId> touched;
  std::vector<std::string> notes;  // agreements and positions that this change has put in doubt
};

// Authors one change from what `make` returns for the view as it is at that moment. Positions that
// the town had on words which it changes are carried over. The plan's refusal is a failure that
// answers with kRefused.
absl::StatusOr<Outcome> Save(client::Replica& replica, const client::Replica::Make& make,
                             int64_t now_ms);

// {"id": of the first record, "change", "change_set", "notes"}
Json OutcomeJson(const Outcome& outcome);
// What was saved, line by line: the change's number, then what is different in each record.
std::vector<std::string> OutcomeLines(const client::Replica& replica, const Outcome& outcome);

}  // namespace twinning::desk

// From what a person wants to the edits that say it. Pure; used by every client before it authors a
// change.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/plan/conflicts.h"
#include "common/plan/plan.h"
#include "twinning/v1/plan.pb.h"

namespace twinning::plan {

// The edits and, where they change words that `town` had a current position on, edits that carry
// the position over: whoever rewords stands behind the new words; it is the others who confirm
// again. `view` is the plan that the author saw.
absl::StatusOr<std::vector<v1::Edit>> WithPositions(const Plan& view, const ReplicaId& author,
                                                    std::vector<v1::Edit> edits);

// How to state a position: creates the position record when it is not there.
absl::StatusOr<std::vector<v1::Edit>> StatePosition(const Plan& view, const TownId& town,
                                                    const RecordId& about, v1::StanceKind stance,
                                                    std::string_view reason,
                                                    std::string_view language);

void AddSplices(const std::vector<text::Splice>& splices,
                google::protobuf::RepeatedPtrField<v1::Splice>& out);

struct Choice {
  enum Kind { kKeep, kValue, kDiverge } kind = kKeep;
  size_t keep = 0;    // index into the conflict's candidates
  std::string value;  // canonical value; of a passage its new text; of a deletion unused
};
// FailedPrecondition when the conflict is settled already or the choice does not fit it.
absl::StatusOr<v1::Edit> Settle(const Plan& view, const Conflict& conflict, const Choice& choice);

// The edits of a refused change, for another try: splices are moved to where the same words stand
// now. FailedPrecondition when a text is no longer there.
absl::StatusOr<std::vector<v1::Edit>> Again(const Plan& view, const Change& refused);

struct Undo {
  std::vector<v1::Edit> edits;          // empty when nothing of it can be taken back
  std::vector<std::string> left_alone;  // one sentence each: what others changed since
};
// Takes back one change of this replica, in the ledger or the outbox, without touching what others
// did since.
absl::StatusOr<Undo> UndoOf(const Plan& view, const Change& change);

}  // namespace twinning::plan

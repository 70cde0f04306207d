// Puts the edits of one change, judged before, into a plan. Internal to this folder.
#pragma once

#include <set>
#include <vector>

#include "absl/status/status.h"
#include "common/plan/plan.h"

namespace twinning::plan {

class Applier {
 public:
  Applier(Plan& plan, const merge::Author& author, const TownId& town);

  absl::Status Apply(const v1::Edits& edits);
  const std::set<RecordId>& touched() const { return touched_; }

 private:
  absl::Status ApplyEdit(const v1::Edit& edit);
  void Create(const RecordId& id, const v1::Create& create);
  void TouchReferred(const RecordId& source, const merge::Kind& kind, const v1::Edit& edit);

  Plan& plan_;
  const merge::Author& author_;
  TownId town_;
  std::set<RecordId> touched_;
};

// One edit on one record, which need not be in the plan; not creation, nor anything that diverges.
absl::Status ApplyTo(const Plan& plan, merge::Record& target, const merge::Kind& kind,
                     const merge::Author& author, const TownId& town, const v1::Edit& edit);

// The splices of a message, for the text engine.
std::vector<text::Splice> SplicesOf(const google::protobuf::RepeatedPtrField<v1::Splice>& splices);

}  // namespace twinning::plan

// Letting a shared record diverge, and taking that back. The record keeps its id and stays as it
// was; every town goes on with a branch of its own, made from the same edits:
//
//   branch(T) = edits that the divergence's author had seen
//             + edits of T's members, whenever they come
//             + edits that those of T's members had seen
//
// in ledger order, so that who syncs first makes no difference. Edits that name the shared record
// go to their author's town's branch. Internal to this folder.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "common/plan/history.h"
#include "common/plan/plan.h"

namespace twinning::plan {

class Divergence {
 public:
  Divergence(Plan& plan, std::set<RecordId>& touched) : plan_(plan), touched_(touched) {}

  // The record that an edit of `named` changes. Makes a branch anew when this author had seen edits
  // that it does not hold yet.
  absl::StatusOr<RecordId> Admit(const RecordId& named, const merge::Author& author,
                                 const TownId& town);
  absl::Status Begin(merge::Record& shared, const merge::Author& author, const v1::Settle& settle);
  // The branches become candidates of the one record.
  absl::Status End(merge::Record& shared, const merge::Author& author, const Hash& conflict);

 private:
  // What several authors had seen.
  struct Seen {
    Sequence base = 0;
    std::vector<std::shared_ptr<const merge::Beyond>> beyond = {};

    void Add(const merge::Context& context);
    bool Holds(const merge::Stamp& write) const;
  };

  absl::StatusOr<std::vector<Logged>> Log(const merge::Record& shared) const;
  absl::Status Build(const merge::Record& shared, const TownId& town, Seen seen,
                     const std::vector<Logged>& log, const Logged& settlement);
  // What makes one town's branch.
  struct Branch {
    const merge::Record& shared;
    TownId town;
    Seen seen;                 // edits of anybody that belong to it
    const Logged& settlement;  // that let it diverge
  };
  bool Belongs(const Logged& item, const Branch& branch) const;
  merge::Record Empty(const Branch& branch) const;
  absl::StatusOr<std::vector<text::Splice>> OwnWords(const Branch& branch,
                                                     const std::vector<Logged>& log) const;
  absl::Status Pick(merge::Record& record, const Branch& branch,
                    const std::vector<text::Splice>& own_words) const;
  std::vector<merge::Candidate> OwnOf(const std::vector<merge::Candidate>& candidates,
                                      const TownId& town) const;

  Plan& plan_;
  std::set<RecordId>& touched_;
};

}  // namespace twinning::plan

// Every write that a record knows of.
#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "common/base/status.h"
#include "common/merge/record_codec.h"

namespace twinning::merge {
namespace {

class Writes {
 public:
  Writes(ReplicaIndex replicas, Sequence head) : replicas_(replicas), head_(head) {}

  bool Good(const Stamp& stamp) const {
    // What a founding or an admission wrote: no replica's, and before every number.
    constexpr ReplicaIndex kNoReplica = std::numeric_limits<ReplicaIndex>::max();
    bool of_a_statement = stamp.number == 0 && (stamp.replica == 0 || stamp.replica == kNoReplica);
    return stamp.sequence <= head_ && (of_a_statement || stamp.replica < replicas_);
  }
  bool Good(const OpenConflict& conflict) const { return conflict.opened <= head_; }
  bool Good(const std::optional<OpenConflict>& conflict) const {
    return !conflict || Good(*conflict);
  }
  template <typename Stamped>
  bool All(const std::vector<Stamped>& items) const {
    return std::all_of(items.begin(), items.end(),
                       [this](const Stamped& item) { return Good(item.stamp); });
  }
  bool Good(const Register& reg) const { return All(reg.candidates) && Good(reg.conflict); }
  bool Good(const SetField& set) const {
    return std::all_of(set.adds.begin(), set.adds.end(), [this](const auto& element) {
      return std::all_of(element.second.begin(), element.second.end(),
                         [this](const Stamp& add) { return Good(add); });
    });
  }
  bool Good(const TextField& text) const {
    return All(text.marks) && std::all_of(text.conflicts.begin(), text.conflicts.end(),
                                          [this](const PassageConflict& open) {
                                            return Good(open.conflict) && All(open.candidates);
                                          });
  }
  bool Good(const Existence& existence) const {
    return All(existence.deletions) && All(existence.touches) && Good(existence.conflict) &&
           std::all_of(existence.deletions.begin(), existence.deletions.end(),
                       [this](const Deletion& deletion) { return All(deletion.challengers); });
  }
  bool Good(const TextConfirmation& confirmation) const { return Good(confirmation.stamp); }
  template <typename Map>
  bool AllOf(const Map& map) const {
    return std::all_of(map.begin(), map.end(),
                       [this](const auto& entry) { return this->Good(entry.second); });
  }
  bool Good(const Record& record) const {
    return Good(record.created) && AllOf(record.registers) && AllOf(record.sets) &&
           AllOf(record.texts) && Good(record.existence) && All(record.consents) &&
           AllOf(record.confirmations) && (!record.diverged || Good(*record.diverged)) &&
           record.diverged_base <= head_ &&
           std::all_of(record.settled.begin(), record.settled.end(),
                       [this](const SettledConflict& settled) {
                         return Good(settled.by) && All(settled.candidates);
                       });
  }

 private:
  ReplicaIndex replicas_;
  Sequence head_;
};

}  // namespace

absl::Status CheckWrites(const Record& record, ReplicaIndex replicas, Sequence head) {
  if (Writes(replicas, head).Good(record)) return absl::OkStatus();
  return DataLoss(
      fmt::format("record {} holds a write that is of no enrolled replica or beyond sequence {}",
                  record.id.hex().substr(0, 8), head));
}

}  // namespace twinning::merge

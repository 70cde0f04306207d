// Replicas that were copied from one another: which changes several of them have, because they had
// been written and not sent yet when the copy was made. Pure.
#pragma once

#include <map>
#include <set>

#include "common/plan/change.h"
#include "twinning/v1/change.pb.h"

namespace twinning::sync {

class ServerFamilies {
 public:
  // Every entry of the ledger, in order; `change` may be what a CHANGE entry's body says.
  void Note(const v1::Entry& entry, const plan::Change* change);
  // Whether another copy has sent the same change under the same number.
  bool Repeats(const plan::Change& change) const;

 private:
  void NoteCopy(const v1::Membership& membership);
  void NoteSent(const plan::Change& change);
  ReplicaId RootOf(const ReplicaId& replica) const;

  std::map<ReplicaId, ReplicaId> originals_;                               // of copies
  std::map<ReplicaId, std::map<Number, std::map<Hash, ReplicaId>>> sent_;  // by the first original
};

}  // namespace twinning::sync

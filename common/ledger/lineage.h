// Entries that a restore lost and that came back after new ones had taken their places: how they
// hung together then, and where they stand now. Whoever had seen them names them still, by the
// hashes that they had. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "common/crypto/sha256.h"

namespace twinning::ledger {

// One lost entry. Its past is the ledger's up to `fork`, then the lost entries that `previous`
// leads back to.
struct Lost {
  Hash hash;                // then
  Hash previous;            // then
  Sequence sequence = 0;    // then
  Sequence fork = 0;        // the last entry before it that this ledger has in its own place
  Sequence readmitted = 0;  // where it stands now
  ReplicaId replica;        // of the change or refusal that it was; empty for a statement
  Number number = 0;        // the last one of it
};

class Lineage {
 public:
  // What `previous` leads to, if that was lost too, has been added before; `fork` is then that
  // one's.
  void Add(Lost lost);

  // Null: no such entry was readmitted. Valid until the next Add.
  const Lost* Find(const Hash& hash) const;
  bool empty() const { return all_.empty(); }
  const std::vector<Lost>& all() const { return all_; }  // in the order in which they were added

  // Of the lost entries up to this one, itself included: each replica's last change.
  std::map<ReplicaId, Number> NumbersAt(const Hash& hash) const;
  // Whether entry `readmitted` brought one of them back.
  bool Includes(const Hash& hash, Sequence readmitted) const;

 private:
  std::optional<size_t> PlaceOf(const Hash& hash) const;
  std::map<ReplicaId, Number> NumbersUpTo(std::optional<size_t> place) const;

  std::vector<Lost> all_;
  std::vector<std::optional<size_t>> before_;  // the lost entry before each, if any
  std::vector<size_t> depths_;
  std::map<Hash, size_t> places_;
  std::map<size_t, std::map<ReplicaId, Number>> kept_;  // of some places, so that no walk is long
};

}  // namespace twinning::ledger

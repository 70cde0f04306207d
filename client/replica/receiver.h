// What a replica does with entries that a server sends: verify that they follow, store them, apply
// them, and settle accounts with its own outbox. Only in the process that holds the sync lock.
// Called inside the store's Write; after an error it and the plans are thrown away, and nothing has
// changed on disk. For one thread.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "client/replica/plans.h"
#include "client/replica/replica.h"
#include "client/replica/store.h"
#include "common/ledger/chain.h"

namespace twinning::client {

class Receiver {
 public:
  // From the checkpoint and the entries after it, inside Read or Write. The arguments must outlive
  // it.
  static absl::StatusOr<std::unique_ptr<Receiver>> Start(Store& store, Plans& plans,
                                                         const Identity& identity);

  absl::StatusOr<Intake> Take(const v1::Entries& entries);

  // The plan at the last entry held: the confirmed one, or the one that the history is making.
  const plan::Plan& plan() const;
  const ledger::Chain& chain() const { return chain_; }

 private:
  Receiver(Store& store, Plans& plans, const Identity& identity);

  absl::Status FollowStored();
  absl::Status TakeOne(const v1::Entry& entry, Intake& intake);
  absl::StatusOr<plan::Applied> ApplyOne(const v1::Entry& entry, const Hash& hash,
                                         const plan::Change* change, Intake& intake);
  bool IsOwn(const ReplicaId& replica, Number number) const;
  absl::Status TakeOwn(const v1::Entry& entry, const ledger::ParsedChange& change);
  void PutLapsed(const v1::Entry& entry, const ledger::ParsedChange& change,
                 const plan::Refusal& why, Intake& intake);
  absl::Status TakeRefusal(const v1::Entry& entry, Intake& intake);
  absl::Status CompleteHistory(Intake& intake);

  Store& store_;
  Plans& plans_;
  const Identity& identity_;
  ledger::Chain chain_;
  std::unique_ptr<plan::Plan> history_;  // while a snapshot waits to be verified
};

}  // namespace twinning::client

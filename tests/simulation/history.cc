#include "tests/simulation/history.h"

#include "common/ledger/change.h"
#include "common/ledger/readmission.h"
#include "tests/simulation/network.h"

namespace twinning::simulation {

EntryFact FactOf(const v1::Entry& entry, bool passed_over) {
  EntryFact fact;
  fact.sequence = entry.sequence();
  fact.print = PrintOf(entry);
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  v1::Refusal refusal;
  if (effect.kind() == v1::CHANGE) {
    absl::StatusOr<ledger::ParsedChange> change = ledger::ParseChange(effect.body());
    if (!change.ok()) return fact;
    fact.replica = change->replica;
    fact.first = fact.last = change->number;
    fact.change = Sha256(change->payload);
    fact.refused = passed_over;
  } else if (effect.kind() == v1::REFUSAL && refusal.ParseFromString(effect.body())) {
    fact.replica = ReplicaId::Of(refusal.replica()).value_or(ReplicaId());
    fact.first = refusal.first();
    fact.last = refusal.last();
    fact.refused = true;
  }
  return fact;
}

}  // namespace twinning::simulation

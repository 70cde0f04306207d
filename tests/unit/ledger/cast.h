// The people of the tests: ana at Exampleton, ben at Exempleville, cleo at Beispielstadt; and one
// partnership of theirs.
#pragma once

#include <string>
#include <string_view>

#include "common/crypto/ed25519.h"
#include "common/ledger/change.h"

namespace twinning::ledger::cast {

inline LedgerId Partnership() { return *LedgerId::Of("partnership-0001"); }

inline SigningKey KeyOf(std::string_view person) {
  return *SigningKey::OfSeed(Sha256(person).bytes());
}

inline ReplicaId ReplicaOf(std::string_view person) {
  return ReplicaOfKey(KeyOf(person).public_key());
}

// A person's change as authored, with `bytes` and `hash` filled in.
inline ParsedChange ChangeOf(std::string_view person, Number number, Hash previous = {},
                             Head base = {}, std::string payload = "words") {
  ParsedChange change;
  change.ledger = Partnership();
  change.replica = ReplicaOf(person);
  change.number = number;
  change.previous = previous;
  change.base = base;
  change.change_set = *ChangeSetId::Of("change-set-00001");
  change.time_ms = 1932473100000;
  change.encoding = v1::EDITS;
  change.payload = std::move(payload);
  change.bytes = EncodeChange(change);
  change.hash = ChangeHash(change.bytes);
  return change;
}

}  // namespace twinning::ledger::cast

// A readmission, read from the ledger: the lost entry inside it and what it comes to here. Only its
// shape is judged; whether it hangs together with what is here is for Chain. Pure.
#pragma once

#include "absl/status/statusor.h"
#include "common/ledger/hashes.h"
#include "common/ledger/lineage.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

// A ledger may lose a readmission too, and readmit that; so deep at most.
inline constexpr int kMaxReadmissionDepth = 8;

// DataLoss with a part of a sentence when the body does not read as one, or holds what no restore
// can lose.
absl::StatusOr<v1::Readmission> ReadReadmission(const v1::Entry& entry);

// `lost` as it stands in this ledger: `entry` brought it back. Sequence and personal values are
// those of the readmission.
v1::Entry InPlaceOf(const v1::Entry& entry, const v1::Entry& lost);

// What an entry of a ledger comes to: itself, or, when it readmits something, that, in its place
// and kept in `kept`; an entry of no kind when that does nothing.
const v1::Entry& EffectOf(const v1::Entry& entry, v1::Entry& kept);

// Adds what a readmission brought back, and what lies inside that as far as it says.
void AddTo(Lineage& lineage, const v1::Entry& entry);

// What a readmission comes to in the ledger that it is to be put into; see readmission's fields.
struct Returning {
  bool idle = false;
  uint32_t nested = 0;
};

// A lost entry as a readmission's body.
std::string EncodeReadmission(const v1::Entry& lost, const Hash& previous, const Hash& hash,
                              uint64_t epoch, const Returning& returning);

}  // namespace twinning::ledger

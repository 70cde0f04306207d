#include "common/ledger/readmission.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/ledger/change.h"
#include "common/ledger/limits.h"

namespace twinning::ledger {
namespace {

// What is around the largest entry, as often as it may be.
constexpr size_t kMaxReadmissionBytes = kMaxStatementBytes + kMaxReadmissionDepth * 512;

absl::StatusOr<v1::Readmission> ReadOne(const v1::Entry& entry) {
  v1::Readmission readmission;
  if (entry.body().size() > kMaxReadmissionBytes || !readmission.ParseFromString(entry.body())) {
    return DataLoss("its body does not read as a readmission");
  }
  const v1::Entry& lost = readmission.entry();
  if (!Hash::Of(readmission.hash()) || !Hash::Of(readmission.previous())) {
    return DataLoss("the readmission names no hashes");
  }
  if (readmission.sequence() == 0 || lost.sequence() != readmission.sequence()) {
    return DataLoss("the entry inside is not the one that the readmission names");
  }
  if (lost.kind() == v1::FOUNDING || lost.kind() == v1::ENTRY_KIND_UNSPECIFIED ||
      !lost.personal().empty()) {
    return DataLoss("it readmits what no restore can have lost");
  }
  return readmission;
}

}  // namespace

absl::StatusOr<v1::Readmission> ReadReadmission(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(v1::Readmission readmission, ReadOne(entry));
  v1::Entry inner = readmission.entry();
  for (int depth = 1; inner.kind() == v1::READMISSION; ++depth) {
    if (depth == kMaxReadmissionDepth) return DataLoss("readmissions lie too deep in one another");
    TWINNING_ASSIGN_OR_RETURN(v1::Readmission next, ReadOne(inner));
    inner = std::move(*next.mutable_entry());
  }
  return readmission;
}

v1::Entry InPlaceOf(const v1::Entry& entry, const v1::Entry& lost) {
  v1::Entry here = lost;
  here.set_sequence(entry.sequence());
  *here.mutable_personal() = entry.personal();
  return here;
}

// Whether one inside another was idle says something of an earlier ledger, not of this one.
const v1::Entry& EffectOf(const v1::Entry& entry, v1::Entry& kept) {
  if (entry.kind() != v1::READMISSION) return entry;
  kept = entry;
  for (bool outermost = true; kept.kind() == v1::READMISSION; outermost = false) {
    absl::StatusOr<v1::Readmission> readmission = ReadReadmission(kept);
    if (!readmission.ok() || (outermost && readmission->idle())) {
      kept.Clear();
      return kept;
    }
    kept = InPlaceOf(entry, readmission->entry());
  }
  return kept;
}

namespace {

// The change or refusal that a lost entry was, if it was one.
void NameSubject(const v1::Entry& entry, Lost& lost) {
  v1::Refusal refusal;
  absl::StatusOr<ParsedChange> change =
      entry.kind() == v1::CHANGE ? ParseChange(entry.body()) : DataLoss("no change");
  if (change.ok()) {
    lost.replica = change->replica;
    lost.number = change->number;
  } else if (entry.kind() == v1::REFUSAL && refusal.ParseFromString(entry.body())) {
    lost.replica = ReplicaId::Of(refusal.replica()).value_or(ReplicaId());
    lost.number = refusal.last();
  }
}

}  // namespace

void AddTo(Lineage& lineage, const v1::Entry& entry) {
  std::vector<v1::Readmission> nested;
  v1::Entry innermost = entry;
  while (innermost.kind() == v1::READMISSION) {
    absl::StatusOr<v1::Readmission> readmission = ReadReadmission(innermost);
    if (!readmission.ok()) return;
    innermost = readmission->entry();
    nested.push_back(*std::move(readmission));
  }
  Lost lost;
  lost.readmitted = entry.sequence();
  NameSubject(innermost, lost);
  if (nested.empty()) return;
  nested.resize(std::min<size_t>(nested.size(), nested.front().nested() + size_t{1}));
  for (auto readmission = nested.rbegin(); readmission != nested.rend(); ++readmission) {
    lost.hash = *Hash::Of(readmission->hash());
    lost.previous = *Hash::Of(readmission->previous());
    lost.sequence = readmission->sequence();
    lost.fork = lost.sequence - 1;
    if (lineage.Find(lost.hash) == nullptr) lineage.Add(lost);
  }
}

std::string EncodeReadmission(const v1::Entry& lost, const Hash& previous, const Hash& hash,
                              uint64_t epoch, const Returning& returning) {
  v1::Readmission readmission;
  readmission.set_epoch(epoch);
  readmission.set_sequence(lost.sequence());
  readmission.set_hash(std::string(hash.bytes()));
  *readmission.mutable_entry() = lost;
  readmission.mutable_entry()->clear_personal();
  readmission.set_previous(std::string(previous.bytes()));
  readmission.set_idle(returning.idle);
  readmission.set_nested(returning.nested);
  return readmission.SerializeAsString();
}

}  // namespace twinning::ledger

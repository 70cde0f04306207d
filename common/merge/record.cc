#include "common/merge/record.h"

#include <limits>

#include "common/base/bytes.h"
#include "common/base/fault.h"
#include "common/merge/conflict.h"

namespace twinning::merge {
namespace {

// How the conflict of a register ended, for ever.
void KeepEnd(Record& record, uint32_t field, const Author& author,
             const std::vector<Candidate>& before, bool by_name) {
  const Register& reg = record.registers[field];
  SettledConflict settled;
  settled.id = reg.conflict->id;
  settled.kind = ConflictKind::kValues;
  settled.field = field;
  settled.candidates = by_name ? SettledBy(author.context, ConflictKind::kValues, before) : before;
  settled.by = author.stamp;
  settled.time_ms = author.time_ms;
  settled.outcome = reg.shown();
  settled.by_name = by_name;
  record.settled.push_back(std::move(settled));
}

// Opens or ends the conflict of a register after its candidates changed from `before`.
void JudgeRegister(Record& record, uint32_t field, const Author& author,
                   const std::vector<Candidate>& before, bool by_name) {
  Register& reg = record.registers[field];
  bool differ = Differ(ConflictKind::kValues, reg.candidates);
  // A settlement does not end what came of another one that it had not seen: it joins that.
  by_name = by_name && HoldsAny(author.context, before);
  if (reg.conflict && (by_name || !differ)) {
    if (by_name || KnowsConflict(ConflictKind::kValues, before, author.context)) {
      KeepEnd(record, field, author, before, by_name);
    }
    reg.conflict.reset();
  }
  if (differ && !reg.conflict) {
    Hash id =
        ConflictId(record.id, {field, ""}, ConflictKind::kValues, reg.candidates.front().stamp);
    reg.conflict = Opened(record, id, author);
  }
}

}  // namespace

Hash ConflictId(const RecordId& record, const TextKey& field, ConflictKind kind,
                const Stamp& earliest, int64_t place) {
  std::string bytes(record.bytes());
  AppendVarint(field.field, bytes);
  AppendPrefixed(field.language, bytes);
  AppendVarint(static_cast<uint64_t>(kind), bytes);
  AppendVarint(earliest.replica, bytes);
  AppendVarint(earliest.number, bytes);
  AppendVarint(ZigZag(place), bytes);
  return HashOf("twinning.conflict.v1", bytes);
}

bool KnowsConflict(ConflictKind kind, const std::vector<Candidate>& candidates,
                   const Context& context) {
  std::vector<Candidate> seen;
  for (const Candidate& candidate : candidates) {
    if (context.Holds(candidate.stamp)) seen.push_back(candidate);
  }
  return Differ(kind, seen);
}

void WriteRegister(Record& record, uint32_t field, bool quiet, const Author& author,
                   const Value& value) {
  Register& reg = record.registers[field];
  std::vector<Candidate> before;
  if (reg.conflict) before = reg.candidates;
  DropSeen(reg.candidates, author.context);
  if (TWINNING_FAULT("drop a concurrent candidate")) reg.candidates.clear();
  reg.candidates.push_back({author.stamp, value, author.time_ms});
  if (quiet) {
    // Only the latest matters, and it is never a conflict.
    reg.candidates.erase(reg.candidates.begin(), reg.candidates.end() - 1);
    return;
  }
  if (reg.candidates.size() > 1 || reg.conflict)
    JudgeRegister(record, field, author, before, false);
}

void SettleRegister(Record& record, uint32_t field, bool quiet, const Author& author,
                    const Value& value) {
  if (quiet) return WriteRegister(record, field, quiet, author, value);
  Register& reg = record.registers[field];
  std::vector<Candidate> before = reg.candidates;
  DropSeen(reg.candidates, author.context);
  reg.candidates.push_back({author.stamp, value, author.time_ms});
  JudgeRegister(record, field, author, before, true);
}

void AddToSet(Record& record, uint32_t field, const Author& author, const Value& value) {
  std::vector<Stamp>& adds = record.sets[field].adds[value];
  std::erase_if(adds, [&](const Stamp& add) { return author.context.Holds(add); });
  adds.push_back(author.stamp);
}

void RemoveFromSet(Record& record, uint32_t field, const Author& author, const Value& value) {
  SetField& set = record.sets[field];
  auto found = set.adds.find(value);
  if (found == set.adds.end()) return;
  std::erase_if(found->second, [&](const Stamp& add) { return author.context.Holds(add); });
  if (TWINNING_FAULT("remove what was not seen")) found->second.clear();
  if (found->second.empty()) set.adds.erase(found);
}

void Increment(Record& record, uint32_t field, int64_t by) {
  int64_t& counter = record.counters[field];
  if (__builtin_add_overflow(counter, by, &counter)) {
    counter = by > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  }
}

void ApplyConsent(Record& record, const Author& author, Consent consent) {
  std::erase_if(record.consents, [&](const Consent& earlier) {
    return earlier.town == consent.town && author.context.Holds(earlier.stamp);
  });
  record.consents.push_back(std::move(consent));
}

void ConfirmText(Record& record, const TextKey& key, const std::string& counterpart,
                 const Author& author, const Hash& own, const Hash& other) {
  record.confirmations[{key, counterpart}] = {author.stamp, own, other};
}

}  // namespace twinning::merge

// One record as the ledger makes it: registers, sets, counters, texts, existence and consents, each
// merged by its rule. Pure values; nothing here knows other records, rights or the ledger.
// The rules, with examples, are in MERGE.md.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "common/merge/value.h"
#include "common/text/document.h"

namespace twinning::merge {

using ReplicaIndex = uint32_t;  // replicas counted by order of enrolment in the ledger

inline constexpr Sequence kPending = UINT64_MAX;  // of outbox changes: later than every entry

// Which write something is.
struct Stamp {
  Sequence sequence = 0;
  ReplicaIndex replica = 0;
  Number number = 0;
  auto operator<=>(const Stamp&) const = default;
};

// Of writes that founding and admission make, which no replica did.
inline constexpr ReplicaIndex kNoReplica = UINT32_MAX;

// What somebody had seen of what now stands after their base: changes of a history that was lost
// and came back, or those that they made as another replica.
struct Beyond {
  std::vector<Number> numbers;  // by replica: up to this one
  Sequence statements = 0;      // writes of no replica up to here

  bool Holds(const Stamp& write) const {
    if (write.replica == kNoReplica) return write.sequence <= statements;
    return write.replica < numbers.size() && write.number <= numbers[write.replica];
  }
};

// What the author of a change had seen:
//   holds(w)  <=>  w.sequence <= base  or  (w.replica = replica and w.number <= number)
//                  or  beyond holds w
// A change's own earlier edits count as seen by its later ones.
struct Context {
  Sequence base = 0;
  ReplicaIndex replica = 0;
  Number number = 0;
  std::shared_ptr<const Beyond> beyond = nullptr;  // mostly nothing

  bool Holds(const Stamp& write) const {
    return write.sequence <= base || (write.replica == replica && write.number <= number) ||
           (beyond != nullptr && beyond->Holds(write));
  }
};

// The change that is being applied.
struct Author {
  Stamp stamp;
  Context context;
  int64_t time_ms = 0;  // for display
  ReplicaId replica;    // breaks ties in texts
};

struct Candidate {
  Stamp stamp;
  Value value;
  int64_t time_ms = 0;
  bool operator==(const Candidate&) const = default;
};

enum class ConflictKind : uint8_t { kValues = 1, kPassage = 2, kDeletion = 3 };

struct OpenConflict {
  Hash id;
  Sequence opened = 0;  // the entry that opened it; kPending while provisional
};

// Candidates are the writes that no other write has in its context, in ledger order; the last one
// is shown. Differing candidates are an open conflict, unless the field is quiet.
struct Register {
  std::vector<Candidate> candidates;
  std::optional<OpenConflict> conflict;

  const Value& shown() const {
    static const Value kUnset;
    return candidates.empty() ? kUnset : candidates.back().value;
  }
};

// An element is in the set while an add of it stands; a remove takes the adds that it had seen.
struct SetField {
  std::map<Value, std::vector<Stamp>> adds;
};

struct TextKey {
  uint32_t field = 0;
  std::string language;
  auto operator<=>(const TextKey&) const = default;
};

// "Both rewrote this": a passage of the merged text with what each side made of it.
struct PassageConflict {
  OpenConflict conflict;
  int64_t begin = 0;  // in the merged text now, code points; moves with every splice
  int64_t end = 0;
  std::vector<Candidate> candidates;  // values are the passage's text, not canonical values
};

struct TextField {
  struct Mark {
    Stamp stamp;
    text::Operation end = 0;  // operations [previous mark's end, end) came with this change
    int64_t time_ms = 0;
    // How long its author's text was then, and up to where they had seen; -1 when not kept. Spares
    // most changes of a long branch a look at the past; part of no digest and no snapshot.
    int64_t size = -1;
    Sequence base = 0;
  };
  text::Document document;
  std::vector<Mark> marks;  // ledger order
  std::vector<PassageConflict> conflicts;
};

// Something that keeps a record in being, or its deletion.
struct Touch {
  Stamp stamp;
  RecordId source;  // the record that was written: itself, or one that refers to it
  int64_t time_ms = 0;
};

struct Deletion {
  Stamp stamp;
  int64_t time_ms = 0;
  std::vector<Touch> challengers;  // concurrent edits; a challenged deletion deletes nothing
};

struct Existence {
  std::vector<Deletion> deletions;  // that no restore has answered
  std::vector<Touch> touches;       // the last edit of each replica
  std::optional<OpenConflict> conflict;

  bool deleted() const {
    for (const Deletion& deletion : deletions) {
      if (deletion.challengers.empty()) return true;
    }
    return false;
  }
};

// One agree or withdraw of a town that no later one of the same town had seen.
struct Consent {
  Stamp stamp;
  TownId town;
  bool agrees = false;
  Hash terms;  // when it agrees
  uint32_t form = 0;
  std::vector<std::string> languages;  // when it agrees
  std::string statement;               // authored bytes
  std::string signature;
  int64_t time_ms = 0;
};

// A language's text was confirmed to say the same as a counterpart with this digest.
struct TextConfirmation {
  Stamp stamp;
  Hash own;
  Hash counterpart;
};

// A conflict that is over, kept for ever.
struct SettledConflict {
  Hash id;
  ConflictKind kind = ConflictKind::kValues;
  uint32_t field = 0;
  std::string language;
  std::vector<Candidate> candidates;  // at its end; settled by name: those that it spoke of
  Stamp by;
  int64_t time_ms = 0;
  Value outcome;         // canonical value, or the passage's text
  bool by_name = false;  // settled by a person, not by candidates that came to agree
  bool diverged = false;
  bool reopened = false;
};

struct Record {
  RecordId id;
  uint32_t kind = 0;
  Stamp created;
  int64_t created_ms = 0;
  std::map<uint32_t, Register> registers;  // registers, pairs, quiet registers
  std::map<uint32_t, SetField> sets;
  std::map<uint32_t, int64_t> counters;
  std::map<TextKey, TextField> texts;
  Existence existence;
  std::vector<Consent> consents;
  std::map<std::pair<TextKey, std::string>, TextConfirmation> confirmations;  // by counterpart
  std::vector<SettledConflict> settled;

  // Divergence: a diverged record stands for its branches; a branch belongs to one town.
  std::optional<Stamp> diverged;
  Sequence diverged_base = 0;  // what the author who let it diverge had seen
  RecordId branch_of;
  TownId branch_town;
};

// Whether an author saw that the candidates differ: an open conflict that they must settle by name.
// The same before and after the ledger has given their changes a place.
bool KnowsConflict(ConflictKind kind, const std::vector<Candidate>& candidates,
                   const Context& context);

// What stands against what in an open deletion conflict: a deletion's value is the integer 0, an
// edit's the record that was written. Empty when there is none.
std::vector<Candidate> DeletionCandidates(const Record& record);

Hash ConflictId(const RecordId& record, const TextKey& field, ConflictKind kind,
                const Stamp& earliest, int64_t place = 0);

// Each applies one edit that has been checked. The order of calls is ledger order.
void WriteRegister(Record& record, uint32_t field, bool quiet, const Author& author,
                   const Value& value);
void AddToSet(Record& record, uint32_t field, const Author& author, const Value& value);
void RemoveFromSet(Record& record, uint32_t field, const Author& author, const Value& value);
void Increment(Record& record, uint32_t field, int64_t by);  // saturates
absl::Status SpliceText(Record& record, const TextKey& key, const Author& author,
                        const std::vector<text::Splice>& splices);
void TouchRecord(Record& record, const Author& author, const RecordId& source);
void DeleteRecord(Record& record, const Author& author);
void RestoreRecord(Record& record, const Author& author);
void ApplyConsent(Record& record, const Author& author, Consent consent);
void ConfirmText(Record& record, const TextKey& key, const std::string& counterpart,
                 const Author& author, const Hash& own, const Hash& other);

// Settlements: like writes they replace what their author had seen, and they end an open conflict
// by name. What the author had not seen stays a candidate, in a new conflict with the settlement.
void SettleRegister(Record& record, uint32_t field, bool quiet, const Author& author,
                    const Value& value);
void SettleExistence(Record& record, const Author& author, bool deleted);
absl::Status SettlePassage(Record& record, const TextKey& key, const Author& author,
                           const std::vector<Stamp>& named,
                           const std::vector<text::Splice>& splices);
// Brings a settled conflict's candidates back. False when there is no such conflict, or something
// later replaced what it settled: then nothing changes.
bool Reopen(Record& record, const Hash& conflict, const Author& author);

// Takes a divergence back: where the branches differ, each one's value is a candidate of the
// record, and of a quiet field the latest is shown; sets are united. Counters are for the caller,
// who knows the past.
absl::Status Rejoin(Record& record, const Author& author,
                    const std::vector<const Record*>& branches, uint32_t owner_field,
                    const std::set<uint32_t>& quiet_fields);

// The version of the text that the author had seen.
text::Version VersionSeenBy(const TextField& field, const Context& context);
// How long the text is there; for checking splices before applying them.
absl::StatusOr<int64_t> SizeSeenBy(const TextField& field, const Context& context);

}  // namespace twinning::merge

// The conflicts of a plan as people see them: what, who, when, from which town, and how it ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/plan/plan.h"

namespace twinning::plan {

struct Candidate {
  merge::Stamp stamp;
  ReplicaId replica;
  Number number = 0;  // with `replica`, the name by which a settlement names it
  std::string author;
  TownId town;
  int64_t time_ms = 0;
  merge::Value value;    // canonical value; of a passage its text; of a deletion conflict see below
  bool deletes = false;  // deletion conflict: this one deleted; otherwise it edited `edited`
  RecordId edited;
  bool shown = false;
};

struct Settlement {
  merge::Stamp stamp;
  ReplicaId replica;
  std::string author;
  TownId town;
  int64_t time_ms = 0;
  merge::Value outcome;
  bool by_name = false;  // false: candidates came to agree by themselves
  bool diverged = false;
  bool reopened = false;
};

struct Conflict {
  Hash id;
  RecordId record;
  uint32_t field = 0;    // 0 for a deletion
  std::string language;  // of a text
  merge::ConflictKind kind = merge::ConflictKind::kValues;
  Sequence opened = 0;                // the entry that opened it; kPending while provisional
  bool provisional = false;           // opened by this replica's outbox: its id may yet change
  std::vector<Candidate> candidates;  // in ledger order
  std::optional<Settlement> settled;
};

// Open ones; `all` adds those that are over. By record, then field.
std::vector<Conflict> Conflicts(const Plan& plan, bool all);
std::vector<Conflict> ConflictsOf(const Plan& plan, const merge::Record& record, bool all);

// Whether a record has an open conflict; cheap.
bool HasOpenConflict(const merge::Record& record);

}  // namespace twinning::plan

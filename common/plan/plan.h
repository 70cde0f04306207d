// The whole partnership as its ledger makes it: towns, members, records and their conflicts. The
// invariant that everything rests on:
//
//   plan = f(entries 1..head)            confirmed; the same on every replica
//   view = f(entries 1..head, outbox)    what one replica shows
//
// Server, client and simulation use this one class. No I/O but the injected EntrySource, no clock,
// no randomness. Not for two threads at once; const calls may run at the same time as each other
// unless noted. Merge rules of one record are in common/merge.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/crypto/sha256.h"
#include "common/ledger/entry_source.h"
#include "common/ledger/hashes.h"
#include "common/ledger/lineage.h"
#include "common/merge/record.h"
#include "common/merge/schema.h"
#include "common/plan/change.h"
#include "common/plan/digest_tree.h"
#include "common/plan/records.h"
#include "common/plan/refusal.h"
#include "common/plan/roster.h"
#include "twinning/v1/change.pb.h"

namespace twinning::plan {

// The version of the rules by which entries become a plan. Digests of different versions are never
// compared.
inline constexpr uint32_t kSemantics = 2;

struct Applied {
  std::vector<RecordId> touched;   // records that are not what they were before
  std::optional<Refusal> ignored;  // the entry should have been refused: nothing changed, raise an
                                   // alarm
  std::optional<Refusal> lapsed;   // a change that a restore had lost is back, and cannot be put
                                   // into the plan any more: nothing changed
  std::vector<ReplicaId> dismissed;  // whom a town has shut out by it
};

class Plan {
 public:
  // Before the founding entry. `past` must outlive the plan and hold every entry applied to it.
  explicit Plan(const ledger::EntrySource& past);

  // An empty outbox over `confirmed`, which must outlive it and must not change meanwhile.
  static Plan Over(const Plan& confirmed);

  Plan(Plan&&) = default;
  Plan& operator=(Plan&&) = default;

  // --- Ledger side
  // ---------------------------------------------------------------------------------

  // Whether the change may be the next entry, judged against this state. None: it may.
  std::optional<Refusal> Judge(const Change& change) const;

  // Takes the entry at head + 1; its place in the hash chain is for ledger::Chain to judge. For an
  // entry of kind CHANGE, `change` may give what has been read from its body already, and `judged`
  // that Judge has just answered "none" for it. DataLoss, and the plan must be thrown away, when
  // the entry is not the next one, not readable or the past cannot be read.
  absl::StatusOr<Applied> Apply(const v1::Entry& entry, const Hash& entry_hash,
                                const Change* change = nullptr, bool judged = false);

  // --- Outbox side
  // ---------------------------------------------------------------------------------

  // Puts an outbox change on top; only on a plan made by Over. An answer means that it would be
  // refused as things stand: nothing changed.
  absl::StatusOr<std::optional<Refusal>> ApplyPending(const Change& change);

  // Outbox changes in place, in order; for divergence and undo, which read the past again.
  const std::vector<Change>& pending() const { return pending_; }

  // --- Reading
  // -------------------------------------------------------------------------------------

  const ledger::Head& head() const { return head_; }
  const LedgerId& ledger() const { return ledger_; }
  const std::string& name() const { return name_; }
  uint64_t epoch() const { return epoch_; }
  const merge::Schema& schema() const { return *schema_; }
  const std::string& schema_bytes() const { return schema_bytes_; }
  // A rule of the schema is unknown to this program, or its semantics: read, do not write.
  bool needs_update() const { return semantics_ > kSemantics || schema_->needs_update(); }

  const Roster& roster() const { return roster_; }
  const std::vector<Town>& towns() const { return roster_.towns(); }        // by admission
  const std::vector<Member>& members() const { return roster_.members(); }  // by enrolment
  const Town* FindTown(const TownId& id) const { return roster_.FindTown(id); }
  const Member* FindMember(const ReplicaId& replica) const { return roster_.FindMember(replica); }
  std::optional<merge::ReplicaIndex> IndexOf(const ReplicaId& replica) const {
    return roster_.IndexOf(replica);
  }

  const Records& records() const { return records_; }
  const merge::Record* Find(const RecordId& id) const { return records_.Find(id); }
  const merge::Kind* KindOf(const merge::Record& record) const;
  // Is in the plan as people see it: not deleted, not replaced by branches, not a branch that has
  // been taken back.
  bool Visible(const merge::Record& record) const;

  // The value of a register as shown; empty when unset.
  const merge::Value& Shown(const merge::Record& record, uint32_t field) const;
  std::optional<TownId> OwnerOf(const merge::Record& record) const;
  // The towns whose agreement or position counts: named by the participants field, or all.
  std::vector<TownId> Participants(const merge::Record& record) const;
  // Where an edit by `town` that names `record` goes: itself, or the town's branch of it.
  RecordId Routed(const RecordId& record, const TownId& town) const;
  // The branches of a diverged record that exist, by admission of their towns.
  std::vector<const merge::Record*> BranchesOf(const RecordId& record) const;

  // A personal value by its commitment; none when it was erased or has not come.
  std::optional<merge::Value> Personal(std::string_view commitment) const;
  void AddPersonal(const google::protobuf::RepeatedPtrField<v1::PersonalValue>& values);

  // The root over all confirmed records, members and towns; see MERGE.md. Not on a plan made by
  // Over. Costs what changed since it was last asked; not at the same time as other calls.
  Hash Digest() const;

  const ledger::EntrySource& past() const { return *past_; }
  // What a restore lost and the ledger has taken back.
  const ledger::Lineage& lineage() const { return under_ ? under_->lineage() : lineage_; }
  // Whether an author on `base` had seen what is entry `sequence` now.
  bool HadSeen(const ledger::Head& base, Sequence sequence) const;
  // How a change of a known member that is entry `sequence` (kPending: in the outbox) merges.
  merge::Author AuthorOf(const ledger::ParsedChange& change, Sequence sequence) const;
  // Entries of changes that have no effect: the ledger should not have taken them, or they came
  // back too late to be put into the plan.
  const std::set<Sequence>& ignored() const { return ignored_; }

 private:
  friend class Applier;
  friend class Divergence;
  friend class PlanCodec;

  absl::Status ApplyBody(const v1::Entry& entry, const Change* change, bool judged,
                         Applied& applied);
  absl::Status ApplyFounding(const v1::Entry& entry, Applied& applied);
  absl::Status ApplyReadmission(const v1::Entry& entry, Applied& applied);
  absl::Status ApplyReturned(const v1::Entry& entry, Applied& applied);
  std::shared_ptr<const merge::Beyond> BeyondOf(const ledger::Lost* base,
                                                const Member& member) const;
  absl::Status ApplyChange(const v1::Entry& entry, const Change* change, bool judged,
                           Applied& applied);
  absl::Status ApplyRefusal(const v1::Entry& entry);
  absl::Status ApplyMembership(const v1::Entry& entry, Applied& applied);
  absl::Status ApplySchema(const v1::Entry& entry);
  absl::Status ApplyRecovery(const v1::Entry& entry);
  absl::Status ApplyErasure(const v1::Entry& entry);
  void PutNamed(const RecordId& id, std::string_view kind_name, std::string_view name,
                const v1::Entry& entry, Applied& applied);
  absl::StatusOr<std::vector<RecordId>> Put(const Change& change, Sequence sequence);
  Hash FactsDigest() const;

  const ledger::EntrySource* past_;
  const Plan* under_ = nullptr;
  ledger::Head head_;
  LedgerId ledger_;
  std::string name_;
  uint64_t epoch_ = 0;
  uint32_t semantics_ = kSemantics;
  std::shared_ptr<const merge::Schema> schema_;
  std::string schema_bytes_;
  Roster roster_;
  Records records_;
  std::unordered_map<std::string, merge::Value> personal_;  // by commitment
  std::vector<Change> pending_;
  std::set<Sequence> ignored_;
  ledger::Lineage lineage_;
  mutable std::set<RecordId> undigested_;
  mutable DigestTree digests_;
};

// Derived identities: the same on every replica without asking anybody.
RecordId PositionId(const RecordId& about, const TownId& town);
RecordId BranchId(const RecordId& record, const TownId& town);
RecordId OccurrenceId(const RecordId& series, std::string_view occurrence);  // "2031-10-10"

}  // namespace twinning::plan

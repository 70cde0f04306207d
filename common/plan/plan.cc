#include "common/plan/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/ledger/personal.h"
#include "common/merge/record_codec.h"
#include "common/plan/applier.h"
#include "common/plan/judgement.h"

namespace twinning::plan {
namespace {

using merge::kNoReplica;

merge::Author OfTheLedger(const v1::Entry& entry) {
  merge::Author author;
  author.stamp = {entry.sequence(), kNoReplica, 0};
  author.context = {entry.sequence() - 1, kNoReplica, 0};
  author.time_ms = entry.time_ms();
  return author;
}

absl::Status Unreadable(const v1::Entry& entry, std::string_view what) {
  return DataLoss(fmt::format("entry {} is not a readable {}", entry.sequence(), what));
}

template <typename Message>
absl::StatusOr<Message> Statement(const v1::Entry& entry, std::string_view what) {
  Message message;
  if (!message.ParseFromString(entry.body())) return Unreadable(entry, what);
  return message;
}

RecordId DerivedId(std::string_view domain, const RecordId& from, std::string_view rest) {
  std::string bytes(from.bytes());
  bytes.append(rest);
  return *RecordId::Of(HashOf(domain, bytes).bytes().substr(0, RecordId::kSize));
}

}  // namespace

RecordId PositionId(const RecordId& about, const TownId& town) {
  return DerivedId("twinning.position.v1", about, town.bytes());
}

RecordId BranchId(const RecordId& record, const TownId& town) {
  return DerivedId("twinning.branch.v1", record, town.bytes());
}

RecordId OccurrenceId(const RecordId& series, std::string_view occurrence) {
  return DerivedId("twinning.occurrence.v1", series, occurrence);
}

Plan::Plan(const ledger::EntrySource& past) : past_(&past), schema_(merge::Schema::BuiltIn()) {}

Plan Plan::Over(const Plan& confirmed) {
  Plan view(*confirmed.past_);
  view.under_ = &confirmed;
  view.head_ = confirmed.head_;
  view.ledger_ = confirmed.ledger_;
  view.name_ = confirmed.name_;
  view.epoch_ = confirmed.epoch_;
  view.semantics_ = confirmed.semantics_;
  view.schema_ = confirmed.schema_;
  view.schema_bytes_ = confirmed.schema_bytes_;
  view.roster_ = confirmed.roster_;
  view.ignored_ = confirmed.ignored_;
  view.pending_ = confirmed.pending_;
  view.records_ = Records::Over(confirmed.records_);
  return view;
}

std::optional<Refusal> Plan::Judge(const Change& change) const {
  return Judgement(*this, change).Answer();
}

absl::StatusOr<Applied> Plan::Apply(const v1::Entry& entry, const Hash& entry_hash,
                                    const Change* change, bool judged) {
  if (entry.sequence() != head_.sequence + 1) {
    return DataLoss(
        fmt::format("entry {} does not follow entry {}", entry.sequence(), head_.sequence));
  }
  Applied applied;
  TWINNING_RETURN_IF_ERROR(ApplyBody(entry, change, judged, applied));
  head_ = {entry.sequence(), entry_hash};
  undigested_.insert(applied.touched.begin(), applied.touched.end());
  return applied;
}

absl::Status Plan::ApplyBody(const v1::Entry& entry, const Change* change, bool judged,
                             Applied& applied) {
  switch (entry.kind()) {
    case v1::FOUNDING:
      return ApplyFounding(entry, applied);
    case v1::CHANGE:
      return ApplyChange(entry, change, judged, applied);
    case v1::REFUSAL:
      return ApplyRefusal(entry);
    case v1::MEMBERSHIP:
      return ApplyMembership(entry, applied);
    case v1::SCHEMA:
      return ApplySchema(entry);
    case v1::RECOVERY:
      return ApplyRecovery(entry);
    case v1::ERASURE:
      return ApplyErasure(entry);
    case v1::READMISSION:
      return ApplyReadmission(entry, applied);
    default:
      // From a newer program: kept, and this one no longer writes.
      semantics_ = std::max(semantics_, kSemantics + 1);
      return absl::OkStatus();
  }
}

absl::Status Plan::ApplyFounding(const v1::Entry& entry, Applied& applied) {
  TWINNING_ASSIGN_OR_RETURN(auto founding, Statement<v1::Founding>(entry, "founding"));
  std::optional<LedgerId> ledger = LedgerId::Of(founding.ledger());
  if (!ledger || entry.sequence() != 1) return Unreadable(entry, "founding");
  TWINNING_ASSIGN_OR_RETURN(schema_, merge::Schema::FromDescriptorSet(founding.schema()));
  ledger_ = *ledger;
  name_ = founding.name();
  semantics_ = founding.semantics();
  schema_bytes_ = founding.schema();
  PutNamed(*RecordId::Of(ledger_.bytes()), "partnership", founding.name(), entry, applied);
  return absl::OkStatus();
}

// The record that a founding or an admission begins, with its name.
void Plan::PutNamed(const RecordId& id, std::string_view kind_name, std::string_view name,
                    const v1::Entry& entry, Applied& applied) {
  const merge::Kind* kind = schema_->KindByName(kind_name);
  if (kind == nullptr) return;
  merge::Record record;
  record.id = id;
  record.kind = kind->number;
  merge::Author author = OfTheLedger(entry);
  record.created = author.stamp;
  record.created_ms = author.time_ms;
  merge::WriteRegister(record, kind->title_field, false, author, merge::StringValue(name));
  records_.Put(std::move(record));
  applied.touched.push_back(id);
}

absl::Status Plan::ApplyChange(const v1::Entry& entry, const Change* change, bool judged,
                               Applied& applied) {
  Change read;
  if (change == nullptr) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(entry.body()));
    read = ReadChange(std::move(parsed));
    change = &read;
  }
  if (!IndexOf(change->authored.replica)) return Unreadable(entry, "change of a member");
  if (!judged) applied.ignored = Judge(*change);
  if (applied.ignored) {
    ignored_.insert(entry.sequence());
    return absl::OkStatus();
  }
  AddPersonal(entry.personal());
  TWINNING_ASSIGN_OR_RETURN(applied.touched, Put(*change, entry.sequence()));
  for (const Member& one : members()) {
    if (one.revoked == entry.sequence()) applied.dismissed.push_back(one.replica);
  }
  Member& member = roster_.Edit(*IndexOf(change->authored.replica));
  std::erase_if(member.refused, [&](const Member::RefusedRecords& refused) {
    return HadSeen(change->authored.base, refused.sequence);
  });
  return absl::OkStatus();
}

merge::Author Plan::AuthorOf(const ledger::ParsedChange& change, Sequence sequence) const {
  merge::Author author;
  merge::ReplicaIndex index = *IndexOf(change.replica);
  const ledger::Lost* lost = lineage().Find(change.base.hash);
  author.stamp = {sequence, index, change.number};
  author.context = {lost ? lost->fork : change.base.sequence, index, change.number,
                    BeyondOf(lost, members()[index])};
  author.time_ms = change.time_ms;
  author.replica = change.replica;
  return author;
}

absl::StatusOr<std::vector<RecordId>> Plan::Put(const Change& change, Sequence sequence) {
  merge::Author author = AuthorOf(change.authored, sequence);
  Applier applier(*this, author, members()[author.stamp.replica].town);
  TWINNING_RETURN_IF_ERROR(applier.Apply(change.edits));
  return std::vector<RecordId>(applier.touched().begin(), applier.touched().end());
}

absl::Status Plan::ApplyRefusal(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(auto refusal, Statement<v1::Refusal>(entry, "refusal"));
  std::optional<ReplicaId> replica = ReplicaId::Of(refusal.replica());
  std::optional<merge::ReplicaIndex> index = replica ? IndexOf(*replica) : std::nullopt;
  if (!index) return Unreadable(entry, "refusal of a member's change");
  Member::RefusedRecords refused{entry.sequence(), {}};
  for (const std::string& bytes : refusal.records()) {
    if (std::optional<RecordId> id = RecordId::Of(bytes)) refused.records.push_back(*id);
  }
  roster_.Edit(*index).refused.push_back(std::move(refused));
  return absl::OkStatus();
}

absl::Status Plan::ApplyMembership(const v1::Entry& entry, Applied& applied) {
  TWINNING_ASSIGN_OR_RETURN(auto statement, Statement<v1::Membership>(entry, "membership"));
  const size_t towns_before = towns().size();
  switch (roster_.Take(statement, entry.sequence())) {
    case Roster::Taken::kUnreadable:
      return Unreadable(entry, "membership");
    case Roster::Taken::kUnknown:
      semantics_ = std::max(semantics_, kSemantics + 1);
      break;
    case Roster::Taken::kDone:
      break;
  }
  if (towns().size() > towns_before) {
    PutNamed(towns().back().id, "town", statement.town_name(), entry, applied);
  }
  return absl::OkStatus();
}

absl::Status Plan::ApplySchema(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(auto statement, Statement<v1::SchemaStatement>(entry, "schema"));
  TWINNING_ASSIGN_OR_RETURN(std::shared_ptr<const merge::Schema> next,
                            merge::Schema::FromDescriptorSet(statement.schema()));
  // A schema that takes something away is no schema of this ledger: nothing changes.
  if (!merge::CheckEvolution(*schema_, *next).ok()) return absl::OkStatus();
  schema_ = std::move(next);
  schema_bytes_ = statement.schema();
  semantics_ = std::max(semantics_, statement.semantics());
  return absl::OkStatus();
}

absl::Status Plan::ApplyRecovery(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(auto recovery, Statement<v1::Recovery>(entry, "recovery"));
  epoch_ = std::max(epoch_, recovery.epoch());
  return absl::OkStatus();
}

absl::Status Plan::ApplyErasure(const v1::Entry& entry) {
  TWINNING_ASSIGN_OR_RETURN(auto erasure, Statement<v1::Erasure>(entry, "erasure"));
  for (const std::string& commitment : erasure.commitments()) personal_.erase(commitment);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Refusal>> Plan::ApplyPending(const Change& change) {
  std::optional<Refusal> refusal = Judge(change);
  if (refusal) return refusal;
  TWINNING_RETURN_IF_ERROR(Put(change, merge::kPending).status());
  pending_.push_back(change);
  return std::optional<Refusal>();
}

const merge::Kind* Plan::KindOf(const merge::Record& record) const {
  return schema_->KindByNumber(record.kind);
}

bool Plan::Visible(const merge::Record& record) const {
  if (record.existence.deleted() || record.diverged) return false;
  if (record.branch_of.empty()) return true;
  const merge::Record* shared = Find(record.branch_of);
  return shared != nullptr && shared->diverged.has_value();
}

const merge::Value& Plan::Shown(const merge::Record& record, uint32_t field) const {
  static const merge::Value kUnset;
  auto found = record.registers.find(field);
  return found == record.registers.end() ? kUnset : found->second.shown();
}

std::optional<TownId> Plan::OwnerOf(const merge::Record& record) const {
  if (FindTown(record.id) != nullptr) return record.id;
  const merge::Kind* kind = KindOf(record);
  const merge::Field* owner = kind != nullptr ? kind->OwnerField() : nullptr;
  return owner != nullptr ? merge::ReferenceOf(Shown(record, owner->number)) : std::nullopt;
}

std::vector<TownId> Plan::Participants(const merge::Record& record) const {
  const merge::Kind* kind = KindOf(record);
  const merge::Field* field = kind != nullptr ? kind->ParticipantsField() : nullptr;
  const merge::SetField* named = nullptr;
  if (field != nullptr) {
    auto found = record.sets.find(field->number);
    if (found != record.sets.end() && !found->second.adds.empty()) named = &found->second;
  }
  std::vector<TownId> participants;
  for (const Town& town : towns()) {
    if (named == nullptr || named->adds.count(merge::ReferenceValue(town.id)) > 0) {
      participants.push_back(town.id);
    }
  }
  return participants;
}

RecordId Plan::Routed(const RecordId& id, const TownId& town) const {
  const merge::Record* record = Find(id);
  if (record == nullptr) return id;
  return record->diverged ? BranchId(id, town) : id;
}

std::vector<const merge::Record*> Plan::BranchesOf(const RecordId& id) const {
  std::vector<const merge::Record*> branches;
  for (const Town& town : towns()) {
    const merge::Record* branch = Find(BranchId(id, town.id));
    if (branch != nullptr) branches.push_back(branch);
  }
  return branches;
}

std::optional<merge::Value> Plan::Personal(std::string_view commitment) const {
  auto found = personal_.find(std::string(commitment));
  if (found != personal_.end()) return found->second;
  return under_ != nullptr ? under_->Personal(commitment) : std::nullopt;
}

void Plan::AddPersonal(const google::protobuf::RepeatedPtrField<v1::PersonalValue>& values) {
  for (const v1::PersonalValue& value : values) {
    if (ledger::CheckPersonal(value).ok()) personal_[value.commitment()] = value.value();
  }
}

Hash Plan::Digest() const {
  for (const RecordId& id : undigested_) digests_.Set(id, merge::RecordDigest(*Find(id)));
  undigested_.clear();
  digests_.Set(RecordId(), FactsDigest());
  return digests_.Root();
}

Hash Plan::FactsDigest() const {
  std::string bytes(ledger_.bytes());
  AppendVarint(semantics_, bytes);
  AppendVarint(epoch_, bytes);
  bytes.append(Sha256(schema_bytes_).bytes());
  roster_.AppendTo(bytes);
  return HashOf("twinning.facts.v2", bytes);
}

}  // namespace twinning::plan

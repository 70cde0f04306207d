#include "common/plan/applier.h"

#include <fmt/core.h>

#include "common/base/status.h"
#include "common/plan/divergence.h"

namespace twinning::plan {
namespace {

std::vector<merge::Stamp> NamedBy(const Plan& plan, const v1::Settle& settle) {
  std::vector<merge::Stamp> named;
  for (const v1::CandidateName& name : settle.candidates()) {
    std::optional<ReplicaId> replica = ReplicaId::Of(name.replica());
    std::optional<merge::ReplicaIndex> index = replica ? plan.IndexOf(*replica) : std::nullopt;
    if (index) named.push_back({0, *index, name.number()});
  }
  return named;
}

merge::Consent ConsentOf(const merge::Author& author, const TownId& town, const v1::Agree& agree) {
  v1::AgreementStatement statement;
  statement.ParseFromString(agree.statement());
  merge::Consent consent;
  consent.stamp = author.stamp;
  consent.town = town;
  consent.agrees = true;
  consent.terms = Hash::Of(statement.terms()).value_or(Hash());
  consent.form = statement.form();
  consent.languages = {statement.languages().begin(), statement.languages().end()};
  consent.statement = agree.statement();
  consent.signature = agree.signature();
  consent.time_ms = author.time_ms;
  return consent;
}

merge::Consent WithdrawalOf(const merge::Author& author, const TownId& town) {
  merge::Consent consent;
  consent.stamp = author.stamp;
  consent.town = town;
  consent.time_ms = author.time_ms;
  return consent;
}

Hash TextDigest(const merge::Record& record, const merge::TextKey& key) {
  auto found = record.texts.find(key);
  return Sha256(found == record.texts.end() ? "" : found->second.document.text());
}

void Confirm(merge::Record& record, const merge::Author& author, const v1::ConfirmText& confirm) {
  merge::TextKey key{confirm.field(), confirm.language()};
  Hash own = TextDigest(record, key);
  for (const v1::Counterpart& counterpart : confirm.counterparts()) {
    merge::ConfirmText(record, key, counterpart.language(), author, own,
                       Hash::Of(counterpart.digest()).value_or(Hash()));
  }
}

bool Quiet(const merge::Kind& kind, uint32_t field) {
  const merge::Field* found = kind.FieldByNumber(field);
  return found != nullptr && found->rule == v1::QUIET_REGISTER;
}

// Whether an edit keeps its record from a concurrent deletion.
bool Touches(const v1::Edit& edit) {
  switch (edit.operation_case()) {
    case v1::Edit::kDelete:
    case v1::Edit::kRestore:
    case v1::Edit::kAgree:
    case v1::Edit::kWithdraw:
    case v1::Edit::kConfirm:
    case v1::Edit::kReopen:
      return false;
    case v1::Edit::kSettle:
      return edit.settle().subject_case() != v1::Settle::kExistence;
    default:
      return true;
  }
}

}  // namespace

std::vector<text::Splice> SplicesOf(const google::protobuf::RepeatedPtrField<v1::Splice>& splices) {
  std::vector<text::Splice> read;
  read.reserve(static_cast<size_t>(splices.size()));
  for (const v1::Splice& splice : splices) {
    read.push_back({splice.position(), splice.removed(), splice.inserted()});
  }
  return read;
}

Applier::Applier(Plan& plan, const merge::Author& author, const TownId& town)
    : plan_(plan), author_(author), town_(town) {}

absl::Status Applier::Apply(const v1::Edits& edits) {
  for (const v1::Edit& edit : edits.edits()) TWINNING_RETURN_IF_ERROR(ApplyEdit(edit));
  return absl::OkStatus();
}

absl::Status Applier::ApplyEdit(const v1::Edit& edit) {
  RecordId named = *RecordId::Of(edit.record());
  if (edit.has_create()) {
    Create(named, edit.create());
    return absl::OkStatus();
  }
  if (edit.has_mandate()) {
    v1::MandateStatement said;
    said.ParseFromString(edit.mandate().statement());
    plan_.roster_.Take(said, author_.replica, author_.stamp.sequence);
    return absl::OkStatus();
  }
  Divergence divergence(plan_, touched_);
  RecordId id = named;
  if (!edit.has_reopen()) {
    TWINNING_ASSIGN_OR_RETURN(id, divergence.Admit(named, author_, town_));
  }
  merge::Record* record = plan_.records_.Edit(id);
  if (record == nullptr) return Internal(fmt::format("no record {} to edit", id.hex()));
  const merge::Kind& kind = *plan_.KindOf(*record);
  touched_.insert(id);
  if (edit.has_settle() && edit.settle().diverge()) {
    return divergence.Begin(*record, author_, edit.settle());
  }
  if (edit.has_reopen() && record->diverged) {
    return divergence.End(*record, author_, *Hash::Of(edit.reopen().conflict()));
  }
  TWINNING_RETURN_IF_ERROR(ApplyTo(plan_, *record, kind, author_, town_, edit));
  TouchReferred(id, kind, edit);
  return absl::OkStatus();
}

namespace {

absl::Status Settle(const Plan& plan, merge::Record& record, const merge::Kind& kind,
                    const merge::Author& author, const v1::Settle& settle) {
  if (settle.subject_case() == v1::Settle::kExistence) {
    merge::SettleExistence(record, author, settle.deleted());
    return absl::OkStatus();
  }
  if (settle.outcome_case() == v1::Settle::kText) {
    return merge::SettlePassage(record, {settle.field(), settle.language()}, author,
                                NamedBy(plan, settle), SplicesOf(settle.text().splices()));
  }
  merge::SettleRegister(record, settle.field(), Quiet(kind, settle.field()), author,
                        settle.value());
  return absl::OkStatus();
}

absl::Status Operate(const Plan& plan, merge::Record& target, const merge::Kind& kind,
                     const merge::Author& author, const TownId& town, const v1::Edit& edit) {
  switch (edit.operation_case()) {
    case v1::Edit::kWrite:
      merge::WriteRegister(target, edit.write().field(), Quiet(kind, edit.write().field()), author,
                           edit.write().value());
      return absl::OkStatus();
    case v1::Edit::kSplice:
      return merge::SpliceText(target, {edit.splice().field(), edit.splice().language()}, author,
                               SplicesOf(edit.splice().splices()));
    case v1::Edit::kAdd:
      merge::AddToSet(target, edit.add().field(), author, edit.add().value());
      return absl::OkStatus();
    case v1::Edit::kRemove:
      merge::RemoveFromSet(target, edit.remove().field(), author, edit.remove().value());
      return absl::OkStatus();
    case v1::Edit::kIncrement:
      merge::Increment(target, edit.increment().field(), edit.increment().by());
      return absl::OkStatus();
    case v1::Edit::kDelete:
      merge::DeleteRecord(target, author);
      return absl::OkStatus();
    case v1::Edit::kRestore:
      merge::RestoreRecord(target, author);
      return absl::OkStatus();
    case v1::Edit::kAgree:
      merge::ApplyConsent(target, author, ConsentOf(author, town, edit.agree()));
      return absl::OkStatus();
    case v1::Edit::kWithdraw:
      merge::ApplyConsent(target, author, WithdrawalOf(author, town));
      return absl::OkStatus();
    case v1::Edit::kReopen:
      // Nothing to bring back when something later replaced what was settled.
      merge::Reopen(target, *Hash::Of(edit.reopen().conflict()), author);
      return absl::OkStatus();
    case v1::Edit::kConfirm:
      Confirm(target, author, edit.confirm());
      return absl::OkStatus();
    case v1::Edit::kSettle:
      return Settle(plan, target, kind, author, edit.settle());
    default:
      return absl::OkStatus();
  }
}

}  // namespace

absl::Status ApplyTo(const Plan& plan, merge::Record& target, const merge::Kind& kind,
                     const merge::Author& author, const TownId& town, const v1::Edit& edit) {
  TWINNING_RETURN_IF_ERROR(Operate(plan, target, kind, author, town, edit));
  if (Touches(edit)) merge::TouchRecord(target, author, target.id);
  return absl::OkStatus();
}

void Applier::Create(const RecordId& id, const v1::Create& create) {
  touched_.insert(id);
  merge::Record* same = plan_.records_.Edit(id);
  if (same == nullptr) {
    merge::Record record;
    record.id = id;
    record.kind = create.kind();
    record.created = author_.stamp;
    record.created_ms = author_.time_ms;
    same = &plan_.records_.Put(std::move(record));
  }
  merge::TouchRecord(*same, author_, id);
}

// Naming a record where it keeps alive is an edit of that record, as far as its deletion goes.
void Applier::TouchReferred(const RecordId& source, const merge::Kind& kind, const v1::Edit& edit) {
  uint32_t number = 0;
  std::string_view value;
  if (edit.has_write()) {
    number = edit.write().field();
    value = edit.write().value();
  } else if (edit.has_add()) {
    number = edit.add().field();
    value = edit.add().value();
  } else {
    return;
  }
  const merge::Field* field = kind.FieldByNumber(number);
  std::optional<RecordId> referred = merge::ReferenceOf(value);
  if (field == nullptr || !field->keeps_alive || !referred) return;
  merge::Record* target = plan_.records_.Edit(*referred);
  if (target == nullptr) return;
  merge::TouchRecord(*target, author_, source);
  touched_.insert(*referred);
}

}  // namespace twinning::plan

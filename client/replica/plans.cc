#include "client/replica/plans.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/fault.h"
#include "common/base/status.h"
#include "common/merge/record_codec.h"
#include "common/plan/codec.h"

namespace twinning::client {
namespace {

absl::StatusOr<plan::Applied> ApplyTo(plan::Plan& plan, const v1::Entry& entry, const Hash& hash,
                                      const plan::Change* change) {
  if (TWINNING_FAULT("entry skipped on apply") && entry.sequence() % 16 == 0) {
    v1::Entry nothing;
    nothing.set_sequence(entry.sequence());
    nothing.set_kind(v1::RECOVERY);
    return plan.Apply(nothing, hash);
  }
  return plan.Apply(entry, hash, change);
}

absl::Status ApplyStored(const StoredEntry& stored, plan::Plan& plan,
                         std::vector<RecordId>* touched) {
  const v1::Entry& entry = stored.entry;
  // What the disk returns is checked as what a server sends is.
  LedgerId ledger = plan.ledger();
  if (entry.sequence() > 1 && ledger::EntryHash(ledger, plan.head().hash, entry) != stored.hash) {
    return DataLoss(fmt::format("entry {} is damaged", entry.sequence()));
  }
  TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, ApplyTo(plan, entry, stored.hash, nullptr));
  if (touched != nullptr) *touched = std::move(applied.touched);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<plan::Plan>> PlanOfEntries(const Store& store, Sequence up_to) {
  auto plan = std::make_unique<plan::Plan>(store);
  TWINNING_RETURN_IF_ERROR(store.ReadStored(
      0, up_to, [&](const StoredEntry& stored) { return ApplyStored(stored, *plan, nullptr); }));
  return plan;
}

Plans::Plans(Store& store) : store_(store), confirmed_(std::make_unique<plan::Plan>(store)) {}

absl::StatusOr<std::unique_ptr<plan::Plan>> Plans::LoadCheckpoint() {
  checkpoint_ = static_cast<Sequence>(store_.Number64(kMetaCheckpoint));
  if (checkpoint_ == 0) return std::make_unique<plan::Plan>(store_);
  std::string facts = store_.Text(kMetaFacts).value_or("");
  TWINNING_ASSIGN_OR_RETURN(plan::Plan plan, plan::DecodeFacts(facts, store_));
  if (plan.head().sequence != checkpoint_) return DataLoss("the checkpoint is damaged");
  TWINNING_RETURN_IF_ERROR(store_.ReadRecords(
      [&](std::string_view state) { return plan::LoadRecord(plan, state, true); }));
  return std::make_unique<plan::Plan>(std::move(plan));
}

absl::Status Plans::Load() {
  DropView();
  outbox_.clear();
  touched_.clear();
  touched_all_ = false;
  auto loaded = LoadCheckpoint();
  if (loaded.ok()) {
    confirmed_ = *std::move(loaded);
  } else {
    if (store_.Number64(kMetaIncomplete) != 0) return loaded.status();
    confirmed_ = std::make_unique<plan::Plan>(store_);
    touched_all_ = true;
  }
  return TakeNew();
}

absl::Status Plans::TakeNew() {
  TWINNING_RETURN_IF_ERROR(TakeEntries());
  return TakeOutbox();
}

absl::Status Plans::TakeEntries() {
  Sequence head = store_.head().sequence;
  if (head <= confirmed_->head().sequence) return absl::OkStatus();
  DropView();
  return store_.ReadStored(confirmed_->head().sequence, head, [&](const StoredEntry& stored) {
    std::vector<RecordId> touched;
    TWINNING_RETURN_IF_ERROR(ApplyStored(stored, *confirmed_, &touched));
    touched_.insert(touched.begin(), touched.end());
    return absl::OkStatus();
  });
}

absl::Status Plans::TakeOutbox() {
  Number first = store_.OutboxFirst();
  if (!outbox_.empty()) Drop(first == 0 ? outbox_last() : first - 1);
  for (OutboxRow& row : store_.Outbox(outbox_last(), SIZE_MAX >> 1)) {
    absl::StatusOr<ledger::ParsedChange> parsed = ledger::ParseChange(row.change.change());
    if (!parsed.ok()) {
      return DataLoss(fmt::format("change {} in the outbox is damaged: {}", row.number,
                                  MessageOf(parsed.status())));
    }
    row.change.clear_change();
    outbox_.push_back({plan::ReadChange(*std::move(parsed)), std::move(row.change)});
  }
  return absl::OkStatus();
}

absl::StatusOr<plan::Applied> Plans::Apply(const v1::Entry& entry, const Hash& hash,
                                           const plan::Change* change) {
  DropView();
  TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, ApplyTo(*confirmed_, entry, hash, change));
  touched_.insert(applied.touched.begin(), applied.touched.end());
  return applied;
}

void Plans::Replace(std::unique_ptr<plan::Plan> confirmed) {
  DropView();
  confirmed_ = std::move(confirmed);
  touched_.clear();
  touched_all_ = true;
  checkpoint_ = 0;
}

absl::Status Plans::MakeView() {
  if (!view_) {
    view_ = plan::Plan::Over(*confirmed_);
    in_view_ = 0;
  }
  while (in_view_ < outbox_.size()) {
    const Pending& pending = outbox_[in_view_];
    // A change that would be refused as things stand stays in the outbox: the ledger decides.
    TWINNING_RETURN_IF_ERROR(view_->ApplyPending(pending.change).status());
    view_->AddPersonal(pending.authored.personal());
    ++in_view_;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<plan::Refusal>> Plans::Add(const plan::Change& change,
                                                        const v1::AuthoredChange& authored) {
  TWINNING_RETURN_IF_ERROR(MakeView());
  TWINNING_ASSIGN_OR_RETURN(std::optional<plan::Refusal> refusal, view_->ApplyPending(change));
  if (refusal) return refusal;
  view_->AddPersonal(authored.personal());
  Pending& pending = outbox_.emplace_back();
  pending.change = change;
  *pending.authored.mutable_personal() = authored.personal();
  ++in_view_;
  return refusal;
}

void Plans::RemoveLast() {
  DropView();
  outbox_.pop_back();
}

void Plans::Drop(Number number) {
  while (!outbox_.empty() && outbox_.front().change.authored.number <= number) {
    outbox_.pop_front();
    DropView();
  }
}

void Plans::WriteCheckpoint() const {
  if (checkpoint_ == 0 || touched_all_) {
    store_.DeleteRecords();
    confirmed_->records().ForEach([&](const merge::Record& record) {
      store_.PutRecord(record.id, merge::EncodeRecord(record));
    });
  } else {
    for (const RecordId& id : touched_) {
      const merge::Record* record = confirmed_->Find(id);
      if (record != nullptr) store_.PutRecord(id, merge::EncodeRecord(*record));
    }
  }
  store_.SetText(kMetaFacts, plan::EncodeFacts(*confirmed_));
  store_.SetNumber(kMetaCheckpoint, static_cast<int64_t>(confirmed_->head().sequence));
}

void Plans::Checkpointed() {
  checkpoint_ = confirmed_->head().sequence;
  touched_.clear();
  touched_all_ = false;
}

}  // namespace twinning::client

// What a draft comes to: the edits of one change.
#include <fmt/core.h>

#include "client/desk/exit_codes.h"
#include "client/desk/record_draft.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "common/plan/compose.h"
#include "common/text/difference.h"

namespace twinning::desk {
namespace {

using client::Replica;

v1::Edit EditOf(const RecordId& record) {
  v1::Edit edit;
  edit.set_record(std::string(record.bytes()));
  return edit;
}

std::string ShownText(const merge::Record* record, const merge::TextKey& key) {
  if (record == nullptr) return "";
  auto found = record->texts.find(key);
  return found == record->texts.end() ? "" : found->second.document.text();
}

std::string Size(size_t bytes) {
  if (bytes < 1024 * 1024) return fmt::format("{} KiB", (bytes + 1023) / 1024);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

}  // namespace

void RecordDraft::AddRegisterEdits(Replica::Draft& draft) const {
  for (const auto& [number, value] : registers_) {
    const merge::Field& field = *kind_.FieldByNumber(number);
    if (ShownPlain(number) == value) continue;
    v1::Edit edit = EditOf(id_);
    edit.mutable_write()->set_field(number);
    edit.mutable_write()->set_value(value);
    if (field.personal && !value.empty()) {
      draft.personal.push_back(ledger::MakePersonal(random_(ledger::kSaltSize), value));
      edit.mutable_write()->set_value(merge::CommitmentValue(draft.personal.back().commitment()));
    }
    draft.edits.push_back(std::move(edit));
  }
}

void RecordDraft::AddSetEdits(Replica::Draft& draft) const {
  for (const auto& [number, wanted] : sets_) {
    const std::set<merge::Value> shown = ShownSet(number);
    for (const merge::Value& value : shown) {
      if (wanted.count(value) > 0) continue;
      v1::Edit edit = EditOf(id_);
      edit.mutable_remove()->set_field(number);
      edit.mutable_remove()->set_value(value);
      draft.edits.push_back(std::move(edit));
    }
    for (const merge::Value& value : wanted) {
      if (shown.count(value) > 0) continue;
      v1::Edit edit = EditOf(id_);
      edit.mutable_add()->set_field(number);
      edit.mutable_add()->set_value(value);
      draft.edits.push_back(std::move(edit));
    }
  }
}

void RecordDraft::AddTextEdits(Replica::Draft& draft) const {
  for (const auto& [key, wording] : texts_) {
    const std::string shown = ShownText(record_, key);
    if (shown == wording) continue;
    draft.edits.push_back(SpliceEdit(id_, key, shown, wording));
  }
}

absl::StatusOr<Replica::Draft> RecordDraft::Finish() const {
  Replica::Draft draft;
  if (record_ == nullptr) {
    v1::Edit edit = EditOf(id_);
    edit.mutable_create()->set_kind(kind_.number);
    if (!rule_.empty()) edit.mutable_create()->set_rule(std::string(rule_.bytes()));
    draft.edits.push_back(std::move(edit));
  }
  AddRegisterEdits(draft);
  AddSetEdits(draft);
  AddTextEdits(draft);
  for (const auto& [number, by] : increments_) {
    if (by == 0) continue;
    v1::Edit edit = EditOf(id_);
    edit.mutable_increment()->set_field(number);
    edit.mutable_increment()->set_by(by);
    draft.edits.push_back(std::move(edit));
  }
  TWINNING_RETURN_IF_ERROR(CheckRoom(draft));
  return draft;
}

v1::Edit SpliceEdit(const RecordId& record, const merge::TextKey& key, std::string_view from,
                    std::string_view to) {
  v1::Edit edit = EditOf(record);
  v1::SpliceText& splice = *edit.mutable_splice();
  splice.set_field(key.field);
  splice.set_language(key.language);
  plan::AddSplices(text::Difference(from, to), *splice.mutable_splices());
  return edit;
}

absl::Status CheckRoom(const Replica::Draft& draft) {
  constexpr size_t kEditOverhead = 8;
  size_t bytes = 0;
  for (const v1::Edit& edit : draft.edits) bytes += edit.ByteSizeLong() + kEditOverhead;
  if (bytes > ledger::kMaxPayloadBytes) {
    return BadInput(
        fmt::format("What was written takes {}; one change holds at most {}. Nothing was "
                    "changed.",
                    Size(bytes), Size(ledger::kMaxPayloadBytes)));
  }
  for (const v1::PersonalValue& personal : draft.personal) {
    if (personal.value().size() <= ledger::kMaxPersonalBytes) continue;
    return BadInput(
        fmt::format("A personal value takes {}; it may take at most {}. Nothing was "
                    "changed.",
                    Size(personal.value().size()), Size(ledger::kMaxPersonalBytes)));
  }
  return absl::OkStatus();
}

}  // namespace twinning::desk

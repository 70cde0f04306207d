// Taking back one's own change, edit by edit from the last to the first.
#include <fmt/core.h>

#include <algorithm>

#include "common/base/status.h"
#include "common/plan/applier.h"
#include "common/plan/compose.h"
#include "common/plan/history.h"
#include "common/plan/titles.h"
#include "common/text/utf8.h"

namespace twinning::plan {
namespace {

class Undoing {
 public:
  Undoing(const Plan& view, const Change& change)
      : view_(view), change_(change), author_(view.AuthorOf(change.authored, 0)) {
    town_ = TownOf(view, author_.stamp);
  }

  absl::StatusOr<Undo> Run() {
    const auto& edits = change_.edits.edits();
    for (const v1::Edit& edit : edits) {
      if (edit.has_create()) created_.insert(edit.record());
    }
    for (int i = edits.size() - 1; i >= 0; --i) TWINNING_RETURN_IF_ERROR(TakeBack(edits[i]));
    return std::move(undo_);
  }

 private:
  bool Mine(const merge::Stamp& stamp) const {
    return stamp.replica == author_.stamp.replica && stamp.number == author_.stamp.number;
  }

  v1::Edit& Add() {
    v1::Edit& edit = undo_.edits.emplace_back();
    edit.set_record(std::string(record_->id.bytes()));
    return edit;
  }

  void LeaveAlone(std::string_view what, const merge::Stamp& since) {
    std::string who = "somebody";
    if (since.replica < view_.members().size()) who = view_.members()[since.replica].name;
    undo_.left_alone.push_back(fmt::format("{} of {} was changed since by {}: left as it is", what,
                                           NameOf(view_, *record_), who));
  }

  std::string Label(uint32_t number) const {
    const merge::Field* field = view_.KindOf(*record_)->FieldByNumber(number);
    return fmt::format("the {}", field != nullptr ? field->label : "field");
  }

  // The record as it was just before the change.
  absl::StatusOr<merge::Record> Before(const RecordId& named) const {
    merge::Record before;
    before.id = record_->id;
    before.kind = record_->kind;
    TWINNING_ASSIGN_OR_RETURN(std::vector<Logged> log,
                              HistoryOf(view_, {named, record_->id}, 0, &change_.authored));
    for (const Logged& item : log) {
      bool other = item.record != record_->id && item.town != town_;
      if (item.edit.has_create() || (other && record_->id != named)) continue;
      // What reading the past of one record alone cannot bring back is not what is being undone.
      (void)ApplyTo(view_, before, *view_.KindOf(*record_), item.author, item.town, item.edit);
    }
    return before;
  }

  absl::Status TakeBack(const v1::Edit& edit) {
    RecordId named = *RecordId::Of(edit.record());
    record_ = view_.Find(view_.Routed(named, town_));
    if (record_ == nullptr) return absl::OkStatus();
    if (edit.has_create()) return TakeBackCreation();
    if (created_.count(edit.record()) > 0) return absl::OkStatus();  // goes with the record
    switch (edit.operation_case()) {
      case v1::Edit::kWrite:
        return TakeBackWrite(named, edit.write().field());
      case v1::Edit::kSplice:
        return TakeBackSplices({edit.splice().field(), edit.splice().language()});
      case v1::Edit::kAdd:
      case v1::Edit::kRemove:
        return TakeBackElement(named, edit);
      case v1::Edit::kIncrement:
        Add().mutable_increment()->set_field(edit.increment().field());
        undo_.edits.back().mutable_increment()->set_by(-edit.increment().by());
        return absl::OkStatus();
      case v1::Edit::kDelete:
        if (record_->existence.deleted()) Add().mutable_restore();
        return absl::OkStatus();
      case v1::Edit::kRestore:
        if (!record_->existence.deleted()) Add().mutable_delete_();
        return absl::OkStatus();
      case v1::Edit::kAgree:
        return TakeBackAgreement();
      case v1::Edit::kSettle:
        return TakeBackSettlement(edit.settle());
      case v1::Edit::kMandate:
        undo_.left_alone.push_back(
            "what a town said of its members is not undone: say otherwise instead");
        return absl::OkStatus();
      default:
        undo_.left_alone.push_back(
            "an agreement withdrawn, a conflict opened again or a translation "
            "confirmed is not undone: say it again instead");
        return absl::OkStatus();
    }
  }

  absl::Status TakeBackCreation() {
    for (const merge::Touch& touch : record_->existence.touches) {
      if (touch.stamp.replica == author_.stamp.replica) continue;
      undo_.left_alone.push_back(
          fmt::format("{} has been used by others since: left as it is", NameOf(view_, *record_)));
      return absl::OkStatus();
    }
    if (!record_->existence.deleted()) Add().mutable_delete_();
    return absl::OkStatus();
  }

  absl::Status TakeBackWrite(const RecordId& named, uint32_t field) {
    auto found = record_->registers.find(field);
    if (found == record_->registers.end()) return absl::OkStatus();
    const std::vector<merge::Candidate>& now = found->second.candidates;
    if (now.size() != 1 || !Mine(now.front().stamp)) {
      LeaveAlone(Label(field), now.back().stamp);
      return absl::OkStatus();
    }
    TWINNING_ASSIGN_OR_RETURN(merge::Record before, Before(named));
    merge::Value value = view_.Shown(before, field);
    Add().mutable_write()->set_field(field);
    undo_.edits.back().mutable_write()->set_value(value);
    return absl::OkStatus();
  }

  absl::Status TakeBackElement(const RecordId& named, const v1::Edit& edit) {
    bool added = edit.has_add();
    uint32_t field = added ? edit.add().field() : edit.remove().field();
    const std::string& value = added ? edit.add().value() : edit.remove().value();
    auto set = record_->sets.find(field);
    auto adds = set == record_->sets.end() ? decltype(set->second.adds.find(value))()
                                           : set->second.adds.find(value);
    bool there = set != record_->sets.end() && adds != set->second.adds.end();
    TWINNING_ASSIGN_OR_RETURN(merge::Record before, Before(named));
    bool was = before.sets[field].adds.count(value) > 0;
    if (added && there && !was) {
      auto other = std::find_if(adds->second.begin(), adds->second.end(),
                                [&](const merge::Stamp& stamp) { return !Mine(stamp); });
      if (other != adds->second.end()) {
        LeaveAlone(Label(field), *other);
        return absl::OkStatus();
      }
      Add().mutable_remove()->set_field(field);
      undo_.edits.back().mutable_remove()->set_value(value);
    } else if (!added && !there && was) {
      Add().mutable_add()->set_field(field);
      undo_.edits.back().mutable_add()->set_value(value);
    }
    return absl::OkStatus();
  }

  // The inverse, made where the change was made and merged to now by the engine: what others wrote
  // meanwhile stays.
  absl::Status TakeBackSplices(const merge::TextKey& key) {
    if (!texts_.insert({record_->id, key}).second) return absl::OkStatus();
    auto found = record_->texts.find(key);
    if (found == record_->texts.end()) return absl::OkStatus();
    const merge::TextField& field = found->second;
    auto mark = std::find_if(field.marks.begin(), field.marks.end(),
                             [&](const auto& m) { return Mine(m.stamp); });
    if (mark == field.marks.end()) return absl::OkStatus();
    merge::Context context = author_.context;
    context.number = author_.stamp.number - 1;
    TWINNING_ASSIGN_OR_RETURN(std::string before,
                              field.document.TextAt(merge::VersionSeenBy(field, context)));
    text::Document copy = field.document;
    text::Author writer = copy.AddAuthor(author_.replica.bytes());
    TWINNING_ASSIGN_OR_RETURN(std::vector<text::Splice> merged,
                              copy.Append(writer, {mark->end - 1}, InverseOf(key, before)));
    if (merged.empty()) return absl::OkStatus();
    v1::SpliceText& splice = *Add().mutable_splice();
    splice.set_field(key.field);
    splice.set_language(key.language);
    AddSplices(merged, *splice.mutable_splices());
    return absl::OkStatus();
  }

  std::vector<text::Splice> InverseOf(const merge::TextKey& key, std::string_view before) const {
    std::u32string text = text::ToCodePoints(before);
    std::vector<text::Splice> inverse;
    for (const v1::Edit& edit : change_.edits.edits()) {
      const v1::SpliceText& splices = edit.splice();
      bool same = edit.has_splice() && splices.field() == key.field &&
                  splices.language() == key.language &&
                  view_.Routed(*RecordId::Of(edit.record()), town_) == record_->id;
      if (!same) continue;
      for (const text::Splice& splice : SplicesOf(splices.splices())) {
        std::u32string inserted = text::ToCodePoints(splice.inserted);
        auto at = std::min(static_cast<size_t>(splice.position), text.size());
        std::u32string removed = text.substr(at, static_cast<size_t>(splice.removed));
        text.replace(at, removed.size(), inserted);
        inverse.push_back(
            {splice.position, static_cast<int64_t>(inserted.size()), text::ToUtf8(removed)});
      }
    }
    std::reverse(inverse.begin(), inverse.end());
    return inverse;
  }

  absl::Status TakeBackAgreement() {
    for (const merge::Consent& consent : record_->consents) {
      if (consent.agrees && Mine(consent.stamp)) Add().mutable_withdraw();
    }
    return absl::OkStatus();
  }

  absl::Status TakeBackSettlement(const v1::Settle& settle) {
    const merge::Record* shared = record_;
    if (settle.diverge() && !record_->branch_of.empty()) shared = view_.Find(record_->branch_of);
    record_ = shared;
    for (const merge::SettledConflict& settled : shared->settled) {
      if (!Mine(settled.by) || settled.reopened) continue;
      auto reg = shared->registers.find(settled.field);
      bool replaced =
          settled.kind == merge::ConflictKind::kValues && !settled.diverged &&
          reg != shared->registers.end() &&
          (reg->second.candidates.size() != 1 || !Mine(reg->second.candidates[0].stamp));
      if (replaced) {
        LeaveAlone(Label(settled.field), reg->second.candidates.back().stamp);
      } else {
        Add().mutable_reopen()->set_conflict(std::string(settled.id.bytes()));
      }
    }
    return absl::OkStatus();
  }

  const Plan& view_;
  const Change& change_;
  merge::Author author_;
  TownId town_;
  const merge::Record* record_ = nullptr;
  std::set<std::string> created_;
  std::set<std::pair<RecordId, merge::TextKey>> texts_;
  Undo undo_;
};

}  // namespace

absl::StatusOr<Undo> UndoOf(const Plan& view, const Change& change) {
  if (view.FindMember(change.authored.replica) == nullptr) {
    return NotFound("the change's replica is not a member");
  }
  return Undoing(view, change).Run();
}

}  // namespace twinning::plan

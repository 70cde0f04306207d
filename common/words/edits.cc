// What the edits of a change do, a sentence each; what makes a new record is one sentence together.
#include <fmt/core.h>

#include <map>
#include <optional>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/plan/titles.h"
#include "common/words/phrases.h"
#include "common/words/words.h"

namespace twinning::words {
namespace {

using Operation = v1::Edit::OperationCase;

constexpr size_t kMaxValue = 80;

class Teller {
 public:
  Teller(const plan::Plan& plan, const v1::Edits& edits) : plan_(plan), edits_(edits) {
    for (const v1::Edit& edit : edits.edits()) {
      if (edit.has_create()) created_.emplace(edit.record(), edit.create().kind());
    }
  }

  std::vector<std::string> Tell() {
    for (const v1::Edit& edit : edits_.edits()) {
      std::string sentence = created_.contains(edit.record()) ? OfNew(edit) : OfKnown(edit);
      if (!sentence.empty()) sentences_.push_back(std::move(sentence));
    }
    return std::move(sentences_);
  }

 private:
  RecordId IdOf(const v1::Edit& edit) const {
    return RecordId::Of(edit.record()).value_or(RecordId());
  }

  const merge::Kind* KindOf(const v1::Edit& edit) const {
    auto created = created_.find(edit.record());
    if (created != created_.end()) return plan_.schema().KindByNumber(created->second);
    const merge::Record* record = plan_.Find(IdOf(edit));
    return record == nullptr ? nullptr : plan_.KindOf(*record);
  }

  const merge::Field* FieldOf(const v1::Edit& edit, uint32_t number) const {
    const merge::Kind* kind = KindOf(edit);
    return kind == nullptr ? nullptr : kind->FieldByNumber(number);
  }

  std::string Label(const v1::Edit& edit, uint32_t number, const std::string& language = "") const {
    const merge::Field* field = FieldOf(edit, number);
    std::string label = field == nullptr ? fmt::format("field {}", number) : field->label;
    return language.empty() ? label : fmt::format("{} ({})", label, OneLine(language));
  }

  std::string Value(const v1::Edit& edit, uint32_t number, const std::string& value) const {
    const merge::Field* field = FieldOf(edit, number);
    if (field == nullptr) return "a value";
    bool words = field->type == merge::Type::kString && field->values.empty();
    std::string text = FormatValue(plan_, *field, value);
    return words ? Quoted(text) : Shortened(text, kMaxValue);
  }

  // A record that this change makes may not be in the plan: its title is among the edits then.
  std::string NewName(const v1::Edit& create) const {
    const merge::Kind* kind = KindOf(create);
    if (kind == nullptr || plan_.Find(IdOf(create)) != nullptr) {
      return NameRecord(plan_, IdOf(create));
    }
    for (const v1::Edit& edit : edits_.edits()) {
      if (edit.record() != create.record() || !edit.has_write()) continue;
      if (edit.write().field() != kind->title_field) continue;
      std::optional<RecordId> about = merge::ReferenceOf(edit.write().value());
      if (about) return kind->label + " on " + NameRecord(plan_, *about);
      return kind->label + " " + Quoted(TitleIn(edit, kind->title_field));
    }
    return kind->label;
  }

  std::string TitleIn(const v1::Edit& edit, uint32_t field) const {
    return FormatValue(plan_, *FieldOf(edit, field), edit.write().value());
  }

  // One sentence at its creation; what else the change gives it is listed there.
  std::string OfNew(const v1::Edit& edit) const {
    if (!edit.has_create()) return "";
    std::string sentence = "added " + NewName(edit);
    std::string with;
    for (const v1::Edit& other : edits_.edits()) {
      std::string detail = other.record() == edit.record() ? DetailOf(other) : "";
      if (!detail.empty()) with += (with.empty() ? " with " : ", ") + detail;
    }
    return sentence + with;
  }

  std::string DetailOf(const v1::Edit& edit) const {
    const merge::Kind* kind = KindOf(edit);
    switch (edit.operation_case()) {
      case Operation::kWrite: {
        uint32_t field = edit.write().field();
        const merge::Field* owner = kind == nullptr ? nullptr : kind->OwnerField();
        // The title is said already, and the owner is the author's town.
        if (kind != nullptr && field == kind->title_field) return "";
        if (owner != nullptr && field == owner->number) return "";
        return Label(edit, field) + " " + Value(edit, field, edit.write().value());
      }
      case Operation::kSplice:
        return Label(edit, edit.splice().field(), edit.splice().language());
      case Operation::kAdd:
        return Label(edit, edit.add().field()) + " " +
               Value(edit, edit.add().field(), edit.add().value());
      default:
        return "";
    }
  }

  std::string OfKnown(const v1::Edit& edit) const {
    std::string name = NameRecord(plan_, IdOf(edit));
    switch (edit.operation_case()) {
      case Operation::kWrite:
        return OfWrite(edit, name);
      case Operation::kSplice:
        return fmt::format("edited {} of {}: {}",
                           Label(edit, edit.splice().field(), edit.splice().language()), name,
                           Extent(edit.splice()));
      case Operation::kAdd:
        return fmt::format("added {} to {} of {}",
                           Value(edit, edit.add().field(), edit.add().value()),
                           Label(edit, edit.add().field()), name);
      case Operation::kRemove:
        return fmt::format("removed {} from {} of {}",
                           Value(edit, edit.remove().field(), edit.remove().value()),
                           Label(edit, edit.remove().field()), name);
      case Operation::kIncrement:
        return OfIncrement(edit, name);
      case Operation::kDelete:
        return "deleted " + name;
      case Operation::kRestore:
        return "restored " + name;
      case Operation::kAgree:
        return "agreed to " + name;
      case Operation::kWithdraw:
        return "withdrew the agreement to " + name;
      case Operation::kSettle:
        return OfSettle(edit, name);
      case Operation::kReopen:
        return "reopened a settled conflict of " + name;
      case Operation::kConfirm:
        return OfConfirm(edit, name);
      case Operation::kMandate:
        return OfMandate(edit);
      default:
        return "did something to " + name + " that only a newer program knows";
    }
  }

  std::string OfWrite(const v1::Edit& edit, const std::string& name) const {
    uint32_t field = edit.write().field();
    std::string label = Label(edit, field);
    if (edit.write().value().empty()) return fmt::format("cleared {} of {}", label, name);
    return fmt::format("set {} of {} to {}", label, name, Value(edit, field, edit.write().value()));
  }

  static std::string Extent(const v1::SpliceText& splice) {
    uint64_t added = 0;
    uint64_t removed = 0;
    for (const v1::Splice& one : splice.splices()) {
      removed += one.removed();
      for (char c : one.inserted()) added += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }
    if (removed == 0) return Counted(added, "character") + " added";
    if (added == 0) return Counted(removed, "character") + " removed";
    return fmt::format("{} added, {} removed", Counted(added, "character"), removed);
  }

  std::string OfIncrement(const v1::Edit& edit, const std::string& name) const {
    int64_t by = edit.increment().by();
    std::string label = Label(edit, edit.increment().field());
    if (by >= 0) return fmt::format("added {} to {} of {}", by, label, name);
    return fmt::format("took {} from {} of {}", -static_cast<uint64_t>(by), label, name);
  }

  std::string OfSettle(const v1::Edit& edit, const std::string& name) const {
    const v1::Settle& settle = edit.settle();
    std::string what = settle.has_field() ? Label(edit, settle.field(), settle.language()) : "";
    switch (settle.outcome_case()) {
      case v1::Settle::kValue:
        if (settle.value().empty()) return fmt::format("settled {} of {}: cleared", what, name);
        return fmt::format("settled {} of {} as {}", what, name,
                           Value(edit, settle.field(), settle.value()));
      case v1::Settle::kDeleted:
        return fmt::format("settled that {} {}", name, settle.deleted() ? "is deleted" : "stays");
      case v1::Settle::kText:
        return fmt::format("settled a passage in {} of {}", what, name);
      case v1::Settle::kDiverge:
        return fmt::format("let {} diverge: each town goes on with its own", name);
      default:
        return "settled a conflict of " + name;
    }
  }

  std::string OfConfirm(const v1::Edit& edit, const std::string& name) const {
    const v1::ConfirmText& confirm = edit.confirm();
    std::string others;
    for (const v1::Counterpart& counterpart : confirm.counterparts()) {
      others += (others.empty() ? "" : ", ") + OneLine(counterpart.language());
    }
    return fmt::format("confirmed that {} of {} says the same in {}",
                       Label(edit, confirm.field(), confirm.language()), name, others);
  }

  std::string OfMandate(const v1::Edit& edit) const {
    v1::MandateStatement said;
    said.ParseFromString(edit.mandate().statement());
    const plan::Member* member = plan_.FindMember(ReplicaOfKey(said.key()));
    const std::string town = OneLine(plan::TownName(plan_, IdOf(edit)));
    const std::string name = member == nullptr ? "somebody" : OneLine(member->name);
    switch (said.decision()) {
      case v1::MandateStatement::APPOINT:
        return fmt::format("confirmed {} as {} of {}", name, RoleName(said.role()), town);
      case v1::MandateStatement::DISMISS:
        return fmt::format("shut out {} of {}", name, town);
      case v1::MandateStatement::INVITE:
        return fmt::format("invited somebody to {} as {}", town, RoleName(said.role()));
      case v1::MandateStatement::WITHDRAW_INVITE:
        return fmt::format("withdrew an invitation to {}", town);
      case v1::MandateStatement::VOUCH:
        return fmt::format("compared the key of {}, coordinator of {}", name, town);
      default:
        return fmt::format("decided something on the members of {} that only a newer program knows",
                           town);
    }
  }

  const plan::Plan& plan_;
  const v1::Edits& edits_;
  std::map<std::string, uint32_t> created_;  // kind, by record
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> DescribeEdits(const plan::Plan& plan, const v1::Edits& edits) {
  return Teller(plan, edits).Tell();
}

}  // namespace twinning::words

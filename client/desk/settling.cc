#include "client/desk/settling.h"

#include <fmt/core.h>

#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"

namespace twinning::desk {

absl::Status CheckOneChoice(const SettlementWanted& wanted) {
  int choices = (wanted.keep ? 1 : 0) + (wanted.value ? 1 : 0) + (wanted.diverge ? 1 : 0);
  if (choices == 1) return absl::OkStatus();
  return Answered(ExitCode::kUsage,
                  InvalidArgument("Say how to settle it by exactly one of --keep N, --value V and "
                                  "--diverge."));
}

absl::StatusOr<client::Replica::Draft> Settling::Run() {
  TWINNING_ASSIGN_OR_RETURN(
      conflict_, wanted_.field ? FindConflictAbout(view_, wanted_.conflict, *wanted_.field)
                               : FindConflict(view_, wanted_.conflict));
  if (conflict_.settled && !conflict_.settled->reopened) {
    return Refused(fmt::format("Conflict {} ({}) is not open any more: {}. Nothing was changed.",
                               wanted_.conflict, ConflictSubject(view_, conflict_),
                               SettledInWords(view_, conflict_)));
  }
  TWINNING_ASSIGN_OR_RETURN(plan::Choice choice, ReadChoice());
  auto edit = plan::Settle(view_, conflict_, choice);
  if (!edit.ok()) return Refused(Sentence(MessageOf(edit.status())) + " Nothing was changed.");
  draft_.edits.push_back(*std::move(edit));
  return std::move(draft_);
}

absl::StatusOr<plan::Choice> Settling::ReadChoice() {
  plan::Choice choice;
  if (wanted_.diverge) {
    choice.kind = plan::Choice::kDiverge;
    return choice;
  }
  if (wanted_.keep) {
    TWINNING_ASSIGN_OR_RETURN(choice.keep, ReadKeep());
    return choice;
  }
  choice.kind = plan::Choice::kValue;
  TWINNING_ASSIGN_OR_RETURN(choice.value, ReadValue());
  return choice;
}

absl::StatusOr<size_t> Settling::ReadKeep() const {
  TWINNING_ASSIGN_OR_RETURN(int64_t number, ValueReader::ReadInteger("--keep", *wanted_.keep));
  const size_t count = conflict_.candidates.size();
  if (number < 1 || static_cast<size_t>(number) > count) {
    return BadInput(fmt::format("--keep is the number of a candidate, from 1 to {}:\n{}", count,
                                ConflictReport(view_, conflict_, ShortIds(view_))));
  }
  return static_cast<size_t>(number - 1);
}

absl::StatusOr<std::string> Settling::ReadValue() {
  TWINNING_RETURN_IF_ERROR(CheckTyped("The value", *wanted_.value));
  if (conflict_.kind == merge::ConflictKind::kPassage) return *wanted_.value;
  const merge::Record* record = view_.Find(conflict_.record);
  const merge::Kind* kind = record == nullptr ? nullptr : view_.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(conflict_.field);
  if (field == nullptr) {
    return Refused(fmt::format("It is settled by keeping one side: {} is yes or no.",
                               ConflictSubject(view_, conflict_)));
  }
  TWINNING_ASSIGN_OR_RETURN(
      merge::Value value,
      ValueReader(view_, town_).Read(*field, *wanted_.value, view_.Shown(*record, field->number)));
  if (!field->personal || value.empty()) return value;
  draft_.personal.push_back(ledger::MakePersonal(random_(ledger::kSaltSize), value));
  return merge::CommitmentValue(draft_.personal.back().commitment());
}

std::string EndingInWords(const plan::Plan& view, const Hash& id) {
  auto conflict = FindConflict(view, HexOf(id.bytes()));
  if (!conflict.ok() || !conflict->settled) return "";
  return fmt::format("{}: {}.", Capitalised(ConflictSubject(view, *conflict)),
                     SettledInWords(view, *conflict));
}

absl::StatusOr<client::Replica::Draft> DraftToReopen(const plan::Plan& view,
                                                     std::string_view conflict) {
  TWINNING_ASSIGN_OR_RETURN(plan::Conflict found, FindConflict(view, conflict));
  if (!found.settled || found.settled->reopened) {
    return Refused(fmt::format("{} is open.", Capitalised(ConflictSubject(view, found))));
  }
  client::Replica::Draft draft;
  v1::Edit& edit = draft.edits.emplace_back();
  edit.set_record(std::string(found.record.bytes()));
  edit.mutable_reopen()->set_conflict(std::string(found.id.bytes()));
  return draft;
}

}  // namespace twinning::desk

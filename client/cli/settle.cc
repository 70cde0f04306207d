// twinning settle
#include <fmt/core.h>

#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/earlier.h"
#include "client/cli/exit_codes.h"
#include "client/cli/phrases.h"
#include "client/cli/report.h"
#include "client/cli/writing.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/ledger/personal.h"
#include "common/plan/compose.h"

namespace twinning::cli {
namespace {

struct Arguments {
  std::string conflict;
  std::optional<std::string> keep;
  std::optional<std::string> value;
  bool diverge = false;
};

absl::Status CheckOneChoice(const Arguments& arguments) {
  int choices = (arguments.keep ? 1 : 0) + (arguments.value ? 1 : 0) + (arguments.diverge ? 1 : 0);
  if (choices == 1) return absl::OkStatus();
  return Answered(ExitCode::kUsage,
                  InvalidArgument("Say how to settle it by exactly one of --keep N, --value V and "
                                  "--diverge."));
}

class Settling {
 public:
  Settling(const plan::Plan& view, const TownId& town, const Arguments& arguments,
           RandomBytes random)
      : view_(view), town_(town), arguments_(arguments), random_(std::move(random)) {}

  absl::StatusOr<client::Replica::Draft> Run() {
    TWINNING_ASSIGN_OR_RETURN(conflict_, FindConflict(view_, arguments_.conflict));
    if (conflict_.settled && !conflict_.settled->reopened) {
      return Refused(fmt::format("Conflict {} ({}) is not open any more: {}. Nothing was changed.",
                                 arguments_.conflict, ConflictSubject(view_, conflict_),
                                 SettledInWords(view_, conflict_)));
    }
    TWINNING_ASSIGN_OR_RETURN(plan::Choice choice, ReadChoice());
    auto edit = plan::Settle(view_, conflict_, choice);
    if (!edit.ok()) return Refused(Sentence(MessageOf(edit.status())) + " Nothing was changed.");
    draft_.edits.push_back(*std::move(edit));
    return std::move(draft_);
  }

  const plan::Conflict& conflict() const { return conflict_; }

 private:
  absl::StatusOr<plan::Choice> ReadChoice() {
    plan::Choice choice;
    if (arguments_.diverge) {
      choice.kind = plan::Choice::kDiverge;
      return choice;
    }
    if (arguments_.keep) {
      TWINNING_ASSIGN_OR_RETURN(choice.keep, ReadKeep());
      return choice;
    }
    choice.kind = plan::Choice::kValue;
    TWINNING_ASSIGN_OR_RETURN(choice.value, ReadValue());
    return choice;
  }

  absl::StatusOr<size_t> ReadKeep() const {
    TWINNING_ASSIGN_OR_RETURN(int64_t number, ValueReader::ReadInteger("--keep", *arguments_.keep));
    const size_t count = conflict_.candidates.size();
    if (number < 1 || static_cast<size_t>(number) > count) {
      return BadInput(fmt::format("--keep is the number of a candidate, from 1 to {}:\n{}", count,
                                  ConflictReport(view_, conflict_, ShortIds(view_))));
    }
    return static_cast<size_t>(number - 1);
  }

  absl::StatusOr<std::string> ReadValue() {
    TWINNING_RETURN_IF_ERROR(CheckTyped("The value", *arguments_.value));
    if (conflict_.kind == merge::ConflictKind::kPassage) return *arguments_.value;
    const merge::Record* record = view_.Find(conflict_.record);
    const merge::Kind* kind = record == nullptr ? nullptr : view_.KindOf(*record);
    const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(conflict_.field);
    if (field == nullptr) {
      return Refused(fmt::format("It is settled by keeping one side: {} is yes or no.",
                                 ConflictSubject(view_, conflict_)));
    }
    TWINNING_ASSIGN_OR_RETURN(merge::Value value, ValueReader(view_, town_)
                                                      .Read(*field, *arguments_.value,
                                                            view_.Shown(*record, field->number)));
    if (!field->personal || value.empty()) return value;
    draft_.personal.push_back(ledger::MakePersonal(random_(ledger::kSaltSize), value));
    return merge::CommitmentValue(draft_.personal.back().commitment());
  }

  const plan::Plan& view_;
  TownId town_;
  const Arguments& arguments_;
  RandomBytes random_;
  plan::Conflict conflict_;
  client::Replica::Draft draft_;
};

// What the conflict has come to, or that it goes on.
void AddEnding(const plan::Plan& view, const Hash& id, Outcome& outcome) {
  auto conflict = FindConflict(view, HexOf(id.bytes()));
  if (!conflict.ok() || !conflict->settled) return;
  outcome.notes.insert(outcome.notes.begin(),
                       fmt::format("{}: {}.", Capitalised(ConflictSubject(view, *conflict)),
                                   SettledInWords(view, *conflict)));
}

absl::Status Settle(Context& context, const Arguments& arguments) {
  TWINNING_RETURN_IF_ERROR(CheckOneChoice(arguments));
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_RETURN_IF_ERROR(CheckHistory(*replica));
  Hash settled;
  auto make = [&](const plan::Plan& view) {
    Settling settling(view, replica->identity().town, arguments, context.random());
    auto draft = settling.Run();
    settled = settling.conflict().id;
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(context, *replica, make));
  AddEnding(replica->view(), settled, outcome);
  Report(context, *replica, outcome);
  return absl::OkStatus();
}

}  // namespace

void AddSettle(CommandLine& line) {
  Command& command = line.Add("settle", "Settles a conflict, by name");
  auto arguments = std::make_shared<Arguments>();
  command.Word("CONFLICT", arguments->conflict, "The conflict's id, or its beginning");
  command.Option("--keep", "N", arguments->keep,
                 "Keeps the candidate that twinning conflicts numbers N");
  command.Option("--value", "V", arguments->value, "Writes another value, or the passage anew");
  command.Flag("--diverge", arguments->diverge, "Each town goes on with its own");
  command.Example("twinning settle 9ab3cc01 --keep 2", "the second candidate, everywhere");
  command.Example("twinning settle 9ab3cc01 --value 2031-04-01", "neither of the two");
  command.Example("twinning settle 9ab3cc01 --diverge", "twins may differ in aims");
  command.Run([arguments](Context& context) { return Settle(context, *arguments); });
}

}  // namespace twinning::cli

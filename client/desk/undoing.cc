#include "client/desk/undoing.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "client/desk/values.h"
#include "common/base/status.h"
#include "common/plan/compose.h"

namespace twinning::desk {
namespace {

// The change that is meant: as typed, or the last one that was not refused.
absl::StatusOr<Number> NumberOf(const client::Replica& replica,
                                const std::optional<std::string>& typed) {
  const Number last = replica.last_number();
  auto refused = replica.Refused();
  if (!refused.ok()) return FromReplica(refused.status());
  auto in_drawer = [&](Number number) {
    return std::any_of(refused->begin(), refused->end(),
                       [&](const auto& change) { return change.change.authored.number == number; });
  };
  if (!typed) {
    Number number = last;
    while (number > 0 && in_drawer(number)) --number;
    if (number == 0) return Refused("There is no change of yours to take back yet.");
    return number;
  }
  TWINNING_ASSIGN_OR_RETURN(int64_t number, ValueReader::ReadInteger("CHANGE", *typed));
  if (number < 1 || static_cast<Number>(number) > last) {
    return BadInput(
        fmt::format("CHANGE is the number of one of your own changes, from 1 to {}; twinning log "
                    "shows them.",
                    last));
  }
  if (in_drawer(static_cast<Number>(number))) {
    return Refused(
        fmt::format("Change {} was refused: there is nothing of it to take back.", number));
  }
  return static_cast<Number>(number);
}

absl::Status NothingLeft(Number number, const std::vector<std::string>& left_alone) {
  std::string message = fmt::format("There is nothing left of change {} to take back.", number);
  for (const std::string& one : left_alone) message += "\n  " + Sentence(one);
  return Refused(message);
}

}  // namespace

absl::StatusOr<Outcome> UndoChange(client::Replica& replica,
                                   const std::optional<std::string>& typed, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(Number number, NumberOf(replica, typed));
  auto change = replica.OwnChange(number);
  if (!change.ok()) return FromReplica(change.status());
  std::vector<std::string> left_alone;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(plan::Undo undo, plan::UndoOf(view, *change));
    left_alone = std::move(undo.left_alone);
    if (undo.edits.empty()) return NothingLeft(number, left_alone);
    client::Replica::Draft draft;
    draft.edits = std::move(undo.edits);
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(replica, make, now_ms));
  for (const std::string& one : left_alone) outcome.notes.push_back(Sentence(one));
  return outcome;
}

}  // namespace twinning::desk

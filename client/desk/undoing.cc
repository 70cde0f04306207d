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

// Takes back one change, in a change of the set `together` (empty: of one of its own).
absl::StatusOr<Outcome> TakeBack(client::Replica& replica, Number number,
                                 const ChangeSetId& together, int64_t now_ms) {
  auto change = replica.OwnChange(number);
  if (!change.ok()) return FromReplica(change.status());
  std::vector<std::string> left_alone;
  auto make = [&](const plan::Plan& view) -> absl::StatusOr<client::Replica::Draft> {
    TWINNING_ASSIGN_OR_RETURN(plan::Undo undo, plan::UndoOf(view, *change));
    left_alone = std::move(undo.left_alone);
    if (undo.edits.empty()) return NothingLeft(number, left_alone);
    client::Replica::Draft draft;
    draft.edits = std::move(undo.edits);
    draft.change_set = together;
    return draft;
  };
  TWINNING_ASSIGN_OR_RETURN(Outcome outcome, Save(replica, make, now_ms));
  for (const std::string& one : left_alone) outcome.notes.push_back(Sentence(one));
  return outcome;
}

// Bursts of typing pause at most ten seconds: what else was done in between is a few changes.
constexpr Number kMostBetween = 50;
constexpr size_t kMostOfASet = 1000;

// The changes of the set that `number` belongs to, the latest first.
std::vector<Number> SetOf(const client::Replica& replica, Number number) {
  std::vector<Number> numbers;
  auto change = replica.OwnChange(number);
  if (!change.ok()) return numbers;
  const ChangeSetId set = change->authored.change_set;
  Number last = number;
  auto look = [&](Number at) {
    auto other = replica.OwnChange(at);
    if (!other.ok() || other->authored.change_set != set) return;
    numbers.push_back(at);
    last = at;
  };
  for (Number at = number; at <= replica.last_number() && at - last < kMostBetween; ++at) look(at);
  std::reverse(numbers.begin(), numbers.end());
  last = number;
  for (Number at = number - 1; at > 0 && last - at < kMostBetween; --at) look(at);
  if (numbers.size() > kMostOfASet) numbers.resize(kMostOfASet);
  return numbers;
}

}  // namespace

absl::StatusOr<Outcome> UndoChange(client::Replica& replica,
                                   const std::optional<std::string>& typed, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(Number number, NumberOf(replica, typed));
  return TakeBack(replica, number, {}, now_ms);
}

absl::StatusOr<Outcome> UndoChangeSet(client::Replica& replica,
                                      const std::optional<std::string>& typed, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(Number number, NumberOf(replica, typed));
  std::optional<Outcome> whole;
  std::vector<std::string> notes;
  absl::Status nothing = absl::OkStatus();
  for (Number one : SetOf(replica, number)) {
    auto outcome = TakeBack(replica, one, whole ? whole->saved.change_set : ChangeSetId(), now_ms);
    if (!outcome.ok()) {
      nothing = outcome.status();
      continue;
    }
    notes.insert(notes.end(), outcome->notes.begin(), outcome->notes.end());
    whole = *std::move(outcome);
  }
  if (!whole) return nothing.ok() ? TakeBack(replica, number, {}, now_ms) : nothing;
  whole->notes = std::move(notes);
  return *std::move(whole);
}

}  // namespace twinning::desk

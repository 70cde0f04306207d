// Settling a conflict by name: keep one side, write another, or let it diverge. Pure but for the
// random bytes that it is given.
#pragma once

#include <optional>
#include <string>

#include "client/desk/record_draft.h"
#include "common/plan/compose.h"
#include "common/plan/conflicts.h"

namespace twinning::desk {

// Exactly one of the last three.
struct SettlementWanted {
  std::string conflict;              // its id, or the beginning of it; with a field the record
  std::optional<std::string> field;  // the name, or "deletion"
  std::optional<std::string> keep;   // the number of a candidate, from 1
  std::optional<std::string> value;
  bool diverge = false;
};

// InvalidArgument, as a usage error, when it is not exactly one.
absl::Status CheckOneChoice(const SettlementWanted& wanted);

class Settling {
 public:
  Settling(const plan::Plan& view, const TownId& town, const SettlementWanted& wanted,
           RandomBytes random)
      : view_(view), town_(town), wanted_(wanted), random_(std::move(random)) {}

  // Refused when the conflict is over, or the choice does not fit it.
  absl::StatusOr<client::Replica::Draft> Run();

  // After Run: the one that is meant.
  const plan::Conflict& conflict() const { return conflict_; }

 private:
  absl::StatusOr<plan::Choice> ReadChoice();
  absl::StatusOr<size_t> ReadKeep() const;
  absl::StatusOr<std::string> ReadValue();

  const plan::Plan& view_;
  TownId town_;
  const SettlementWanted& wanted_;
  RandomBytes random_;
  plan::Conflict conflict_;
  client::Replica::Draft draft_;
};

// The settled conflict in a sentence; empty when it goes on.
std::string EndingInWords(const plan::Plan& view, const Hash& conflict);

// Brings a settlement's candidates back, unless something later replaced what it settled.
absl::StatusOr<client::Replica::Draft> DraftToReopen(const plan::Plan& view,
                                                     std::string_view conflict);

}  // namespace twinning::desk

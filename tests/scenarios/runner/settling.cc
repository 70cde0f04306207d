#include "tests/scenarios/runner/settling.h"

#include <fmt/core.h>

#include <vector>

#include "client/desk/values.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/plan/conflicts.h"
#include "common/words/words.h"

namespace twinning::scenarios {
namespace {

class Settling {
 public:
  Settling(const plan::Plan& view, const TownId& town, const merge::Record& record,
           const merge::Field* field)
      : view_(view), town_(town), record_(record), field_(field) {}

  absl::StatusOr<v1::Edit> Run(std::span<const std::string> how) {
    std::optional<std::string> keep = Option(how, "--keep");
    TWINNING_ASSIGN_OR_RETURN(plan::Conflict conflict, FindConflict(keep));
    plan::Choice choice;
    if (how[0] == "--diverge") {
      choice.kind = plan::Choice::kDiverge;
    } else if (std::optional<std::string> value = Option(how, "--value")) {
      choice.kind = plan::Choice::kValue;
      TWINNING_ASSIGN_OR_RETURN(choice.value, ReadValue(conflict, *value));
    } else if (keep) {
      choice.keep = *Kept(conflict, *keep);
    } else {
      return Mistyped("--keep, --value or --diverge");
    }
    return plan::Settle(view_, conflict, choice);
  }

 private:
  // The open conflict of the field; of several passages the one that has what is to be kept.
  absl::StatusOr<plan::Conflict> FindConflict(const std::optional<std::string>& keep) const {
    std::vector<plan::Conflict> found;
    for (plan::Conflict& conflict : plan::ConflictsOf(view_, record_, false)) {
      if (conflict.field != (field_ != nullptr ? field_->number : 0)) continue;
      if (!keep || Kept(conflict, *keep)) found.push_back(std::move(conflict));
    }
    if (found.size() == 1) return found[0];
    return Mistyped(fmt::format("one open conflict that fits; there are {}", found.size()));
  }

  // Which candidate is meant: by who wrote it, or by how it reads.
  std::optional<size_t> Kept(const plan::Conflict& conflict, const std::string& keep) const {
    std::optional<size_t> kept;
    for (size_t i = 0; i < conflict.candidates.size(); ++i) {
      const plan::Candidate& candidate = conflict.candidates[i];
      if (candidate.author != keep && Reads(conflict, candidate) != keep) continue;
      if (kept) return std::nullopt;
      kept = i;
    }
    return kept;
  }

  std::string Reads(const plan::Conflict& conflict, const plan::Candidate& candidate) const {
    if (conflict.kind != merge::ConflictKind::kValues) return candidate.value;
    return words::FormatValue(view_, *field_, candidate.value);
  }

  absl::StatusOr<std::string> ReadValue(const plan::Conflict& conflict,
                                        const std::string& value) const {
    if (conflict.kind == merge::ConflictKind::kPassage) return value;
    if (field_ == nullptr) return Mistyped("--keep for a deletion");
    return desk::ValueReader(view_, town_)
        .Read(*field_, value, view_.Shown(record_, field_->number));
  }

  const plan::Plan& view_;
  TownId town_;
  const merge::Record& record_;
  const merge::Field* field_;  // null: its deletion
};

}  // namespace

absl::StatusOr<v1::Edit> SettleEdit(const plan::Plan& view, const TownId& town,
                                    const merge::Record& record,
                                    std::span<const std::string> words) {
  if (words.size() < 2) return Mistyped("a field and how");
  const merge::Record* subject = &record;
  std::string name = words[0];
  if (name == "position") {
    subject = view.Find(plan::PositionId(record.id, town));
    name = "stance";
    if (subject == nullptr) return Mistyped("a record that the town has a position on");
  }
  const merge::Field* field = view.KindOf(*subject)->FieldByName(name);
  if (field == nullptr && name != "deletion") return Mistyped("a field, not " + name);
  return Settling(view, town, *subject, field).Run(words.subspan(1));
}

std::optional<std::string> Option(std::span<const std::string> words, std::string_view option) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == option) return words[i + 1];
  }
  return std::nullopt;
}

absl::Status Mistyped(std::string_view expected) {
  return InvalidArgument(fmt::format("mistyped: expected {}", expected));
}

}  // namespace twinning::scenarios

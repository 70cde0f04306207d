// A conflict as people read it.
#include <fmt/core.h>

#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

const merge::Field* FieldOf(const plan::Plan& plan, const plan::Conflict& conflict) {
  const merge::Record* record = plan.Find(conflict.record);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  return kind == nullptr ? nullptr : kind->FieldByNumber(conflict.field);
}

std::string ValueInWords(const plan::Plan& plan, const plan::Conflict& conflict,
                         const merge::Value& value) {
  if (conflict.kind == merge::ConflictKind::kPassage) return value;
  const merge::Field* field = FieldOf(plan, conflict);
  std::string words = field == nullptr ? "" : words::FormatValue(plan, *field, value);
  return words.empty() ? "(nothing)" : words;
}

std::string CandidateInWords(const plan::Plan& plan, const plan::Conflict& conflict,
                             const plan::Candidate& candidate) {
  if (conflict.kind != merge::ConflictKind::kDeletion) {
    return ValueInWords(plan, conflict, candidate.value);
  }
  if (candidate.deletes) return "deleted it";
  if (candidate.edited == conflict.record) return "went on with it";
  return "named it in " + words::NameRecord(plan, candidate.edited);
}

std::string CandidateRows(const plan::Plan& plan, const plan::Conflict& conflict) {
  std::string rows;
  for (size_t i = 0; i < conflict.candidates.size(); ++i) {
    const plan::Candidate& candidate = conflict.candidates[i];
    std::string words = CandidateInWords(plan, conflict, candidate);
    std::string who =
        fmt::format("{} ({}), {}{}", candidate.author, plan::TownName(plan, candidate.town),
                    InWords(candidate.time_ms), candidate.shown ? ", shown now" : "");
    rows += fmt::format("  {}  {}\n       {}\n", i + 1, Indented(words, 5).substr(5), who);
  }
  return rows;
}

}  // namespace

std::string ConflictSubject(const plan::Plan& plan, const plan::Conflict& conflict) {
  std::string record = words::NameRecord(plan, conflict.record);
  if (conflict.kind == merge::ConflictKind::kDeletion) return "whether " + record + " is deleted";
  const merge::Field* field = FieldOf(plan, conflict);
  std::string label = field == nullptr ? "field" : field->label;
  if (conflict.kind == merge::ConflictKind::kPassage) {
    return fmt::format("a passage of the {} ({}) of {}, which both rewrote", label,
                       conflict.language, record);
  }
  return fmt::format("the {} of {}", label, record);
}

std::string SettledInWords(const plan::Plan& plan, const plan::Conflict& conflict) {
  const plan::Settlement& settled = *conflict.settled;
  std::string when = InWords(settled.time_ms);
  std::string who = fmt::format("{} ({})", settled.author, plan::TownName(plan, settled.town));
  std::string outcome = settled.diverged ? "each town goes on with its own"
                                         : ValueInWords(plan, conflict, settled.outcome);
  if (conflict.kind == merge::ConflictKind::kDeletion && !settled.diverged) {
    outcome = merge::IntegerOf(settled.outcome) == 0 ? "deleted" : "kept";
  }
  std::string words = settled.by_name ? fmt::format("settled on {} by {}: {}", when, who, outcome)
                                      : fmt::format("over since {}: {}", when, outcome);
  return settled.reopened ? words + "; opened again since" : words;
}

std::string ConflictReport(const plan::Plan& plan, const plan::Conflict& conflict,
                           const ShortIds& ids) {
  std::string id = ids.OfConflict(conflict.id);
  std::string report = fmt::format("{} {}: {}\n", conflict.settled ? "Past conflict" : "Conflict",
                                   id, ConflictSubject(plan, conflict));
  report += CandidateRows(plan, conflict);
  if (conflict.settled) return report + "  " + SettledInWords(plan, conflict) + "\n";
  if (conflict.provisional) report += "  (its id may change when your own changes are sent)\n";
  return report + fmt::format("  settle it with: twinning settle {} --keep N\n", id);
}

}  // namespace twinning::desk

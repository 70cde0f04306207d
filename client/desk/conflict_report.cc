// A conflict as people read it.
#include <fmt/core.h>

#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

std::string CandidateRows(const plan::Plan& plan, const plan::Conflict& conflict) {
  std::string rows;
  for (size_t i = 0; i < conflict.candidates.size(); ++i) {
    const plan::Candidate& candidate = conflict.candidates[i];
    std::string words = words::CandidateInWords(plan, conflict, candidate);
    std::string who =
        fmt::format("{} ({}), {}{}", candidate.author, plan::TownName(plan, candidate.town),
                    InWords(candidate.time_ms), candidate.shown ? ", shown now" : "");
    rows += fmt::format("  {}  {}\n       {}\n", i + 1, Indented(words, 5).substr(5), who);
  }
  return rows;
}

}  // namespace

std::string SettledInWords(const plan::Plan& plan, const plan::Conflict& conflict) {
  const plan::Settlement& settled = *conflict.settled;
  std::string when = InWords(settled.time_ms);
  std::string who = fmt::format("{} ({})", settled.author, plan::TownName(plan, settled.town));
  std::string outcome = settled.diverged ? "each town goes on with its own"
                                         : words::ConflictValue(plan, conflict, settled.outcome);
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

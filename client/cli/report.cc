#include "client/cli/report.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "client/cli/phrases.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

constexpr size_t kLabelWidth = 22;

std::string Row(std::string_view label, std::string_view value) {
  return fmt::format("  {:<{}} {}\n", label, kLabelWidth, value);
}

std::string TextRows(const merge::Record& record, const merge::Field& field) {
  std::string rows;
  for (auto text = record.texts.lower_bound({field.number, ""});
       text != record.texts.end() && text->first.field == field.number; ++text) {
    std::string wording = text->second.document.text();
    if (wording.empty()) continue;
    rows += fmt::format("  {} ({})\n{}\n", field.label, text->first.language, Indented(wording, 6));
  }
  return rows;
}

std::string SetRow(const plan::Plan& plan, const merge::Record& record, const merge::Field& field) {
  auto found = record.sets.find(field.number);
  if (found == record.sets.end() || found->second.adds.empty()) return "";
  std::vector<std::string> elements;
  for (const auto& [value, adds] : found->second.adds) {
    elements.push_back(words::FormatValue(plan, field, value));
  }
  std::sort(elements.begin(), elements.end());
  return Row(field.label, fmt::format("{}", fmt::join(elements, ", ")));
}

std::string CounterRow(const merge::Record& record, const merge::Field& field) {
  auto found = record.counters.find(field.number);
  return found == record.counters.end() ? "" : Row(field.label, fmt::format("{}", found->second));
}

std::string RegisterRow(const plan::Plan& plan, const merge::Record& record,
                        const merge::Field& field) {
  auto found = record.registers.find(field.number);
  if (found == record.registers.end()) return "";
  std::string value = words::FormatValue(plan, field, found->second.shown());
  if (found->second.conflict) value += "   (open conflict)";
  return value.empty() ? "" : Row(field.label, value);
}

std::string FieldRows(const plan::Plan& plan, const merge::Record& record,
                      const merge::Field& field) {
  switch (field.rule) {
    case v1::TEXT:
      return TextRows(record, field);
    case v1::SET:
      return SetRow(plan, record, field);
    case v1::COUNTER:
      return CounterRow(record, field);
    case v1::QUIET_REGISTER:
      return "";  // order and colour are seen, not read
    default:
      return RegisterRow(plan, record, field);
  }
}

std::string ConsentInWords(const plan::Plan& plan, const plan::TownConsent& town) {
  std::string name = plan::TownName(plan, town.town);
  switch (town.state) {
    case plan::Consenting::kAgrees:
      return fmt::format("{} agreed on {}", name, InWords(town.consent->time_ms));
    case plan::Consenting::kLapsed:
      return fmt::format("{} agreed on {}, to other words than these", name,
                         InWords(town.consent->time_ms));
    case plan::Consenting::kWithdrawn:
      return fmt::format("{} withdrew its agreement on {}", name, InWords(town.consent->time_ms));
    default:
      return fmt::format("awaiting agreement by {}", name);
  }
}

std::string AgreementRows(const plan::Plan& plan, const merge::Record& record) {
  plan::Agreement agreement = plan::AgreementOf(plan, record);
  if (!agreement.applies) return "";
  std::string rows = agreement.agreed ? "Agreed by every town\n" : "Not yet agreed\n";
  if (agreement.conflict) rows += "  an open conflict in its terms comes first\n";
  for (const plan::TownConsent& town : agreement.towns) {
    rows += "  " + ConsentInWords(plan, town) + "\n";
  }
  return rows;
}

std::string PositionInWords(const plan::Plan& plan, const plan::TownPosition& position) {
  std::string name = plan::TownName(plan, position.town);
  if (position.stance == v1::STANCE_UNSPECIFIED) {
    return fmt::format("{} has not said where it stands", name);
  }
  std::string words = fmt::format("{} {}", name, StanceInWords(position.stance));
  if (!position.current) words += ", of earlier words: to be confirmed again";
  return words;
}

std::string StandingRows(const plan::Plan& plan, const merge::Record& record) {
  plan::Standing standing = plan::StandingOf(plan, record);
  if (!standing.applies) return "";
  std::string rows =
      standing.in_the_plan ? "In the plan by broad agreement\n" : "Not yet in the plan\n";
  for (const plan::TownPosition& position : standing.positions) {
    rows += "  " + PositionInWords(plan, position) + "\n";
  }
  return rows;
}

std::string BranchRows(const plan::Plan& plan, const merge::Record& record, const ShortIds& ids) {
  if (!record.diverged) return "";
  std::string rows = "Each town goes on with its own\n";
  for (const merge::Record* branch : plan.BranchesOf(record.id)) {
    rows +=
        fmt::format("  {}  {}\n", ids.Of(branch->id), plan::TownName(plan, branch->branch_town));
  }
  return rows;
}

std::string Marks(const plan::Plan& plan, const merge::Record& record) {
  std::vector<std::string> marks;
  if (plan::HasOpenConflict(record)) marks.emplace_back("open conflict");
  if (record.existence.deleted()) marks.emplace_back("deleted");
  plan::Agreement agreement = plan::AgreementOf(plan, record);
  if (agreement.applies && agreement.agreed) marks.emplace_back("agreed");
  plan::Standing standing = plan::StandingOf(plan, record);
  if (standing.applies)
    marks.emplace_back(standing.in_the_plan ? "in the plan" : "not in the plan");
  return fmt::format("{}", fmt::join(marks, ", "));
}

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

std::string StanceInWords(v1::StanceKind stance) {
  switch (stance) {
    case v1::SUPPORTS:
      return "supports";
    case v1::RESERVATION:
      return "supports with reservation";
    case v1::OBJECTS:
      return "objects";
    case v1::UNDECIDED:
      return "is undecided";
    default:
      return "has not said where it stands";
  }
}

std::string RecordLine(const plan::Plan& plan, const merge::Record& record, const ShortIds& ids) {
  std::string marks = Marks(plan, record);
  return fmt::format("{}  {}{}\n", ids.Of(record.id), words::TitleOf(plan, record),
                     marks.empty() ? "" : "   (" + marks + ")");
}

std::string RecordReport(const plan::Plan& plan, const merge::Record& record, const ShortIds& ids) {
  std::string report =
      fmt::format("{}  {}\n", ids.Of(record.id), words::NameRecord(plan, record.id));
  if (record.existence.deleted()) report += "Deleted\n";
  const merge::Kind* kind = plan.KindOf(record);
  if (kind != nullptr) {
    for (const merge::Field& field : kind->fields) report += FieldRows(plan, record, field);
  }
  report += BranchRows(plan, record, ids);
  if (plan::Signed(plan, record)) report += "Signed by every town\n";
  report += AgreementRows(plan, record);
  report += StandingRows(plan, record);
  for (const plan::Conflict& conflict : plan::ConflictsOf(plan, record, false)) {
    report += ConflictReport(plan, conflict, ids);
  }
  return report;
}

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

}  // namespace twinning::cli

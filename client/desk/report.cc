#include "client/desk/report.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "client/desk/phrases.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
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
  std::string rows;
  for (const merge::Record* other : CounterpartsOf(plan, record)) {
    rows += fmt::format("Counterpart of {}\n  {}  {}\n", plan::TownName(plan, other->branch_town),
                        ids.Of(other->id), words::TitleOf(plan, *other));
  }
  if (!record.diverged) return rows;
  rows = "Each town goes on with its own\n";
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

std::vector<const merge::Record*> CounterpartsOf(const plan::Plan& plan,
                                                 const merge::Record& record) {
  if (record.branch_of.empty()) return {};
  std::vector<const merge::Record*> others = plan.BranchesOf(record.branch_of);
  std::erase_if(others, [&](const merge::Record* other) {
    return other->id == record.id || !plan.Visible(*other);
  });
  return others;
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

}  // namespace twinning::desk

#include "tests/simulation/witness.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/plan/attention.h"
#include "common/plan/conflicts.h"
#include "common/plan/standing.h"

namespace twinning::simulation {
namespace {

constexpr Days kToday = 22002;

// A branch goes on from what was agreed of the record that diverged.
RecordId RootOf(const merge::Record& record) {
  return record.branch_of.empty() ? record.id : record.branch_of;
}

bool Covers(const std::vector<std::string>& languages, const std::string& language) {
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

std::string SetText(const merge::Record& record, uint32_t field) {
  std::string text;
  auto found = record.sets.find(field);
  if (found == record.sets.end()) return text;
  for (const auto& [value, adds] : found->second.adds) text += fmt::format(" +{}", HexOf(value));
  return text;
}

std::string TextsText(const merge::Record& record, uint32_t field,
                      const std::vector<std::string>& languages) {
  std::string all;
  for (const auto& [key, text] : record.texts) {
    if (key.field != field || !Covers(languages, key.language)) continue;
    if (text.document.size() > 0) {
      all += fmt::format(" {}:{}", key.language, text.document.text());
    }
  }
  return all;
}

std::string TermsText(const plan::Plan& plan, const merge::Record& record,
                      const std::vector<std::string>& languages) {
  const merge::Kind& kind = *plan.KindOf(record);
  std::string text = kind.name;
  for (const merge::Field& field : kind.fields) {
    if (!field.terms) continue;
    text += fmt::format("\n{} {}{}{}", field.name, HexOf(plan.Shown(record, field.number)),
                        SetText(record, field.number), TextsText(record, field.number, languages));
  }
  return text;
}

bool TermInConflict(const plan::Plan& plan, const merge::Record& record) {
  const merge::Kind& kind = *plan.KindOf(record);
  for (const plan::Conflict& conflict : plan::ConflictsOf(plan, record, false)) {
    const merge::Field* field = kind.FieldByNumber(conflict.field);
    if (field == nullptr || field->terms) return true;
  }
  return false;
}

std::string CandidatesText(const plan::Conflict& conflict) {
  std::string text;
  for (const plan::Candidate& candidate : conflict.candidates) {
    text += fmt::format(" [{} {} {}{}]", candidate.replica.hex().substr(0, 8), candidate.number,
                        HexOf(candidate.value), candidate.shown ? " shown" : "");
  }
  return text;
}

}  // namespace

void Witness::Agreed(const plan::Plan& view, const merge::Record& record, const TownId& town,
                     const std::vector<std::string>& languages) {
  agreed_.emplace(town, RootOf(record), TermsText(view, record, languages));
}

std::vector<std::string> Witness::Check(const plan::Plan& plan) const {
  std::vector<std::string> wrong;
  plan.records().ForEach([&](const merge::Record& record) {
    plan::Agreement agreement = plan::AgreementOf(plan, record);
    if (agreement.agreed && TermInConflict(plan, record)) {
      wrong.push_back(fmt::format("record {} shows as agreed while a term is in conflict",
                                  record.id.hex().substr(0, 8)));
    }
    for (const plan::TownConsent& town : agreement.towns) {
      if (town.state != plan::Consenting::kAgrees) continue;
      std::string terms = TermsText(plan, record, town.consent->languages);
      if (agreed_.contains({town.town, RootOf(record), terms})) continue;
      wrong.push_back(fmt::format("record {} shows as agreed by town {}, which never agreed to: {}",
                                  record.id.hex().substr(0, 8), town.town.hex().substr(0, 8),
                                  terms));
    }
  });
  return wrong;
}

std::string StandingText(const plan::Plan& plan) {
  std::string text;
  plan.records().ForEach([&](const merge::Record& record) {
    plan::Agreement agreement = plan::AgreementOf(plan, record);
    plan::Standing standing = plan::StandingOf(plan, record);
    if (!agreement.applies && !standing.applies) return;
    text += fmt::format("{} {} {} {}", record.id.hex(), agreement.agreed, agreement.conflict,
                        standing.in_the_plan);
    for (const plan::TownConsent& town : agreement.towns) {
      text += fmt::format(" a{}", static_cast<int>(town.state));
    }
    for (const plan::TownPosition& town : standing.positions) {
      text += fmt::format(" p{}{}", static_cast<int>(town.stance), town.current);
    }
    text += "\n";
  });
  for (const plan::AttentionItem& item : plan::Attention(plan, plan.towns().front().id, kToday)) {
    text += fmt::format("{} {} {}\n", plan::NameOf(item.need), item.record.hex(), item.text);
  }
  return text;
}

std::string ConflictsText(const plan::Plan& plan) {
  std::string text;
  for (const plan::Conflict& conflict : plan::Conflicts(plan, true)) {
    text += fmt::format("{} {} {} {} {} {}{}", HexOf(conflict.id.bytes()), conflict.record.hex(),
                        conflict.field, conflict.language, static_cast<int>(conflict.kind),
                        conflict.opened, CandidatesText(conflict));
    if (conflict.settled) {
      text += fmt::format(" settled {} {} {} {}", conflict.settled->stamp.number,
                          HexOf(conflict.settled->outcome), conflict.settled->diverged,
                          conflict.settled->reopened);
    }
    text += "\n";
  }
  return text;
}

}  // namespace twinning::simulation

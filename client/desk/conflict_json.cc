// A conflict as --json writes it.
#include "client/desk/json.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

Json CandidateValue(const plan::Plan& plan, const plan::Conflict& conflict,
                    const plan::Candidate& candidate) {
  const merge::Record* record = plan.Find(conflict.record);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(conflict.field);
  switch (conflict.kind) {
    case merge::ConflictKind::kPassage:
      return candidate.value;
    case merge::ConflictKind::kDeletion:
      return candidate.deletes ? "deleted" : "kept";
    default:
      return field == nullptr ? Json(nullptr) : ValueJson(plan, *field, candidate.value);
  }
}

Json SettlementJson(const plan::Plan& plan, const plan::Conflict& conflict) {
  if (!conflict.settled) return nullptr;
  const plan::Settlement& settled = *conflict.settled;
  plan::Candidate outcome;
  outcome.value = settled.outcome;
  outcome.deletes = merge::IntegerOf(settled.outcome) == 0;
  return {{"by", settled.by_name ? Json(settled.author) : Json(nullptr)},
          {"town", plan::TownName(plan, settled.town)},
          {"time", TimeJson(settled.time_ms)},
          {"outcome", settled.diverged ? Json(nullptr) : CandidateValue(plan, conflict, outcome)},
          {"diverged", settled.diverged},
          {"reopened", settled.reopened}};
}

}  // namespace

Json ConflictJson(const plan::Plan& plan, const plan::Conflict& conflict) {
  const merge::Record* record = plan.Find(conflict.record);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(conflict.field);
  Json candidates = Json::array();
  for (const plan::Candidate& candidate : conflict.candidates) {
    Json item = {{"value", CandidateValue(plan, conflict, candidate)},
                 {"author", candidate.author},
                 {"town", plan::TownName(plan, candidate.town)},
                 {"time", TimeJson(candidate.time_ms)},
                 {"replica", candidate.replica.hex()},
                 {"number", candidate.number},
                 {"shown", candidate.shown}};
    if (conflict.kind == merge::ConflictKind::kDeletion && !candidate.deletes) {
      item["edited"] = candidate.edited.hex();
    }
    candidates.push_back(std::move(item));
  }
  return {{"id", HexOf(conflict.id.bytes())},
          {"record", conflict.record.hex()},
          {"record_title", record == nullptr ? "" : words::TitleOf(plan, *record)},
          {"field", field == nullptr ? Json(nullptr) : Json(field->name)},
          {"language", conflict.language.empty() ? Json(nullptr) : Json(conflict.language)},
          {"kind", NameOf(conflict.kind)},
          {"provisional", conflict.provisional},
          {"candidates", std::move(candidates)},
          {"settled", SettlementJson(plan, conflict)}};
}

std::string_view NameOf(merge::ConflictKind kind) {
  switch (kind) {
    case merge::ConflictKind::kPassage:
      return "passage";
    case merge::ConflictKind::kDeletion:
      return "deletion";
    default:
      return "values";
  }
}

}  // namespace twinning::desk

#include "common/words/conflicts.h"

#include <fmt/core.h>

#include "common/words/words.h"

namespace twinning::words {
namespace {

const merge::Field* FieldOf(const plan::Plan& plan, const plan::Conflict& conflict) {
  const merge::Record* record = plan.Find(conflict.record);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  return kind == nullptr ? nullptr : kind->FieldByNumber(conflict.field);
}

}  // namespace

std::string ConflictValue(const plan::Plan& plan, const plan::Conflict& conflict,
                          const merge::Value& value) {
  if (conflict.kind == merge::ConflictKind::kPassage) return value;
  const merge::Field* field = FieldOf(plan, conflict);
  std::string words = field == nullptr ? "" : FormatValue(plan, *field, value);
  return words.empty() ? "(nothing)" : words;
}

std::string CandidateInWords(const plan::Plan& plan, const plan::Conflict& conflict,
                             const plan::Candidate& candidate) {
  if (conflict.kind != merge::ConflictKind::kDeletion) {
    return ConflictValue(plan, conflict, candidate.value);
  }
  if (candidate.deletes) return "deleted it";
  if (candidate.edited == conflict.record) return "went on with it";
  return "named it in " + NameRecord(plan, candidate.edited);
}

std::string ConflictSubject(const plan::Plan& plan, const plan::Conflict& conflict) {
  std::string record = NameRecord(plan, conflict.record);
  if (conflict.kind == merge::ConflictKind::kDeletion) return "whether " + record + " is deleted";
  const merge::Field* field = FieldOf(plan, conflict);
  std::string label = field == nullptr ? "field" : field->label;
  if (conflict.kind == merge::ConflictKind::kPassage) {
    return fmt::format("a passage of the {} ({}) of {}, which both rewrote", label,
                       conflict.language, record);
  }
  return fmt::format("the {} of {}", label, record);
}

}  // namespace twinning::words

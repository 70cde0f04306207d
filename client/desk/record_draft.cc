#include "client/desk/record_draft.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

using client::Replica;

absl::Status UnknownField(const merge::Kind& kind, std::string_view name) {
  std::vector<std::string> names;
  for (const merge::Field& field : kind.fields) names.push_back(field.name);
  return BadInput(fmt::format("{} has no field \"{}\"; it has {}.",
                              Capitalised(WithArticle(kind.label)), name, fmt::join(names, ", ")));
}

absl::Status NotByVerb(const merge::Field& field, const Assignment& assignment) {
  return BadInput(fmt::format("{} is neither a list nor a count: write {}=value, not {}{}=value.",
                              field.label, field.name, field.name,
                              assignment.verb == Assignment::kAdd ? '+' : '-'));
}

absl::Status Twice(const merge::Field& field) {
  return BadInput(fmt::format("{} is given twice.", field.name));
}

}  // namespace

RecordDraft::RecordDraft(const plan::Plan& view, const TownId& town, const merge::Record& record,
                         RandomBytes random)
    : view_(view),
      town_(town),
      kind_(*view.KindOf(record)),
      record_(&record),
      id_(record.id),
      random_(std::move(random)),
      reader_(view, town) {}

RecordDraft::RecordDraft(const plan::Plan& view, const TownId& town, const merge::Kind& kind,
                         const RecordId& id, const RecordId& rule, RandomBytes random)
    : view_(view),
      town_(town),
      kind_(kind),
      record_(nullptr),
      id_(id),
      rule_(rule),
      random_(std::move(random)),
      reader_(view, town) {}

absl::Status RecordDraft::Assign(const Assignment& assignment) {
  const merge::Field* field = kind_.FieldByName(assignment.field);
  if (field == nullptr) return UnknownField(kind_, assignment.field);
  TWINNING_RETURN_IF_ERROR(CheckNotSigned(*field));
  const bool text = field->rule == v1::TEXT;
  if (!assignment.language.empty() && !text) {
    return BadInput(fmt::format("{} is not a text and has no languages.", field->label));
  }
  switch (field->rule) {
    case v1::TEXT:
      if (assignment.verb != Assignment::kSet) return NotByVerb(*field, assignment);
      if (!assignment.part.empty()) return BadInput(fmt::format("{} has no parts.", field->label));
      return SetText(*field, assignment.language, assignment.value);
    case v1::SET:
      return AssignSet(*field, assignment);
    case v1::COUNTER:
      return AssignCounter(*field, assignment);
    default:
      return AssignRegister(*field, assignment);
  }
}

absl::Status RecordDraft::CheckNoConflict(const merge::Field& field) const {
  if (record_ == nullptr) return absl::OkStatus();
  auto found = record_->registers.find(field.number);
  if (found == record_->registers.end() || !found->second.conflict) return absl::OkStatus();
  std::string id = ShortIds(view_).OfConflict(found->second.conflict->id);
  return Refused(
      fmt::format("The {} of {} has an open conflict; settle it with: twinning settle {} --keep N "
                  "(twinning conflicts shows the candidates). Nothing was changed.",
                  field.label, words::NameRecord(view_, id_), id));
}

absl::Status RecordDraft::CheckNotSigned(const merge::Field& field) const {
  if (record_ == nullptr || !field.terms || !plan::Signed(view_, *record_)) {
    return absl::OkStatus();
  }
  return Refused(
      fmt::format("{} is signed and no longer changes; propose an amendment with: twinning "
                  "add {} title=… amends={}. Nothing was changed.",
                  Capitalised(words::NameRecord(view_, id_)), kind_.name, ShortIds(view_).Of(id_)));
}

merge::Value RecordDraft::ShownPlain(uint32_t field) const {
  if (record_ == nullptr) return merge::Value();
  const merge::Value& shown = view_.Shown(*record_, field);
  if (auto commitment = merge::CommitmentOf(shown)) {
    return view_.Personal(*commitment).value_or(merge::Value());
  }
  return shown;
}

merge::Value RecordDraft::ValueOf(const merge::Field& field) const {
  auto given = registers_.find(field.number);
  return given != registers_.end() ? given->second : ShownPlain(field.number);
}

absl::Status RecordDraft::AssignRegister(const merge::Field& field, const Assignment& assignment) {
  if (assignment.verb != Assignment::kSet) return NotByVerb(field, assignment);
  if (whole_.count(field.number) > 0) return Twice(field);
  TWINNING_RETURN_IF_ERROR(CheckNoConflict(field));
  const merge::Value shown = ValueOf(field);
  absl::StatusOr<merge::Value> value =
      assignment.part.empty() ? reader_.Read(field, assignment.value, shown)
                              : reader_.ReadPart(field, assignment.part, assignment.value, shown);
  if (!value.ok()) return value.status();
  if (assignment.part.empty()) {
    if (registers_.count(field.number) > 0) return Twice(field);
    whole_.insert(field.number);
  }
  if (field.required && value->empty()) {
    return BadInput(fmt::format("{} cannot be left empty.", field.label));
  }
  registers_[field.number] = *std::move(value);
  return absl::OkStatus();
}

void RecordDraft::Default(const merge::Field& field, const merge::Value& value) {
  if (!HasValue(field)) registers_[field.number] = value;
}

std::set<merge::Value> RecordDraft::ShownSet(uint32_t field) const {
  std::set<merge::Value> elements;
  if (record_ == nullptr) return elements;
  auto found = record_->sets.find(field);
  if (found == record_->sets.end()) return elements;
  for (const auto& [value, adds] : found->second.adds) elements.insert(value);
  return elements;
}

absl::Status RecordDraft::AssignSet(const merge::Field& field, const Assignment& assignment) {
  if (!assignment.part.empty()) return BadInput(fmt::format("{} has no parts.", field.label));
  auto [wanted, first] = sets_.try_emplace(field.number);
  if (first) wanted->second = ShownSet(field.number);
  if (assignment.verb == Assignment::kSet && replaced_.insert(field.number).second) {
    wanted->second.clear();
  }
  if (assignment.value.empty()) {
    if (assignment.verb == Assignment::kSet) return absl::OkStatus();
    return BadInput(fmt::format("{}: nothing is named after \"=\".", field.name));
  }
  TWINNING_ASSIGN_OR_RETURN(merge::Value value,
                            reader_.Read(field, assignment.value, merge::Value()));
  if (assignment.verb != Assignment::kRemove) {
    wanted->second.insert(value);
  } else if (wanted->second.erase(value) == 0) {
    return BadInput(fmt::format("{} does not hold \"{}\".", field.label,
                                words::FormatValue(view_, field, value)));
  }
  return absl::OkStatus();
}

absl::Status RecordDraft::AssignCounter(const merge::Field& field, const Assignment& assignment) {
  TWINNING_ASSIGN_OR_RETURN(
      int64_t number,
      ValueReader::ReadInteger(field.label, assignment.value.empty() ? "0" : assignment.value));
  int64_t now = 0;
  if (record_ != nullptr) {
    auto found = record_->counters.find(field.number);
    if (found != record_->counters.end()) now = found->second;
  }
  int64_t& by = increments_[field.number];
  int64_t total = 0;
  bool overflows = false;
  switch (assignment.verb) {
    case Assignment::kSet:
      overflows = __builtin_sub_overflow(number, now, &by);
      break;
    case Assignment::kAdd:
      overflows = __builtin_add_overflow(by, number, &by);
      break;
    case Assignment::kRemove:
      overflows = __builtin_sub_overflow(by, number, &by);
      break;
  }
  if (overflows || __builtin_add_overflow(now, by, &total)) {
    return BadInput(fmt::format("{}: that is too large a number.", field.label));
  }
  return absl::OkStatus();
}

std::string RecordDraft::DefaultLanguage() const { return LanguageOf(view_, town_); }

absl::Status RecordDraft::SetText(const merge::Field& field, std::string_view language,
                                  std::string_view wording) {
  if (field.rule != v1::TEXT) return BadInput(fmt::format("{} is not a text.", field.label));
  TWINNING_RETURN_IF_ERROR(CheckNotSigned(field));
  merge::TextKey key{field.number, language.empty() ? DefaultLanguage() : std::string(language)};
  if (!texts_.emplace(key, std::string(wording)).second) return Twice(field);
  return absl::OkStatus();
}

bool RecordDraft::HasValue(const merge::Field& field) const { return !ValueOf(field).empty(); }

std::vector<std::string> RecordDraft::Missing() const {
  std::vector<std::string> names;
  for (const merge::Field& field : kind_.fields) {
    if (field.required && !HasValue(field)) names.push_back(field.name);
  }
  return names;
}

std::string LanguageOf(const plan::Plan& plan, const TownId& town) {
  constexpr char kEnglish[] = "en";
  const merge::Record* record = plan.Find(town);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByName("languages");
  if (field == nullptr) return kEnglish;
  auto found = record->sets.find(field->number);
  if (found == record->sets.end() || found->second.adds.empty()) return kEnglish;
  absl::StatusOr<std::string> language =
      ParseLanguage(merge::StringOf(found->second.adds.begin()->first).value_or(""));
  return language.ok() ? *language : kEnglish;
}

}  // namespace twinning::desk

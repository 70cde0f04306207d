#include "client/app/fields.h"

#include <fmt/core.h>

#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

using desk::Assignment;

absl::Status BadShape(const merge::Field& field) {
  return desk::BadInput(fmt::format("{} does not look like that.", field.label));
}

std::string Part(const Json& pair, const char* name) {
  auto found = pair.find(name);
  return found == pair.end() || !found->is_string() ? "" : found->get<std::string>();
}

absl::StatusOr<std::string> PairWords(const merge::Field& field, const Json& pair) {
  if (field.message == "Window") {
    std::string from = Part(pair, "from");
    std::string to = Part(pair, "to");
    return from.empty() && to.empty() ? "" : from + ".." + to;
  }
  if (field.message == "Money") {
    std::string amount = Part(pair, "amount");
    return amount.empty() ? "" : amount + " " + Part(pair, "currency");
  }
  if (field.message == "LocalTime") {
    std::string date = Part(pair, "date");
    return date.empty() ? ""
                        : fmt::format("{} {} {}", date, Part(pair, "time"), Part(pair, "zone"));
  }
  return BadShape(field);
}

// A reader of field values on top of one list of assignments.
class Fields {
 public:
  explicit Fields(const merge::Field& field) : field_(field) {}

  absl::Status Read(const Json& value) {
    if (field_.rule == v1::TEXT) return ReadTexts(value);
    if (field_.rule == v1::SET) return ReadSet(value);
    if (field_.rule == v1::COUNTER) return ReadCounter(value);
    return Add(Assignment::kSet, value);
  }

  std::vector<Assignment> Take() { return std::move(assignments_); }

 private:
  absl::Status Add(Assignment::Verb verb, const Json& value) {
    TWINNING_ASSIGN_OR_RETURN(std::string words, ValueWords(field_, value));
    assignments_.push_back({verb, field_.name, "", "", std::move(words)});
    return absl::OkStatus();
  }

  absl::Status ReadTexts(const Json& texts) {
    if (!texts.is_object()) return BadShape(field_);
    for (const auto& [language, text] : texts.items()) {
      if (!text.is_string() && !text.is_null()) return BadShape(field_);
      TWINNING_ASSIGN_OR_RETURN(std::string tag, desk::ParseLanguage(language));
      std::string wording = text.is_null() ? "" : text.get<std::string>();
      TWINNING_RETURN_IF_ERROR(desk::CheckTyped(field_.label, wording));
      assignments_.push_back({Assignment::kSet, field_.name, "", tag, std::move(wording)});
    }
    return absl::OkStatus();
  }

  absl::Status AddEach(Assignment::Verb verb, const Json& values) {
    if (!values.is_array()) return BadShape(field_);
    for (const Json& value : values) TWINNING_RETURN_IF_ERROR(Add(verb, value));
    return absl::OkStatus();
  }

  absl::Status ReadSet(const Json& value) {
    if (value.is_null() || (value.is_array() && value.empty())) {
      assignments_.push_back({Assignment::kSet, field_.name, "", "", ""});
      return absl::OkStatus();
    }
    if (!value.is_object()) return AddEach(Assignment::kSet, value);
    if (value.contains("add")) TWINNING_RETURN_IF_ERROR(AddEach(Assignment::kAdd, value["add"]));
    if (!value.contains("remove")) return absl::OkStatus();
    return AddEach(Assignment::kRemove, value["remove"]);
  }

  absl::Status ReadCounter(const Json& value) {
    if (!value.is_object() || !value.contains("add")) return BadShape(field_);
    return Add(Assignment::kAdd, value["add"]);
  }

  const merge::Field& field_;
  std::vector<Assignment> assignments_;
};

}  // namespace

absl::StatusOr<std::string> ValueWords(const merge::Field& field, const Json& value) {
  if (value.is_null()) return "";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_integer()) return value.dump();
  if (value.is_object()) return PairWords(field, value);
  if (!value.is_string()) return BadShape(field);
  std::string words = value.get<std::string>();
  TWINNING_RETURN_IF_ERROR(desk::CheckTyped(field.label, words));
  return words;
}

absl::StatusOr<std::vector<Assignment>> AssignmentsOf(const merge::Kind& kind, const Json& fields) {
  if (!fields.is_object()) return desk::BadInput("Fields are an object.");
  std::vector<Assignment> assignments;
  for (const auto& [name, value] : fields.items()) {
    const merge::Field* field = kind.FieldByName(name);
    if (field == nullptr) return desk::BadInput("There is no such field.");
    Fields reader(*field);
    TWINNING_RETURN_IF_ERROR(reader.Read(value));
    for (Assignment& one : reader.Take()) assignments.push_back(std::move(one));
  }
  return assignments;
}

}  // namespace twinning::app

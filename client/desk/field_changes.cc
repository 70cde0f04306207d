#include "client/desk/field_changes.h"

#include <fmt/core.h>

#include <set>

#include "client/desk/word_diff.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

constexpr size_t kContextWords = 6;

merge::Value ShownIn(const Reading& reading, uint32_t field) {
  return reading.record == nullptr ? merge::Value() : reading.plan.Shown(*reading.record, field);
}

int64_t CountIn(const Reading& reading, uint32_t field) {
  if (reading.record == nullptr) return 0;
  auto found = reading.record->counters.find(field);
  return found == reading.record->counters.end() ? 0 : found->second;
}

std::set<merge::Value> ElementsIn(const Reading& reading, uint32_t field) {
  std::set<merge::Value> elements;
  if (reading.record == nullptr) return elements;
  auto found = reading.record->sets.find(field);
  if (found == reading.record->sets.end()) return elements;
  for (const auto& [value, adds] : found->second.adds) elements.insert(value);
  return elements;
}

std::string WordingIn(const Reading& reading, const merge::TextKey& key) {
  if (reading.record == nullptr) return "";
  if (reading.wordings != nullptr) {
    auto kept = reading.wordings->find(key);
    return kept == reading.wordings->end() ? "" : kept->second;
  }
  auto found = reading.record->texts.find(key);
  return found == reading.record->texts.end() ? "" : found->second.document.text();
}

void AddLanguages(const Reading& reading, uint32_t field, std::set<std::string>& languages) {
  if (reading.record == nullptr) return;
  for (const auto& [key, text] : reading.record->texts) {
    if (key.field == field) languages.insert(key.language);
  }
}

class Comparison {
 public:
  Comparison(const Reading& before, const Reading& after) : before_(before), after_(after) {}

  std::vector<FieldChange> Run() {
    const Reading& known = after_.record != nullptr ? after_ : before_;
    if (known.record == nullptr) return {};
    CompareExistence();
    const merge::Kind* kind = known.plan.KindOf(*known.record);
    if (kind == nullptr) return std::move(changes_);
    for (const merge::Field& field : kind->fields) Compare(field);
    return std::move(changes_);
  }

 private:
  static std::string ExistenceIn(const Reading& reading) {
    if (reading.record == nullptr) return "not there";
    if (reading.record->existence.deleted()) return "deleted";
    return reading.record->diverged ? "one for each town" : "there";
  }

  void CompareExistence() {
    FieldChange change;
    change.label = "record";
    change.before = ExistenceIn(before_);
    change.after = ExistenceIn(after_);
    if (change.before != change.after) changes_.push_back(std::move(change));
  }

  void Compare(const merge::Field& field) {
    switch (field.rule) {
      case v1::TEXT:
        return CompareTexts(field);
      case v1::SET:
        return CompareSet(field);
      case v1::COUNTER:
        return CompareCounter(field);
      default:
        return CompareRegister(field);
    }
  }

  static FieldChange Of(const merge::Field& field) {
    FieldChange change;
    change.field = field.name;
    change.label = field.label;
    return change;
  }

  void CompareRegister(const merge::Field& field) {
    merge::Value before = ShownIn(before_, field.number);
    merge::Value after = ShownIn(after_, field.number);
    if (before == after) return;
    FieldChange change = Of(field);
    change.before = words::FormatValue(before_.plan, field, before);
    change.after = words::FormatValue(after_.plan, field, after);
    change.before_value = ValueJson(before_.plan, field, before);
    change.after_value = ValueJson(after_.plan, field, after);
    // The same stance on other words.
    if (field.message == "Stance" && change.before == change.after)
      change.after += ", as it reads now";
    changes_.push_back(std::move(change));
  }

  void CompareCounter(const merge::Field& field) {
    int64_t before = CountIn(before_, field.number);
    int64_t after = CountIn(after_, field.number);
    if (before == after) return;
    FieldChange change = Of(field);
    change.before = fmt::format("{}", before);
    change.after = fmt::format("{}", after);
    change.before_value = before;
    change.after_value = after;
    changes_.push_back(std::move(change));
  }

  void CompareSet(const merge::Field& field) {
    std::set<merge::Value> before = ElementsIn(before_, field.number);
    std::set<merge::Value> after = ElementsIn(after_, field.number);
    if (before == after) return;
    FieldChange change = Of(field);
    for (const merge::Value& value : after) {
      if (before.count(value) > 0) continue;
      change.added.push_back(words::FormatValue(after_.plan, field, value));
      change.added_values.push_back(ValueJson(after_.plan, field, value));
    }
    for (const merge::Value& value : before) {
      if (after.count(value) > 0) continue;
      change.removed.push_back(words::FormatValue(before_.plan, field, value));
      change.removed_values.push_back(ValueJson(before_.plan, field, value));
    }
    changes_.push_back(std::move(change));
  }

  // In which languages the text may be different.
  std::set<std::string> LanguagesOf(const merge::Field& field) const {
    std::set<std::string> languages;
    if (before_.record != nullptr && before_.wordings != nullptr) {
      for (const auto& [key, wording] : *before_.wordings) {
        if (key.field == field.number) languages.insert(key.language);
      }
      return languages;
    }
    AddLanguages(before_, field.number, languages);
    AddLanguages(after_, field.number, languages);
    return languages;
  }

  void CompareTexts(const merge::Field& field) {
    const std::set<std::string> languages = LanguagesOf(field);
    for (const std::string& language : languages) {
      FieldChange change = Of(field);
      change.text = true;
      change.language = language;
      change.before = WordingIn(before_, {field.number, language});
      change.after = WordingIn(after_, {field.number, language});
      if (change.before != change.after) changes_.push_back(std::move(change));
    }
  }

  const Reading& before_;
  const Reading& after_;
  std::vector<FieldChange> changes_;
};

std::string OrNothing(const std::string& words) { return words.empty() ? "(nothing)" : words; }

}  // namespace

Snapshot::Snapshot(const merge::Record& record, const std::set<merge::TextKey>& texts) {
  record_.id = record.id;
  record_.kind = record.kind;
  record_.registers = record.registers;
  record_.sets = record.sets;
  record_.counters = record.counters;
  record_.existence = record.existence;
  record_.diverged = record.diverged;
  for (const merge::TextKey& key : texts) {
    auto found = record.texts.find(key);
    wordings_[key] = found == record.texts.end() ? "" : found->second.document.text();
  }
}

std::set<merge::TextKey> TextsWritten(const RecordId& record, const v1::Edits& edits) {
  std::set<merge::TextKey> texts;
  for (const v1::Edit& edit : edits.edits()) {
    if (edit.record() != record.bytes()) continue;
    if (edit.has_splice()) texts.insert({edit.splice().field(), edit.splice().language()});
    if (edit.settle().has_text()) texts.insert({edit.settle().field(), edit.settle().language()});
  }
  return texts;
}

std::vector<FieldChange> ChangesBetween(const Reading& before, const Reading& after) {
  return Comparison(before, after).Run();
}

std::string InWords(const FieldChange& change) {
  if (change.text) {
    return fmt::format("{} ({}): {}", change.label, change.language,
                       WordDiff(change.before, change.after, kContextWords));
  }
  if (!change.added.empty() || !change.removed.empty()) {
    std::string line = change.label + ":";
    for (const std::string& added : change.added) line += " + " + added;
    for (const std::string& removed : change.removed) line += " - " + removed;
    return line;
  }
  return fmt::format("{}: {} -> {}", change.label, OrNothing(change.before),
                     OrNothing(change.after));
}

Json ChangeJson(const FieldChange& change) {
  Json json = {{"field", change.field.empty() ? Json(nullptr) : Json(change.field)}};
  if (change.text) json["language"] = change.language;
  if (!change.added.empty() || !change.removed.empty()) {
    json["added"] = change.added;
    json["removed"] = change.removed;
    json["added_values"] = change.added_values;
    json["removed_values"] = change.removed_values;
    return json;
  }
  json["before"] = change.before;
  json["after"] = change.after;
  if (!change.text) {
    json["before_value"] = change.before_value;
    json["after_value"] = change.after_value;
  }
  if (change.text) json["difference"] = WordDiff(change.before, change.after);
  return json;
}

}  // namespace twinning::desk

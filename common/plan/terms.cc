#include "common/plan/terms.h"

#include <algorithm>
#include <set>

#include "common/base/bytes.h"

namespace twinning::plan {
namespace {

constexpr std::string_view kStatementDomain{"twinning.agreement.v1\0", 22};

void AppendSet(const merge::Field& field, const merge::Record& record, std::string& out) {
  auto found = record.sets.find(field.number);
  if (found == record.sets.end() || found->second.adds.empty()) return;
  AppendVarint(field.number, out);
  out.push_back('s');
  AppendVarint(found->second.adds.size(), out);
  for (const auto& [value, adds] : found->second.adds) AppendPrefixed(value, out);
}

void AppendTexts(const merge::Field& field, const merge::Record& record,
                 const std::vector<std::string>& languages, std::string& out) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (auto at = record.texts.lower_bound({field.number, ""});
       at != record.texts.end() && at->first.field == field.number; ++at) {
    bool covered =
        std::find(languages.begin(), languages.end(), at->first.language) != languages.end();
    if (covered && at->second.document.size() > 0) {
      texts.emplace_back(at->first.language, at->second.document.text());
    }
  }
  if (texts.empty()) return;
  AppendVarint(field.number, out);
  out.push_back('t');
  AppendVarint(texts.size(), out);
  for (const auto& [language, text] : texts) {
    AppendPrefixed(language, out);
    AppendPrefixed(text, out);
  }
}

}  // namespace

std::vector<std::string> TermLanguages(const Plan& plan, const merge::Record& record) {
  std::set<std::string> languages;
  const merge::Kind* kind = plan.KindOf(record);
  for (const auto& [key, text] : record.texts) {
    const merge::Field* field = kind != nullptr ? kind->FieldByNumber(key.field) : nullptr;
    if (field != nullptr && field->terms && text.document.size() > 0)
      languages.insert(key.language);
  }
  return {languages.begin(), languages.end()};
}

std::string CanonicalTerms(const Plan& plan, const merge::Record& record,
                           const std::vector<std::string>& languages) {
  std::string bytes;
  AppendVarint(record.kind, bytes);
  const merge::Kind* kind = plan.KindOf(record);
  if (kind != nullptr) {
    for (const merge::Field& field : kind->fields) {
      if (!field.terms) continue;
      if (field.rule == v1::SET) {
        AppendSet(field, record, bytes);
      } else if (field.rule == v1::TEXT) {
        AppendTexts(field, record, languages, bytes);
      } else if (const merge::Value& value = plan.Shown(record, field.number); !value.empty()) {
        AppendVarint(field.number, bytes);
        bytes.push_back('v');
        AppendPrefixed(value, bytes);
      }
    }
  }
  return bytes;
}

Hash TermsDigest(const Plan& plan, const merge::Record& record,
                 const std::vector<std::string>& languages) {
  return HashOf("twinning.terms.v1", CanonicalTerms(plan, record, languages));
}

Hash WordsDigest(const Plan& plan, const merge::Record& record) {
  return TermsDigest(plan, record, TermLanguages(plan, record));
}

bool IsTerm(const Plan& plan, const merge::Record& record, uint32_t number) {
  if (number == 0) return true;
  const merge::Kind* kind = plan.KindOf(record);
  const merge::Field* field = kind != nullptr ? kind->FieldByNumber(number) : nullptr;
  return field != nullptr && field->terms;
}

bool TermsInConflict(const Plan& plan, const merge::Record& record) {
  if (record.existence.conflict) return true;
  for (const auto& [field, reg] : record.registers) {
    if (reg.conflict && IsTerm(plan, record, field)) return true;
  }
  return std::any_of(record.texts.begin(), record.texts.end(), [&](const auto& text) {
    return !text.second.conflicts.empty() && IsTerm(plan, record, text.first.field);
  });
}

std::string SignedStatement(std::string_view statement) {
  std::string bytes(kStatementDomain);
  bytes.append(statement);
  return bytes;
}

}  // namespace twinning::plan

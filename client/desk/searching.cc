#include "client/desk/searching.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "client/desk/fold.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

std::string TextsOf(const merge::Record& record, uint32_t field) {
  std::string wording;
  for (auto text = record.texts.lower_bound({field, ""});
       text != record.texts.end() && text->first.field == field; ++text) {
    wording += text->second.document.text() + "\n";
  }
  return wording;
}

std::string ElementsOf(const plan::Plan& plan, const merge::Record& record,
                       const merge::Field& field) {
  std::string words;
  auto found = record.sets.find(field.number);
  if (found == record.sets.end()) return words;
  for (const auto& [value, adds] : found->second.adds) {
    words += words::FormatValue(plan, field, value) + "\n";
  }
  return words;
}

// What people wrote in a field; whom it refers to is found there.
std::string WordsOf(const plan::Plan& plan, const merge::Record& record,
                    const merge::Field& field) {
  if (field.type != merge::Type::kString && field.type != merge::Type::kText) return "";
  switch (field.rule) {
    case v1::TEXT:
      return TextsOf(record, field.number);
    case v1::SET:
      return ElementsOf(plan, record, field);
    case v1::REGISTER:
      return words::FormatValue(plan, field, plan.Shown(record, field.number));
    default:
      return "";
  }
}

class Searcher {
 public:
  Searcher(const plan::Plan& plan, std::string_view words)
      : plan_(plan), words_(FoldedWords(words)) {}

  void Look(const merge::Record& record) {
    const merge::Kind* kind = plan_.KindOf(record);
    if (kind == nullptr || words_.empty() || !plan_.Visible(record)) return;
    const std::string title = Fold(words::TitleOf(plan_, record));
    std::string all = title;
    Found found{&record, {}};
    for (const merge::Field& field : kind->fields) {
      const std::string folded = Fold(WordsOf(plan_, record, field));
      if (HoldsAny(folded)) found.fields.push_back(field.name);
      all += "\n" + folded;
    }
    if (!HoldsAll(all, words_)) return;
    found_.emplace_back(Key(!HoldsAll(title, words_), record.kind, title, record.id),
                        std::move(found));
  }

  std::vector<Found> Sorted() {
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Found> sorted;
    for (auto& [key, found] : found_) sorted.push_back(std::move(found));
    return sorted;
  }

 private:
  using Key = std::tuple<bool, uint32_t, std::string, RecordId>;

  bool HoldsAny(const std::string& folded) const {
    return std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
      return folded.find(word) != std::string::npos;
    });
  }

  const plan::Plan& plan_;
  std::vector<std::string> words_;
  std::vector<std::pair<Key, Found>> found_;
};

}  // namespace

std::vector<Found> FindWords(const plan::Plan& plan, std::string_view words) {
  Searcher searcher(plan, words);
  plan.records().ForEach([&](const merge::Record& record) { searcher.Look(record); });
  return searcher.Sorted();
}

}  // namespace twinning::desk

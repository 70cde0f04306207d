// twinning list
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/fold.h"
#include "client/desk/phrases.h"
#include "client/desk/report.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct ListArguments {
  std::optional<std::string> kind;
  std::vector<std::string> filters;
};

// One "field=value" as a question to ask of records.
class Filter {
 public:
  static absl::StatusOr<Filter> Of(const plan::Plan& plan, const TownId& town,
                                   const merge::Kind& kind, const Assignment& assignment) {
    Filter filter;
    filter.field_ = kind.FieldByName(assignment.field);
    if (filter.field_ == nullptr) {
      return BadInput(fmt::format("{} has no field \"{}\".", Capitalised(WithArticle(kind.label)),
                                  assignment.field));
    }
    if (assignment.verb != Assignment::kSet || !assignment.part.empty()) {
      return BadInput("A filter is written field=value.");
    }
    filter.words_ = FoldedWords(assignment.value);
    filter.unset_ = assignment.value.empty();
    if (filter.ByWords()) return filter;
    TWINNING_ASSIGN_OR_RETURN(
        filter.value_,
        ValueReader(plan, town).Read(*filter.field_, assignment.value, merge::Value()));
    return filter;
  }

  bool Fits(const plan::Plan& plan, const merge::Record& record) const {
    if (field_->rule == v1::SET) return FitsSet(plan, record);
    if (field_->rule == v1::TEXT) return FitsText(record);
    if (field_->rule == v1::COUNTER) return FitsCounter(record);
    const merge::Value& shown = plan.Shown(record, field_->number);
    if (unset_) return shown.empty();
    if (!ByWords()) return shown == value_;
    return HoldsAll(Fold(words::FormatValue(plan, *field_, shown)), words_);
  }

 private:
  // What people write freely is found by its words, everything else by its value.
  bool ByWords() const {
    return field_->type == merge::Type::kString || field_->type == merge::Type::kText;
  }

  bool FitsSet(const plan::Plan& plan, const merge::Record& record) const {
    auto found = record.sets.find(field_->number);
    bool empty = found == record.sets.end() || found->second.adds.empty();
    if (unset_ || empty) return unset_ && empty;
    if (!ByWords()) return found->second.adds.count(value_) > 0;
    return std::any_of(
        found->second.adds.begin(), found->second.adds.end(), [&](const auto& element) {
          return HoldsAll(Fold(words::FormatValue(plan, *field_, element.first)), words_);
        });
  }

  bool FitsText(const merge::Record& record) const {
    bool empty = true;
    for (auto text = record.texts.lower_bound({field_->number, ""});
         text != record.texts.end() && text->first.field == field_->number; ++text) {
      std::string wording = text->second.document.text();
      if (!unset_ && HoldsAll(Fold(wording), words_)) return true;
      empty = empty && wording.empty();
    }
    return unset_ && empty;
  }

  bool FitsCounter(const merge::Record& record) const {
    auto found = record.counters.find(field_->number);
    int64_t count = found == record.counters.end() ? 0 : found->second;
    return unset_ ? count == 0 : merge::IntegerOf(value_) == count;
  }

  const merge::Field* field_ = nullptr;
  std::vector<std::string> words_;
  merge::Value value_;
  bool unset_ = false;
};

// By list position, then title.
void Sort(const plan::Plan& plan, const merge::Kind& kind,
          std::vector<const merge::Record*>& records) {
  const merge::Field* order = kind.FieldByName("order");
  using Key = std::tuple<bool, merge::Value, std::string, RecordId>;
  std::map<RecordId, Key> keys;
  for (const merge::Record* record : records) {
    merge::Value place = order == nullptr ? merge::Value() : plan.Shown(*record, order->number);
    keys[record->id] = {place.empty(), place, Fold(words::TitleOf(plan, *record)), record->id};
  }
  std::sort(records.begin(), records.end(), [&](const merge::Record* a, const merge::Record* b) {
    return keys[a->id] < keys[b->id];
  });
}

absl::Status ListKinds(Context& context, const plan::Plan& view) {
  std::map<uint32_t, size_t> counts;
  view.records().ForEach([&](const merge::Record& record) {
    if (view.Visible(record)) ++counts[record.kind];
  });
  Json json = Json::array();
  for (const merge::Kind& kind : view.schema().kinds()) {
    size_t count = counts[kind.number];
    json.push_back({{"kind", kind.name}, {"label", kind.plural}, {"count", count}});
    if (!context.json()) context.Say(fmt::format("{:>6}  {}", count, kind.name));
  }
  if (context.json()) context.Answer(json);
  return absl::OkStatus();
}

absl::Status ListRecords(Context& context, const plan::Plan& view, const merge::Kind& kind,
                         const std::vector<Filter>& filters) {
  std::vector<const merge::Record*> records;
  view.records().ForEach(kind.number, [&](const merge::Record& record) {
    bool fits = view.Visible(record) &&
                std::all_of(filters.begin(), filters.end(),
                            [&](const Filter& filter) { return filter.Fits(view, record); });
    if (fits) records.push_back(&record);
  });
  Sort(view, kind, records);
  if (context.json()) {
    Json json = Json::array();
    for (const merge::Record* record : records) json.push_back(ShortJson(view, *record));
    context.Answer(json);
    return absl::OkStatus();
  }
  ShortIds ids(view);
  for (const merge::Record* record : records) {
    std::string one = RecordLine(view, *record, ids);
    context.Say(std::string_view(one).substr(0, one.size() - 1));
  }
  if (records.empty()) context.Say(fmt::format("No {}.", kind.plural));
  return absl::OkStatus();
}

absl::Status ListRecords(Context& context, const ListArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  const plan::Plan& view = replica->view();
  if (!arguments.kind) return ListKinds(context, view);
  TWINNING_ASSIGN_OR_RETURN(const merge::Kind* kind, FindKind(view, *arguments.kind));
  TWINNING_ASSIGN_OR_RETURN(std::vector<Assignment> assignments,
                            ParseAssignments(arguments.filters));
  std::vector<Filter> filters;
  for (const Assignment& assignment : assignments) {
    TWINNING_ASSIGN_OR_RETURN(Filter filter,
                              Filter::Of(view, replica->identity().town, *kind, assignment));
    filters.push_back(std::move(filter));
  }
  return ListRecords(context, view, *kind, filters);
}

}  // namespace

void AddList(CommandLine& line) {
  Command& command = line.Add("list", "The records of one kind, or the kinds there are");
  auto arguments = std::make_shared<ListArguments>();
  command.OptionalWord("KIND", arguments->kind,
                       "activity, objective, meeting … (none: all kinds with their counts)");
  command.Words("FIELD=VALUE", arguments->filters, false, "Only records of which this is so");
  command.Example("twinning list", "which kinds there are, and how many of each");
  command.Example("twinning list activities status=planned", "what is planned");
  command.Example("twinning list objectives owner= --json", "the shared objectives, for scripts");
  command.Run([arguments](Context& context) { return ListRecords(context, *arguments); });
}

}  // namespace twinning::cli

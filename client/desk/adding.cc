#include "client/desk/adding.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/terms.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

// A record that a series makes: its id comes from the series and the date, so that two towns make
// the same one.
struct Occurrence {
  RecordId id;
  const merge::Record* series = nullptr;
};

merge::Value ShownOf(const plan::Plan& view, const merge::Record& record, std::string_view name) {
  const merge::Kind* kind = view.KindOf(record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByName(name);
  return field == nullptr ? merge::Value() : view.Shown(record, field->number);
}

class Addition {
 public:
  Addition(const plan::Plan& view, const TownId& town, const NewRecord& wanted, RandomBytes random)
      : view_(view), town_(town), wanted_(wanted), random_(std::move(random)) {}

  absl::StatusOr<client::Replica::Draft> Run() {
    TWINNING_ASSIGN_OR_RETURN(kind_, KindToAdd());
    Occurrence occurrence{*RecordId::Of(random_(RecordId::kSize)), nullptr};
    if (wanted_.series) {
      TWINNING_ASSIGN_OR_RETURN(occurrence, FindOccurrence());
    }
    RecordId rule = occurrence.series == nullptr ? RecordId() : occurrence.series->id;
    RecordDraft draft(view_, town_, *kind_, occurrence.id, rule, random_);
    for (const Assignment& assignment : wanted_.assignments) {
      TWINNING_RETURN_IF_ERROR(draft.Assign(assignment));
    }
    if (occurrence.series != nullptr) DefaultFromSeries(*occurrence.series, draft);
    DefaultOwner(draft);
    DefaultDigest(draft);
    std::vector<std::string> missing = draft.Missing();
    if (!missing.empty()) {
      return BadInput(fmt::format("A new {} needs {}: write {}=… too.", kind_->label,
                                  fmt::join(missing, ", "), missing.front()));
    }
    return draft.Finish();
  }

 private:
  absl::StatusOr<const merge::Kind*> KindToAdd() const {
    TWINNING_ASSIGN_OR_RETURN(const merge::Kind* kind, FindKind(view_, wanted_.kind));
    if (kind->name == "position") {
      return Refused(
          "A position is stated with: twinning position ID supports|reservation|objects.");
    }
    return kind;
  }

  // The day of the occurrence: the field "date" of a meeting, the first day of an activity's
  // window.
  absl::StatusOr<Days> DayOf() const {
    const merge::Field* date = kind_->FieldByName("date");
    const merge::Field* window = kind_->FieldByName("window");
    if (date == nullptr && window == nullptr) {
      return BadInput(
          fmt::format("{} does not come from a series.", Capitalised(WithArticle(kind_->label))));
    }
    const merge::Field& field = date != nullptr ? *date : *window;
    ValueReader reader(view_, town_);
    for (const Assignment& assignment : wanted_.assignments) {
      if (kind_->FieldByName(assignment.field) != &field || !assignment.part.empty()) continue;
      TWINNING_ASSIGN_OR_RETURN(merge::Value value,
                                reader.Read(field, assignment.value, merge::Value()));
      if (auto day = merge::DateOf(value)) return *day;
      auto members = merge::PairOf(value);
      if (members && !members->empty() && merge::DateOf(members->front().second)) {
        return *merge::DateOf(members->front().second);
      }
    }
    return BadInput(fmt::format("{} of a series needs its day: write {}=2031-10-10 too.",
                                Capitalised(WithArticle(kind_->label)), field.name));
  }

  absl::StatusOr<Occurrence> FindOccurrence() const {
    TWINNING_ASSIGN_OR_RETURN(const merge::Record* series, FindRecord(view_, *wanted_.series));
    if (view_.KindOf(*series) != view_.schema().KindByName("series")) {
      return BadInput(fmt::format("--series names a series; {} is the {}.", *wanted_.series,
                                  words::NameRecord(view_, series->id)));
    }
    TWINNING_ASSIGN_OR_RETURN(Days day, DayOf());
    RecordId id = plan::OccurrenceId(series->id, FormatDate(day));
    if (const merge::Record* there = view_.Find(id)) {
      return Refused(fmt::format("The {} of {} is there already: {}{}. Nothing was changed.",
                                 kind_->label, words::FormatDay(day), ShortIds(view_).Of(id),
                                 there->existence.deleted() ? " (deleted)" : ""));
    }
    return Occurrence{id, series};
  }

  void DefaultFromSeries(const merge::Record& series, RecordDraft& draft) const {
    merge::Value title = ShownOf(view_, series, "title");
    merge::Value body = ShownOf(view_, series, "body");
    if (const merge::Field* field = kind_->FieldByName("title")) draft.Default(*field, title);
    const merge::Field* field = kind_->FieldByName("body");
    if (field != nullptr && field->type == merge::Type::kString) {
      draft.Default(*field, body.empty() ? title : body);
    }
  }

  void DefaultOwner(RecordDraft& draft) const {
    const merge::Field* owner = kind_->OwnerField();
    if (owner == nullptr || kind_->writers != v1::OWN_TOWN) return;
    draft.Default(*owner, merge::ReferenceValue(town_));
  }

  // What a ratification signs is the charter's words as they are now.
  void DefaultDigest(RecordDraft& draft) const {
    const merge::Field* digest = kind_->FieldByName("digest");
    const merge::Field* charter = kind_->FieldByName("charter");
    if (digest == nullptr || charter == nullptr || digest->type != merge::Type::kBytes) return;
    auto id = merge::ReferenceOf(draft.ValueOf(*charter));
    const merge::Record* record = id ? view_.Find(*id) : nullptr;
    if (record == nullptr) return;
    draft.Default(*digest, merge::BytesValue(plan::WordsDigest(view_, *record).bytes()));
  }

  const plan::Plan& view_;
  TownId town_;
  const NewRecord& wanted_;
  RandomBytes random_;
  const merge::Kind* kind_ = nullptr;
};

}  // namespace

absl::StatusOr<client::Replica::Draft> DraftOfNew(const plan::Plan& view, const TownId& town,
                                                  const NewRecord& wanted, RandomBytes random) {
  return Addition(view, town, wanted, std::move(random)).Run();
}

}  // namespace twinning::desk

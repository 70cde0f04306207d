// Reading the plan as it is now.
#include "client/app/opening.h"
#include "client/app/page_json.h"
#include "client/app/route.h"
#include "client/desk/around.h"
#include "client/desk/drawer.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/overview.h"
#include "client/desk/searching.h"
#include "client/desk/values.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::app {
namespace {

constexpr size_t kMaxFound = 200;

// Comma-separated words of a query.
std::vector<std::string> ListOf(const Call& call, const std::string& name) {
  std::vector<std::string> list;
  const std::string text = call.Query(name).value_or("");
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) list.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

absl::StatusOr<Days> TodayOf(const Call& call) {
  const std::optional<std::string> today = call.Query("today");
  return today ? desk::ValueReader::ReadDate("today", *today) : desk::Today();
}

absl::StatusOr<Json> Partnership(const Call& call) {
  return call.seat->hall->Ask(
      [](Desk& desk) -> absl::StatusOr<Json> { return PartnershipJson(desk); });
}

absl::StatusOr<Json> Status(const Call& call) {
  return call.seat->hall->Ask([](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(auto drawer, desk.replica.Refused());
    return desk::StatusJson(desk.replica, drawer, desk::Today());
  });
}

absl::StatusOr<Json> Attention(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(Days today, TodayOf(call));
  const std::optional<std::string> need = call.Query("need");
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    std::vector<plan::AttentionItem> items = desk.needs.On(today);
    if (need) std::erase_if(items, [&](const auto& item) { return NameOf(item.need) != *need; });
    return desk::AttentionJson(desk.replica.view(), items);
  });
}

absl::StatusOr<Json> NeedsByKind(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(Days today, TodayOf(call));
  return call.seat->hall->Ask(
      [&](Desk& desk) -> absl::StatusOr<Json> { return NeedsJson(desk, today); });
}

absl::StatusOr<Json> RecordsOfKinds(Desk& desk, const std::vector<std::string>& kinds,
                                    bool deleted) {
  const plan::Plan& view = desk.replica.view();
  Json records = Json::array();
  for (const std::string& name : kinds) {
    TWINNING_ASSIGN_OR_RETURN(const merge::Kind* kind, desk::FindKind(view, name));
    view.records().ForEach(kind->number, [&](const merge::Record& record) {
      const bool wanted = deleted ? record.existence.deleted() : view.Visible(record);
      if (wanted) {
        records.push_back(PageRecordJson(view, desk.replica.identity().town, record));
      }
    });
  }
  return records;
}

absl::StatusOr<Json> Records(const Call& call) {
  const std::vector<std::string> ids = ListOf(call, "ids");
  const std::vector<std::string> kinds = ListOf(call, "kinds");
  const bool deleted = call.Query("deleted") == "1";
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    if (!ids.empty()) return RecordsJson(desk, ids);
    return RecordsOfKinds(desk, kinds, deleted);
  });
}

absl::StatusOr<Json> Record(const Call& call) {
  TWINNING_ASSIGN_OR_RETURN(RecordId id, call.Record());
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    const plan::Plan& view = desk.replica.view();
    const merge::Record* record = view.Find(id);
    if (record == nullptr) return desk::BadInput("There is no such record.");
    return PageRecordJson(view, desk.replica.identity().town, *record);
  });
}

absl::StatusOr<Json> Conflicts(const Call& call) {
  const bool all = call.Query("all") == "1";
  return call.seat->hall->Ask(
      [all](Desk& desk) -> absl::StatusOr<Json> { return ConflictsJson(desk, all); });
}

absl::StatusOr<Json> Search(const Call& call) {
  const std::string words = call.Query("words").value_or("");
  TWINNING_RETURN_IF_ERROR(desk::CheckTyped("What was typed", words));
  return call.seat->hall->Ask([&](Desk& desk) -> absl::StatusOr<Json> {
    const plan::Plan& view = desk.replica.view();
    Json json = Json::array();
    for (const desk::Found& found : desk::FindWords(view, words)) {
      if (json.size() == kMaxFound) break;
      json.push_back({{"id", found.record->id.hex()},
                      {"kind", view.KindOf(*found.record)->name},
                      {"title", words::TitleOf(view, *found.record)},
                      {"found_in", found.fields}});
    }
    return json;
  });
}

absl::StatusOr<Json> Refused(const Call& call) {
  return call.seat->hall->Ask([](Desk& desk) -> absl::StatusOr<Json> {
    TWINNING_ASSIGN_OR_RETURN(auto drawer, desk.replica.Refused());
    return desk::DrawerJson(desk.replica.view(), drawer);
  });
}

}  // namespace

std::vector<Route> ReadingRoutes() {
  return {
      {"GET",
       "",
       "The partnership, its towns and members, the schema in force, and where syncing "
       "stands",
       {},
       {},
       Partnership},
      {"GET", "/status", "As twinning status --json", {}, {}, Status},
      {"GET",
       "/attention",
       "What needs the town, as twinning attention --json",
       {{"today", "as it would be on this day"}, {"need", "only what is of this kind"}},
       {},
       Attention},
      {"GET",
       "/needs",
       "What needs the town by kind of need: how many there are of each, and the first few",
       {{"today", "as it would be on this day"}},
       {},
       NeedsByKind},
      {"GET",
       "/records",
       "Records of some kinds, or some records, with the beginnings of texts",
       {{"kinds", "names, with commas between them"},
        {"ids", "ids, with commas between them"},
        {"deleted", "1: the deleted ones of these kinds"}},
       {},
       Records},
      {"GET", "/records/{record}", "One record", {}, {}, Record},
      {"GET",
       "/conflicts",
       "As twinning conflicts --json",
       {{"all", "1: those that are over, too"}},
       {},
       Conflicts},
      {"GET",
       "/search",
       "Records that hold all the words, accents and case aside",
       {{"words", "to look for"}},
       {},
       Search},
      {"GET", "/refused", "As twinning refused --json", {}, {}, Refused},
  };
}

}  // namespace twinning::app

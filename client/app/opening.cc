#include "client/app/opening.h"

#include <algorithm>
#include <optional>
#include <set>

#include "client/app/news.h"
#include "client/app/page_json.h"
#include "client/app/schema_json.h"
#include "client/app/seen.h"
#include "client/desk/around.h"
#include "client/desk/json.h"
#include "client/desk/overview.h"

namespace twinning::app {
namespace {

constexpr size_t kFirstNeeds = 3;
constexpr size_t kMaxNamed = 500;

// The ids in the first of each need, once each.
std::vector<std::string> IdsIn(const Json& needs) {
  std::set<std::string> ids;
  for (const Json& some : needs) {
    for (const Json& need : some["first"]) ids.insert(need["record"].get<std::string>());
  }
  return {ids.begin(), ids.end()};
}

}  // namespace

Json PartnershipJson(Desk& desk) {
  const client::Identity& identity = desk.replica.identity();
  const plan::Plan& view = desk.replica.view();
  Json json = SeenJson(SeenIn(desk.replica.directory()));
  json.update({{"partnership", identity.partnership_name},
               {"id", identity.ledger.hex()},
               {"town", identity.town.hex()},
               {"member", identity.member},
               {"towns", TownsJson(view, identity.town)},
               {"members", MembersJson(view, identity.replica)},
               {"schema", SchemaJson(view.schema())},
               {"sync", SyncJson(desk.replica)},
               {"server", identity.server},
               {"today", FormatDate(desk::Today())}});
  return json;
}

Json NeedsJson(Desk& desk, Days today) {
  return desk::NeedsJson(desk.replica.view(), desk.needs.On(today), kFirstNeeds);
}

Json ConflictsJson(Desk& desk, bool all) {
  const plan::Plan& view = desk.replica.view();
  Json json = Json::array();
  for (const plan::Conflict& conflict : plan::Conflicts(view, all)) {
    json.push_back(desk::ConflictJson(view, conflict));
  }
  return json;
}

Json RecordsJson(Desk& desk, const std::vector<std::string>& ids) {
  const plan::Plan& view = desk.replica.view();
  Json records = Json::array();
  for (size_t i = 0; i < std::min(ids.size(), kMaxNamed); ++i) {
    const std::optional<std::string> bytes = BytesOfHex(ids[i]);
    const std::optional<RecordId> id = bytes ? RecordId::Of(*bytes) : std::nullopt;
    const merge::Record* record = id ? view.Find(*id) : nullptr;
    if (record != nullptr) {
      records.push_back(PageRecordJson(view, desk.replica.identity().town, *record));
    }
  }
  return records;
}

Json OpeningJson(Desk& desk) {
  Json needs = NeedsJson(desk, desk::Today());
  Json records = RecordsJson(desk, IdsIn(needs));
  return {{"partnership", PartnershipJson(desk)},
          {"needs", std::move(needs)},
          {"conflicts", ConflictsJson(desk, false)},
          {"records", std::move(records)},
          {"event", desk.journal.IdOf(desk.journal.last())}};
}

}  // namespace twinning::app

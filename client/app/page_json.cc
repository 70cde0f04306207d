#include "client/app/page_json.h"

#include <algorithm>
#include <cctype>

#include "common/crypto/spoken.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"

namespace twinning::app {
namespace {

Json StaleJson(const plan::Plan& view, const merge::Record& record) {
  Json stale = Json::array();
  const merge::Kind* kind = view.KindOf(record);
  for (const plan::StalePair& pair : plan::StalePairs(view, record)) {
    const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(pair.text.field);
    if (field == nullptr) continue;
    stale.push_back({{"field", field->name},
                     {"language", pair.text.language},
                     {"counterpart", pair.counterpart}});
  }
  return stale;
}

bool Writable(const plan::Plan& view, const TownId& town, const merge::Record& record) {
  const merge::Kind* kind = view.KindOf(record);
  if (kind == nullptr || kind->append_only || view.needs_update()) return false;
  return !record.existence.deleted() && !plan::MayNotWrite(view, record, town);
}

std::string RoleName(v1::Role role) {
  std::string name = v1::Role_Name(role);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace

Json PageRecordJson(const plan::Plan& view, const TownId& town, const merge::Record& record) {
  Json json = desk::RecordJson(view, record, desk::Wording::kBeginning);
  json["writable"] = Writable(view, town, record);
  json["created"] = desk::TimeJson(record.created_ms);
  json["visible"] = view.Visible(record);
  const auto& members = view.members();
  const bool known = record.created.replica < members.size();
  const plan::Member* author = known ? &members[record.created.replica] : nullptr;
  json["author"] = author == nullptr ? Json(nullptr) : Json(author->name);
  json["author_town"] = author == nullptr ? Json(nullptr) : Json(author->town.hex());
  const std::optional<TownId> owner = view.OwnerOf(record);
  json["owner"] = owner ? Json(owner->hex()) : Json(nullptr);
  json["branch_town"] = record.branch_town.empty() ? Json(nullptr) : Json(record.branch_town.hex());
  // For people to compare by telephone, as the head of a ledger is.
  if (json["agreement"].is_object()) {
    json["agreement"]["words"] = SpokenForm(plan::WordsDigest(view, record));
  }
  json["stale"] = StaleJson(view, record);
  return json;
}

Json TownsJson(const plan::Plan& view, const TownId& town) {
  Json towns = Json::array();
  for (const plan::Town& one : view.towns()) {
    towns.push_back(
        {{"id", one.id.hex()}, {"name", plan::TownName(view, one.id)}, {"own", one.id == town}});
  }
  return towns;
}

Json MembersJson(const plan::Plan& view, const ReplicaId& own) {
  Json members = Json::array();
  for (const plan::Member& member : view.members()) {
    members.push_back({{"replica", member.replica.hex()},
                       {"town", member.town.hex()},
                       {"name", member.name},
                       {"role", RoleName(member.role)},
                       {"own", member.replica == own},
                       {"confirmed", member.confirmed()},
                       {"revoked", member.revoked != 0}});
  }
  return members;
}

}  // namespace twinning::app

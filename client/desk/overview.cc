#include "client/desk/overview.h"

#include <algorithm>

#include "client/desk/drawer.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/conflicts.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

// Agreements that this town has not given to the words as they are now.
size_t Awaited(const plan::Plan& view, const TownId& town, Days today) {
  std::vector<plan::AttentionItem> items = plan::Attention(view, town, today);
  return static_cast<size_t>(
      std::count_if(items.begin(), items.end(), [](const plan::AttentionItem& item) {
        return item.need == plan::Need::kAgreementAwaited ||
               item.need == plan::Need::kAgreementLapsed;
      }));
}

Json ItemJson(const plan::Plan& view, const plan::AttentionItem& item) {
  const merge::Record* record = view.Find(item.record);
  const merge::Kind* kind = record == nullptr ? nullptr : view.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(item.field);
  return {{"need", plan::NameOf(item.need)},
          {"record", item.record.hex()},
          {"field", field == nullptr ? Json(nullptr) : Json(field->name)},
          {"conflict", item.conflict.empty() ? Json(nullptr) : Json(HexOf(item.conflict.bytes()))},
          {"text", Sentence(item.text)}};
}

// What the server took although nobody had a right to say it. No plan has it; people must hear of
// it.
Json AlarmsJson(const client::Replica& replica) {
  Json json = Json::array();
  const plan::Plan& confirmed = replica.confirmed();
  for (Sequence sequence : confirmed.ignored()) {
    auto see = [&](const v1::Entry& entry) {
      // What a restore had lost and could not be put into the plan again went back to its author.
      if (entry.kind() != v1::CHANGE) return absl::OkStatus();
      const words::Account account = words::AccountOf(confirmed, entry);
      json.push_back({{"sequence", sequence},
                      {"author", account.who},
                      {"town", account.town},
                      {"what", account.what}});
      return absl::OkStatus();
    };
    // Of a history that is still on its way there is nothing to read yet.
    (void)replica.entries().Read(sequence - 1, sequence, see);
  }
  return json;
}

}  // namespace

Json StatusJson(const client::Replica& replica, const std::vector<client::RefusedChange>& drawer,
                Days today) {
  const client::Identity& identity = replica.identity();
  const client::SyncState state = replica.sync_state();
  return {{"town", identity.town_name},
          {"town_id", identity.town.hex()},
          {"partnership", identity.partnership_name},
          {"ledger", identity.ledger.hex()},
          {"member", identity.member},
          {"replica", identity.replica.hex()},
          {"directory", replica.directory()},
          {"server", identity.server},
          {"sequence", replica.confirmed().head().sequence},
          {"server_sequence", state.server_head},
          {"outbox", replica.outbox()},
          {"conflicts", plan::Conflicts(replica.view(), false).size()},
          {"refused", drawer.size()},
          {"drawer", DrawerJson(replica.view(), drawer)},
          {"awaited", Awaited(replica.view(), identity.town, today)},
          {"connected", state.connected},
          {"problem", state.problem.empty() ? Json(nullptr) : Json(state.problem)},
          {"synced", replica.synced()},
          {"history_complete", state.history_complete},
          {"needs_update", replica.confirmed().needs_update()},
          {"alarms", AlarmsJson(replica)},
          {"digest", HexOf(replica.confirmed().Digest().bytes())}};
}

Json AttentionJson(const plan::Plan& view, const std::vector<plan::AttentionItem>& items) {
  Json json = Json::array();
  for (const plan::AttentionItem& item : items) json.push_back(ItemJson(view, item));
  return json;
}

Json NeedsJson(const plan::Plan& view, const std::vector<plan::AttentionItem>& items, size_t most) {
  Json json = Json::array();
  for (size_t begin = 0, end = 0; begin < items.size(); begin = end) {
    while (end < items.size() && items[end].need == items[begin].need) ++end;
    Json first = Json::array();
    for (size_t i = begin; i < std::min(end, begin + most); ++i) {
      first.push_back(ItemJson(view, items[i]));
    }
    json.push_back({{"need", plan::NameOf(items[begin].need)},
                    {"count", end - begin},
                    {"first", std::move(first)}});
  }
  return json;
}

}  // namespace twinning::desk

#include "client/desk/log_json.h"

#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

Json RefusedJson(const v1::Entry& entry) {
  v1::Refusal refusal;
  if (entry.kind() != v1::REFUSAL || !refusal.ParseFromString(entry.body())) return nullptr;
  return {{"reason", words::Reason(refusal.reason())},
          {"detail", refusal.detail()},
          {"first", refusal.first()},
          {"last", refusal.last()}};
}

Json ChangesJson(const std::vector<RecordChange>& records) {
  Json json = Json::array();
  for (const RecordChange& record : records) {
    Json one = {{"record", record.record.hex()}, {"made", record.made}, {"fields", Json::array()}};
    for (const FieldChange& field : record.fields) one["fields"].push_back(ChangeJson(field));
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

Json LogItemJson(const Telling& telling) {
  Json item = {{"sequence", nullptr},   {"time", nullptr},   {"author", nullptr},
               {"town", nullptr},       {"change", nullptr}, {"change_set", nullptr},
               {"what", Json::array()}, {"refused", nullptr}};
  if (telling.entry != nullptr) {
    words::Account account = words::AccountOf(telling.after, *telling.entry);
    item["sequence"] = telling.entry->sequence();
    item["time"] = TimeJson(telling.entry->time_ms());
    if (!account.who.empty()) item["author"] = account.who;
    if (!account.town.empty()) item["town"] = account.town;
    item["what"] = account.what;
    item["refused"] = RefusedJson(*telling.entry);
  }
  if (telling.change != nullptr) {
    const ledger::ParsedChange& authored = telling.change->authored;
    const plan::Member* author = telling.after.FindMember(authored.replica);
    item["time"] = TimeJson(authored.time_ms);
    item["change"] = authored.number;
    item["change_set"] = authored.change_set.hex();
    if (author != nullptr) {
      item["author"] = author->name;
      item["town"] = plan::TownName(telling.after, author->town);
    }
    if (telling.entry == nullptr) {
      item["what"] = words::DescribeEdits(telling.after, telling.change->edits);
    }
  }
  item["changes"] = ChangesJson(telling.records);
  return item;
}

}  // namespace twinning::desk

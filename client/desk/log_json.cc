#include "client/desk/log_json.h"

#include <algorithm>
#include <cctype>

#include "client/desk/word_diff.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Json RefusedJson(const v1::Entry& entry) {
  v1::Refusal refusal;
  if (entry.kind() != v1::REFUSAL || !refusal.ParseFromString(entry.body())) return nullptr;
  return {{"code", ReasonCode(refusal.reason())},
          {"reason", words::Reason(refusal.reason())},
          {"detail", refusal.detail()},
          {"first", refusal.first()},
          {"last", refusal.last()}};
}

Json MemberJson(const v1::Entry& entry) {
  v1::Membership member;
  if (entry.kind() != v1::MEMBERSHIP || !member.ParseFromString(entry.body())) return nullptr;
  return {{"action", Lower(v1::Membership::Action_Name(member.action()))},
          {"town", member.town_name()},
          {"name", member.member()},
          {"role", Lower(v1::Role_Name(member.role()))}};
}

std::string DeedOf(const v1::Edit& edit) {
  if (edit.has_settle() && edit.settle().diverge()) return "diverge";
  v1::MandateStatement said;
  if (edit.has_mandate() && said.ParseFromString(edit.mandate().statement())) {
    return Lower(v1::MandateStatement::Decision_Name(said.decision()));
  }
  const auto* operation = v1::Edit::descriptor()->FindFieldByNumber(edit.operation_case());
  return operation == nullptr ? "unknown" : std::string(operation->name());
}

uint32_t FieldOf(const v1::Edit& edit) {
  if (edit.has_settle()) return edit.settle().existence() ? 0 : edit.settle().field();
  return edit.has_confirm() ? edit.confirm().field() : 0;
}

Json ChangesJson(const Telling& telling, const std::function<Json(const FieldChange&)>& as_json) {
  Json json = Json::array();
  for (const RecordChange& record : telling.records) {
    Json one = NamedJson(telling.after, record.record);
    one["made"] = record.made;
    one["fields"] = Json::array();
    for (const FieldChange& field : record.fields) one["fields"].push_back(as_json(field));
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

Json NamedJson(const plan::Plan& plan, const RecordId& id) {
  const merge::Record* record = plan.Find(id);
  const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
  return {{"record", id.hex()},
          {"kind", kind == nullptr ? Json(nullptr) : Json(kind->name)},
          {"title", record == nullptr ? Json(nullptr) : Json(words::TitleOf(plan, *record))}};
}

std::string ReasonCode(v1::RefusalReason reason) { return Lower(v1::RefusalReason_Name(reason)); }

Json DeedsJson(const plan::Plan& plan, const v1::Edits& edits) {
  constexpr int kMost = 200;
  Json json = Json::array();
  for (int i = 0; i < edits.edits_size() && i < kMost; ++i) {
    const v1::Edit& edit = edits.edits(i);
    const auto id = RecordId::Of(edit.record());
    if (!id) continue;
    Json deed = NamedJson(plan, *id);
    deed["deed"] = DeedOf(edit);
    deed["field"] = nullptr;
    const merge::Record* record = plan.Find(*id);
    const merge::Kind* kind = record == nullptr ? nullptr : plan.KindOf(*record);
    const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByNumber(FieldOf(edit));
    if (field != nullptr) deed["field"] = field->name;
    if (json.empty() || json.back() != deed) json.push_back(std::move(deed));
  }
  return json;
}

Json LogItemJson(const Telling& telling, const std::function<Json(const FieldChange&)>& field) {
  Json item = {{"sequence", nullptr},   {"time", nullptr},       {"author", nullptr},
               {"town", nullptr},       {"change", nullptr},     {"change_set", nullptr},
               {"what", Json::array()}, {"refused", nullptr},    {"entry", nullptr},
               {"member", nullptr},     {"deeds", Json::array()}};
  if (telling.entry != nullptr) {
    words::Account account = words::AccountOf(telling.after, *telling.entry);
    item["sequence"] = telling.entry->sequence();
    item["time"] = TimeJson(telling.entry->time_ms());
    if (!account.who.empty()) item["author"] = account.who;
    if (!account.town.empty()) item["town"] = account.town;
    item["what"] = account.what;
    item["entry"] = Lower(v1::EntryKind_Name(telling.entry->kind()));
    item["member"] = MemberJson(*telling.entry);
    item["refused"] = RefusedJson(*telling.entry);
  }
  if (telling.change != nullptr) {
    const ledger::ParsedChange& authored = telling.change->authored;
    const plan::Member* author = telling.after.FindMember(authored.replica);
    item["time"] = TimeJson(authored.time_ms);
    item["change"] = authored.number;
    item["deeds"] = DeedsJson(telling.after, telling.change->edits);
    item["change_set"] = authored.change_set.hex();
    if (author != nullptr) {
      item["author"] = author->name;
      item["town"] = plan::TownName(telling.after, author->town);
    }
    if (telling.entry == nullptr) {
      item["what"] = words::DescribeEdits(telling.after, telling.change->edits);
    }
  }
  item["changes"] = ChangesJson(telling, field);
  return item;
}

namespace {

constexpr size_t kAround = 120;  // bytes beside what differs, up to the next space

bool IsSpace(char c) { return c == ' ' || c == '\n'; }

// Where the passage around what differs begins and ends in each of two texts.
struct Passage {
  size_t before = 0;  // the same number of bytes in both
  size_t after = 0;
};

Passage PassageOf(std::string_view a, std::string_view b) {
  Passage passage;
  passage.before =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  a.remove_prefix(passage.before);
  b.remove_prefix(passage.before);
  passage.after = static_cast<size_t>(
      std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
  passage.before -= std::min(passage.before, kAround);
  passage.after -= std::min(passage.after, kAround);
  return passage;
}

// Words are never cut, nor characters: only at a space.
void ToSpaces(std::string_view text, Passage& passage) {
  while (passage.before > 0 && !IsSpace(text[passage.before - 1])) --passage.before;
  while (passage.after > 0 && !IsSpace(text[text.size() - passage.after])) --passage.after;
}

Json PieceJson(const Piece& piece) {
  const char* is = piece.kind == Piece::kSame ? "same" : "added";
  return {{"is", piece.kind == Piece::kRemoved ? "removed" : is}, {"text", piece.text}};
}

}  // namespace

Json PassageJson(const FieldChange& change) {
  if (!change.text) return ChangeJson(change);
  const std::string_view before = change.before;
  const std::string_view after = change.after;
  Passage passage = PassageOf(before, after);
  ToSpaces(before, passage);
  auto cut = [&](std::string_view text) {
    return text.substr(passage.before, text.size() - passage.before - passage.after);
  };
  Json pieces = Json::array();
  if (passage.before > 0) pieces.push_back({{"is", "same"}, {"text", "… "}});
  for (const Piece& piece : WordPieces(cut(before), cut(after))) pieces.push_back(PieceJson(piece));
  if (passage.after > 0) pieces.push_back({{"is", "same"}, {"text", " …"}});
  return {{"field", change.field}, {"language", change.language}, {"pieces", std::move(pieces)}};
}

}  // namespace twinning::desk

#include "client/desk/json.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/desk/report.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

Json EnumJson(const std::vector<merge::EnumValue>& values, int64_t number) {
  for (const merge::EnumValue& value : values) {
    if (value.number == number) return value.name;
  }
  return number;
}

Json ScalarJson(merge::Type type, const std::vector<merge::EnumValue>& values,
                const merge::Value& value) {
  if (auto text = merge::StringOf(value)) return std::string(*text);
  if (auto days = merge::DateOf(value)) return FormatDate(*days);
  if (auto record = merge::ReferenceOf(value)) return record->hex();
  if (auto bytes = merge::BytesOf(value)) return HexOf(*bytes);
  auto number = merge::IntegerOf(value);
  if (!number) return nullptr;
  if (type == merge::Type::kBoolean) return *number != 0;
  if (type == merge::Type::kEnum) return EnumJson(values, *number);
  return *number;
}

// The words of money are "620.00 EUR": where the point is, is known there.
Json MoneyJson(const Json& pair, std::string words) {
  std::string currency = pair.value("currency", "");
  return {{"amount", words.substr(0, words.find(' '))}, {"currency", currency}};
}

Json LocalTimeJson(const Json& pair) {
  int64_t minutes = std::clamp<int64_t>(pair.value("minutes", int64_t{0}), 0, 24 * 60);
  return {{"date", pair.value("date", "")},
          {"time", fmt::format("{:02}:{:02}", minutes / 60, minutes % 60)},
          {"zone", pair.value("zone", "")}};
}

Json PairJson(const plan::Plan& plan, const merge::Field& field, const merge::Value& value) {
  std::optional<merge::PairMembers> members = merge::PairOf(value);
  if (!members) return nullptr;
  Json pair = Json::object();
  for (const merge::Member& member : field.members) {
    auto found = std::find_if(members->begin(), members->end(),
                              [&](const auto& held) { return held.first == member.number; });
    if (found != members->end()) {
      pair[member.name] = ScalarJson(member.type, member.values, found->second);
    }
  }
  if (field.message == "Money") return MoneyJson(pair, words::FormatValue(plan, field, value));
  if (field.message == "LocalTime") return LocalTimeJson(pair);
  return pair;
}

Json RegisterJson(const plan::Plan& plan, const merge::Record& record, const merge::Field& field) {
  return ValueJson(plan, field, plan.Shown(record, field.number));
}

Json SetJson(const plan::Plan& plan, const merge::Record& record, const merge::Field& field) {
  auto found = record.sets.find(field.number);
  if (found == record.sets.end() || found->second.adds.empty()) return nullptr;
  Json elements = Json::array();
  for (const auto& [value, adds] : found->second.adds) {
    elements.push_back(ValueJson(plan, field, value));
  }
  return elements;
}

constexpr size_t kBeginningBytes = 2000;

// Cut where a code point begins.
std::string BeginningOf(std::string wording) {
  if (wording.size() <= kBeginningBytes) return wording;
  size_t end = kBeginningBytes;
  while (end > 0 && (static_cast<unsigned char>(wording[end]) & 0xC0) == 0x80) --end;
  return wording.substr(0, end) + "…";
}

Json TextsJson(const merge::Record& record, const merge::Field& field, Wording how) {
  Json texts = Json::object();
  for (auto text = record.texts.lower_bound({field.number, ""});
       text != record.texts.end() && text->first.field == field.number; ++text) {
    std::string wording = text->second.document.text();
    if (how == Wording::kBeginning) wording = BeginningOf(std::move(wording));
    if (!wording.empty()) texts[text->first.language] = std::move(wording);
  }
  return texts.empty() ? Json(nullptr) : texts;
}

Json CounterJson(const merge::Record& record, const merge::Field& field) {
  auto found = record.counters.find(field.number);
  return found == record.counters.end() ? Json(nullptr) : Json(found->second);
}

Json FieldJson(const plan::Plan& plan, const merge::Record& record, const merge::Field& field,
               Wording wording) {
  switch (field.rule) {
    case v1::TEXT:
      return TextsJson(record, field, wording);
    case v1::SET:
      return SetJson(plan, record, field);
    case v1::COUNTER:
      return CounterJson(record, field);
    default:
      return RegisterJson(plan, record, field);
  }
}

Json AgreementJson(const plan::Plan& plan, const merge::Record& record) {
  plan::Agreement agreement = plan::AgreementOf(plan, record);
  if (!agreement.applies) return nullptr;
  Json towns = Json::array();
  for (const plan::TownConsent& town : agreement.towns) {
    Json item = {{"town", town.town.hex()},
                 {"name", plan::TownName(plan, town.town)},
                 {"state", NameOf(town.state)}};
    if (town.consent) item["time"] = TimeJson(town.consent->time_ms);
    if (town.consent && town.consent->agrees) item["languages"] = town.consent->languages;
    towns.push_back(std::move(item));
  }
  return {{"agreed", agreement.agreed}, {"conflict", agreement.conflict}, {"towns", towns}};
}

Json StandingJson(const plan::Plan& plan, const merge::Record& record) {
  plan::Standing standing = plan::StandingOf(plan, record);
  if (!standing.applies) return nullptr;
  Json positions = Json::array();
  for (const plan::TownPosition& position : standing.positions) {
    std::string_view stance = NameOf(position.stance);
    positions.push_back({{"town", position.town.hex()},
                         {"name", plan::TownName(plan, position.town)},
                         {"stance", stance.empty() ? Json(nullptr) : Json(stance)},
                         {"current", position.current}});
  }
  return {{"in_the_plan", standing.in_the_plan}, {"positions", positions}};
}

}  // namespace

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string TimeJson(int64_t time_ms) {
  std::string minutes = FormatTime(time_ms);  // "2031-03-28 14:05"
  if (minutes.size() != 16) return "";
  minutes[10] = 'T';
  int64_t second = (time_ms / 1000 % 60 + 60) % 60;
  return fmt::format("{}:{:02}Z", minutes, second);
}

Json ValueJson(const plan::Plan& plan, const merge::Field& field, const merge::Value& value) {
  if (value.empty()) return nullptr;
  if (auto commitment = merge::CommitmentOf(value)) {
    std::optional<merge::Value> personal = plan.Personal(*commitment);
    return personal ? ScalarJson(field.type, field.values, *personal) : Json(nullptr);
  }
  return field.type == merge::Type::kPair ? PairJson(plan, field, value)
                                          : ScalarJson(field.type, field.values, value);
}

Json ShortJson(const plan::Plan& plan, const merge::Record& record, Wording wording) {
  const merge::Kind* kind = plan.KindOf(record);
  Json fields = Json::object();
  if (kind != nullptr) {
    for (const merge::Field& field : kind->fields) {
      Json value = FieldJson(plan, record, field, wording);
      if (!value.is_null()) fields[field.name] = std::move(value);
    }
  }
  return {{"id", record.id.hex()},
          {"kind", kind == nullptr ? Json(nullptr) : Json(kind->name)},
          {"title", words::TitleOf(plan, record)},
          {"deleted", record.existence.deleted()},
          {"conflicts", plan::ConflictsOf(plan, record, false).size()},
          {"fields", std::move(fields)}};
}

Json RecordJson(const plan::Plan& plan, const merge::Record& record, Wording wording) {
  Json json = ShortJson(plan, record, wording);
  json["conflicts"] = Json::array();
  for (const plan::Conflict& conflict : plan::ConflictsOf(plan, record, false)) {
    json["conflicts"].push_back(HexOf(conflict.id.bytes()));
  }
  json["agreement"] = AgreementJson(plan, record);
  json["standing"] = StandingJson(plan, record);
  json["signed"] = plan::Signed(plan, record);
  json["branches"] = Json::array();
  if (record.diverged) {
    for (const merge::Record* branch : plan.BranchesOf(record.id)) {
      json["branches"].push_back({{"id", branch->id.hex()}, {"town", branch->branch_town.hex()}});
    }
  }
  json["counterparts"] = Json::array();
  for (const merge::Record* other : CounterpartsOf(plan, record)) {
    json["counterparts"].push_back({{"id", other->id.hex()},
                                    {"town", other->branch_town.hex()},
                                    {"title", words::TitleOf(plan, *other)}});
  }
  json["branch_of"] = record.branch_of.empty() ? Json(nullptr) : Json(record.branch_of.hex());
  return json;
}

std::string_view NameOf(plan::Consenting state) {
  switch (state) {
    case plan::Consenting::kAgrees:
      return "agrees";
    case plan::Consenting::kLapsed:
      return "lapsed";
    case plan::Consenting::kWithdrawn:
      return "withdrawn";
    default:
      return "none";
  }
}

std::string_view NameOf(v1::StanceKind stance) {
  switch (stance) {
    case v1::SUPPORTS:
      return "supports";
    case v1::RESERVATION:
      return "reservation";
    case v1::OBJECTS:
      return "objects";
    case v1::UNDECIDED:
      return "undecided";
    default:
      return "";
  }
}

}  // namespace twinning::desk

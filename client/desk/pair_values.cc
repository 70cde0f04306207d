// The values that are made of several parts: windows, money, times of day.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "client/desk/exit_codes.h"
#include "client/desk/values.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

using Parts = std::map<uint32_t, merge::Value>;

const merge::Member* FindPart(const merge::Field& field, std::string_view name) {
  auto found = std::find_if(field.members.begin(), field.members.end(),
                            [&](const merge::Member& member) { return member.name == name; });
  return found == field.members.end() ? nullptr : &*found;
}

uint32_t PartNumber(const merge::Field& field, std::string_view name) {
  const merge::Member* part = FindPart(field, name);
  return part == nullptr ? 0 : part->number;
}

Parts PartsOf(const merge::Value& value) {
  std::optional<merge::PairMembers> members = merge::PairOf(value);
  return members ? Parts(members->begin(), members->end()) : Parts();
}

merge::Value Whole(const Parts& parts) {
  merge::PairMembers members;
  for (const auto& [number, value] : parts) {
    if (!value.empty()) members.emplace_back(number, value);
  }
  return members.empty() ? merge::Value() : merge::PairValue(members);
}

std::string_view Trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool IsCurrency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return upper;
}

absl::Status NoAmount(std::string_view label, std::string_view text) {
  return BadInput(
      fmt::format("{} is an amount with its currency, written like 620.00 EUR, not \"{}\".", label,
                  text.substr(0, 60)));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "620", "620.5", "-620,00" in a currency's minor units.
absl::StatusOr<int64_t> ReadAmount(std::string_view label, std::string_view text,
                                   std::string_view currency) {
  const int decimals = words::DecimalsOf(currency);
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  size_t point = rest.find_first_of(".,");
  std::string_view whole = rest.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? "" : rest.substr(point + 1);
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), IsDigit) ||
      !std::all_of(fraction.begin(), fraction.end(), IsDigit) ||
      (point != std::string_view::npos && fraction.empty())) {
    return NoAmount(label, text);
  }
  if (fraction.size() > static_cast<size_t>(decimals)) {
    return BadInput(fmt::format(
        "{}: amounts in {} have {}.", label, currency,
        decimals == 0 ? std::string("no decimals") : fmt::format("at most {} decimals", decimals)));
  }
  std::string digits = std::string(whole) + std::string(fraction);
  digits.append(static_cast<size_t>(decimals) - fraction.size(), '0');
  TWINNING_ASSIGN_OR_RETURN(int64_t minor, ValueReader::ReadInteger(label, digits));
  return negative ? -minor : minor;
}

std::string CurrencyIn(const merge::Field& field, const merge::Value& shown) {
  Parts parts = PartsOf(shown);
  return std::string(merge::StringOf(parts[PartNumber(field, "currency")]).value_or(""));
}

absl::StatusOr<int64_t> ReadMinutes(std::string_view label, std::string_view text) {
  bool shaped = text.size() == 5 && text[2] == ':' && IsDigit(text[0]) && IsDigit(text[1]) &&
                IsDigit(text[3]) && IsDigit(text[4]);
  int hour = shaped ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
  int minute = shaped ? (text[3] - '0') * 10 + (text[4] - '0') : 60;
  if (hour < 24 && minute < 60) return hour * 60 + minute;
  return BadInput(fmt::format("{}: a time of day is written like 14:30, not \"{}\".", label,
                              text.substr(0, 60)));
}

bool IsZone(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  if (text != "UTC" && text.find('/') == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
}

absl::Status CheckOrder(const merge::Field& field, const Parts& parts) {
  auto from = parts.find(PartNumber(field, "from"));
  auto to = parts.find(PartNumber(field, "to"));
  if (from == parts.end() || to == parts.end()) return absl::OkStatus();
  std::optional<Days> begin = merge::DateOf(from->second);
  std::optional<Days> end = merge::DateOf(to->second);
  if (!begin || !end || *begin <= *end) return absl::OkStatus();
  return BadInput(fmt::format("{} would end on {}, before it begins on {}.", field.label,
                              FormatDate(*end), FormatDate(*begin)));
}

absl::StatusOr<merge::Value> ReadWindow(const merge::Field& field, std::string_view text) {
  size_t dots = text.find("..");
  std::string_view from = Trimmed(text.substr(0, dots));
  std::string_view to = dots == std::string_view::npos ? from : Trimmed(text.substr(dots + 2));
  Parts parts;
  if (!from.empty()) {
    TWINNING_ASSIGN_OR_RETURN(Days days, ValueReader::ReadDate(field.label, from));
    parts[PartNumber(field, "from")] = merge::DateValue(days);
  }
  if (!to.empty()) {
    TWINNING_ASSIGN_OR_RETURN(Days days, ValueReader::ReadDate(field.label, to));
    parts[PartNumber(field, "to")] = merge::DateValue(days);
  }
  if (parts.empty()) {
    return BadInput(
        fmt::format("{} is a window of dates, written like 2031-03-03..2031-03-21.", field.label));
  }
  TWINNING_RETURN_IF_ERROR(CheckOrder(field, parts));
  return Whole(parts);
}

}  // namespace

std::string ValueReader::OfTown(std::string_view name) const {
  const merge::Record* record = plan_.Find(town_);
  const merge::Kind* kind = record == nullptr ? nullptr : plan_.KindOf(*record);
  const merge::Field* field = kind == nullptr ? nullptr : kind->FieldByName(name);
  if (field == nullptr) return "";
  return std::string(merge::StringOf(plan_.Shown(*record, field->number)).value_or(""));
}

absl::StatusOr<merge::Value> ValueReader::ReadPair(const merge::Field& field, std::string_view text,
                                                   const merge::Value& shown) const {
  text = Trimmed(text);
  if (field.message == "Window") return ReadWindow(field, text);
  if (field.message == "Money") return ReadMoney(field, text, shown);
  if (field.message == "LocalTime") return ReadLocalTime(field, text, shown);
  if (field.message == "Stance") {
    return BadInput("A stance is stated with: twinning position ID supports|reservation|objects.");
  }
  return BadInput(fmt::format("{} is written part by part, like {}.{}=value.", field.label,
                              field.name, field.members.empty() ? "part" : field.members[0].name));
}

absl::StatusOr<merge::Value> ValueReader::ReadMoney(const merge::Field& field,
                                                    std::string_view text,
                                                    const merge::Value& shown) const {
  size_t space = text.find(' ');
  std::string_view amount = text.substr(0, space);
  std::string currency;
  if (space != std::string_view::npos) currency = Upper(Trimmed(text.substr(space)));
  if (IsCurrency(Upper(amount)) && !currency.empty()) {  // "EUR 620.00"
    std::string after = Upper(amount);
    amount = Trimmed(text.substr(space));
    currency = after;
  }
  if (currency.empty()) currency = CurrencyIn(field, shown);
  if (currency.empty()) {
    std::string own = OfTown("currency");
    return BadInput(fmt::format("{}: say the currency too, like {} {}.", field.label,
                                amount.substr(0, 30), IsCurrency(own) ? own : "EUR"));
  }
  if (!IsCurrency(currency)) return NoAmount(field.label, text);
  TWINNING_ASSIGN_OR_RETURN(int64_t minor, ReadAmount(field.label, amount, currency));
  return Whole({{PartNumber(field, "minor"), merge::IntegerValue(minor)},
                {PartNumber(field, "currency"), merge::StringValue(currency)}});
}

absl::StatusOr<merge::Value> ValueReader::ReadLocalTime(const merge::Field& field,
                                                        std::string_view text,
                                                        const merge::Value& shown) const {
  if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T')) {
    return BadInput(fmt::format(
        "{} is a date, a time and a time zone, written like 2031-10-10 14:30 Europe/Paris.",
        field.label));
  }
  TWINNING_ASSIGN_OR_RETURN(Days days, ReadDate(field.label, text.substr(0, 10)));
  TWINNING_ASSIGN_OR_RETURN(int64_t minutes, ReadMinutes(field.label, text.substr(11, 5)));
  std::string zone(Trimmed(text.substr(16)));
  Parts now = PartsOf(shown);
  if (zone.empty()) {
    zone = merge::StringOf(now[PartNumber(field, "zone")]).value_or("");
    if (zone.empty()) zone = OfTown("time_zone");
  }
  if (!IsZone(zone)) {
    return BadInput(fmt::format("{}: say the time zone too, like Europe/Paris.", field.label));
  }
  return Whole({{PartNumber(field, "date"), merge::DateValue(days)},
                {PartNumber(field, "minutes"), merge::IntegerValue(minutes)},
                {PartNumber(field, "zone"), merge::StringValue(zone)}});
}

absl::StatusOr<merge::Value> ValueReader::ReadPart(const merge::Field& field, std::string_view part,
                                                   std::string_view text,
                                                   const merge::Value& shown) const {
  if (field.type != merge::Type::kPair) {
    return BadInput(fmt::format("{} has no parts.", field.label));
  }
  if (field.message == "Money" && (part == "amount" || part == "minor")) {
    return ReadMoney(field, text, shown);
  }
  const merge::Member* member = FindPart(field, part);
  if (member == nullptr || field.message == "Stance") {
    return BadInput(fmt::format("{} has no part \"{}\".", field.label, part));
  }
  Parts parts = PartsOf(shown);
  if (member->name == "minutes") {
    TWINNING_ASSIGN_OR_RETURN(int64_t minutes, ReadMinutes(field.label, text));
    parts[member->number] = merge::IntegerValue(minutes);
  } else {
    merge::Field alone;
    alone.name = member->name;
    alone.label = fmt::format("{}.{}", field.name, member->name);
    alone.type = member->type;
    alone.values = member->values;
    TWINNING_ASSIGN_OR_RETURN(parts[member->number], Read(alone, text, merge::Value()));
  }
  if (field.message == "Window") TWINNING_RETURN_IF_ERROR(CheckOrder(field, parts));
  return Whole(parts);
}

}  // namespace twinning::desk

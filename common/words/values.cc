// How values are written. What a currency's minor unit is, is ISO 4217's.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "common/words/phrases.h"
#include "common/words/words.h"

namespace twinning::words {
namespace {

using merge::Field;
using merge::Type;
using merge::Value;

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 16> kWhole = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                     "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
                                                     "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> kThousandths = {"BHD", "IQD", "JOD", "KWD",
                                                          "LYD", "OMR", "TND"};

template <size_t n>
bool Among(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Amount(int64_t minor, int decimals) {
  std::string digits =
      fmt::format("{}", minor < 0 ? -static_cast<uint64_t>(minor) : static_cast<uint64_t>(minor));
  auto wanted = static_cast<size_t>(decimals);
  if (digits.size() <= wanted) digits.insert(0, wanted + 1 - digits.size(), '0');
  if (wanted > 0) digits.insert(digits.size() - wanted, ".");
  return (minor < 0 ? "-" : "") + digits;
}

std::string EnumWord(const std::vector<merge::EnumValue>& values, int64_t number) {
  for (const merge::EnumValue& value : values) {
    if (value.number == number) return Spaced(value.name);
  }
  return fmt::format("{}", number);
}

std::string Integer(Type type, const std::vector<merge::EnumValue>& values, int64_t number) {
  if (type == Type::kBoolean) return number == 0 ? "no" : "yes";
  return type == Type::kEnum ? EnumWord(values, number) : fmt::format("{}", number);
}

std::string TitleOfRecord(const plan::Plan& plan, const RecordId& id) {
  const merge::Record* record = plan.Find(id);
  return record == nullptr ? NameRecord(plan, id) : words::TitleOf(plan, *record);
}

std::string Scalar(const plan::Plan& plan, Type type, const std::vector<merge::EnumValue>& values,
                   std::string_view value) {
  if (std::optional<std::string_view> text = merge::StringOf(value)) return OneLine(*text);
  if (std::optional<int64_t> number = merge::IntegerOf(value)) {
    return Integer(type, values, *number);
  }
  if (std::optional<Days> day = merge::DateOf(value)) return FormatDay(*day);
  if (std::optional<RecordId> record = merge::ReferenceOf(value)) {
    return TitleOfRecord(plan, *record);
  }
  if (std::optional<std::string_view> bytes = merge::BytesOf(value)) {
    return HexOf(bytes->substr(0, 8));
  }
  return "(unreadable)";
}

// The members of a pair as words, by name; "" for one that is not set.
class PairWords {
 public:
  PairWords(const plan::Plan& plan, const Field& field, const merge::PairMembers& members)
      : plan_(plan), field_(field), members_(members) {}

  std::string Of(std::string_view name) const {
    for (const merge::Member& member : field_.members) {
      if (member.name == name) return Of(member);
    }
    return "";
  }
  std::string Of(const merge::Member& member) const {
    std::optional<Value> value = ValueOf(member.number);
    return value ? Scalar(plan_, member.type, member.values, *value) : "";
  }
  std::optional<int64_t> IntegerOf(std::string_view name) const {
    for (const merge::Member& member : field_.members) {
      if (member.name != name) continue;
      std::optional<Value> value = ValueOf(member.number);
      return value ? merge::IntegerOf(*value) : std::nullopt;
    }
    return std::nullopt;
  }

 private:
  std::optional<Value> ValueOf(uint32_t number) const {
    for (const auto& [member, value] : members_) {
      if (member == number) return value;
    }
    return std::nullopt;
  }

  const plan::Plan& plan_;
  const Field& field_;
  const merge::PairMembers& members_;
};

std::string MoneyWords(const PairWords& pair) {
  std::string currency = pair.Of("currency");
  std::string amount = Amount(pair.IntegerOf("minor").value_or(0), DecimalsOf(currency));
  return currency.empty() ? amount : amount + " " + currency;
}

std::string WindowWords(const PairWords& pair) {
  std::string from = pair.Of("from");
  std::string to = pair.Of("to");
  if (from.empty()) return to.empty() ? "" : "until " + to;
  if (to.empty()) return "from " + from;
  return from == to ? from : from + " to " + to;
}

std::string TimeWords(const PairWords& pair) {
  int64_t minutes = std::clamp<int64_t>(pair.IntegerOf("minutes").value_or(0), 0, 24 * 60);
  std::string zone = pair.Of("zone");
  std::string text = fmt::format("{}, {:02}:{:02}", pair.Of("date"), minutes / 60, minutes % 60);
  return zone.empty() ? text : fmt::format("{} ({})", text, zone);
}

std::string StanceWords(const PairWords& pair) {
  std::string stance = pair.Of("stance");
  return stance == "reservation" ? "supports with reservation" : stance;
}

std::string MembersInTurn(const Field& field, const PairWords& pair) {
  std::string text;
  for (const merge::Member& member : field.members) {
    std::string value = pair.Of(member);
    if (value.empty()) continue;
    text += (text.empty() ? "" : ", ") + Spaced(member.name) + " " + value;
  }
  return text;
}

std::string Pair(const plan::Plan& plan, const Field& field, std::string_view value) {
  std::optional<merge::PairMembers> members = merge::PairOf(value);
  if (!members) return "(unreadable)";
  PairWords pair(plan, field, *members);
  if (field.message == "Money") return MoneyWords(pair);
  if (field.message == "Window") return WindowWords(pair);
  if (field.message == "LocalTime") return TimeWords(pair);
  if (field.message == "Stance") return StanceWords(pair);
  return MembersInTurn(field, pair);
}

}  // namespace

int DecimalsOf(std::string_view currency) {
  if (Among(kWhole, currency)) return 0;
  return Among(kThousandths, currency) ? 3 : 2;
}

std::string FormatDay(Days days) {
  std::string iso = FormatDate(days);  // YYYY-MM-DD
  if (iso.size() != 10) return "";
  auto number = [&](size_t at, size_t size) { return std::stoi(iso.substr(at, size)); };
  auto month = static_cast<size_t>(number(5, 2) - 1);
  return fmt::format("{} {} {}", number(8, 2), kMonths[month], number(0, 4));
}

std::string FormatValue(const plan::Plan& plan, const Field& field, const Value& value) {
  if (value.empty()) return "";
  if (std::optional<std::string_view> commitment = merge::CommitmentOf(value)) {
    std::optional<Value> personal = plan.Personal(*commitment);
    return personal ? Scalar(plan, field.type, field.values, *personal) : "(erased)";
  }
  if (field.type == Type::kPair) return Pair(plan, field, value);
  std::string text = Scalar(plan, field.type, field.values, value);
  bool counts = field.type == Type::kInteger && !field.unit.empty();
  return counts ? text + " " + field.unit : text;
}

}  // namespace twinning::words

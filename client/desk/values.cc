#include "client/desk/values.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "client/desk/exit_codes.h"
#include "client/desk/fold.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// Values come from people and can be as long as they like; a sentence cannot.
std::string Quoted(std::string_view text) {
  constexpr size_t kLongest = 60;
  if (text.size() <= kLongest) return fmt::format("\"{}\"", text);
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("\"{}…\"", text.substr(0, end));
}

bool ShapedLikeDate(std::string_view text) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

int NumberIn(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

int DaysIn(int year, int month) {
  int days = 31;
  while (days > 28 && !DateOf(year, month, days)) --days;
  return days;
}

std::string NoSuchDay(std::string_view text) {
  int year = NumberIn(text.substr(0, 4));
  int month = NumberIn(text.substr(5, 2));
  if (year == 0) return "there is no year 0";
  if (month < 1 || month > 12) return fmt::format("there is no month {}", text.substr(5, 2));
  return fmt::format("{} {} has {} days", kMonths[static_cast<size_t>(month - 1)], year,
                     DaysIn(year, month));
}

std::string EnumKey(std::string_view text) {
  std::string key = Fold(text);
  std::replace_if(
      key.begin(), key.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return key;
}

std::string InWords(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

absl::StatusOr<merge::Value> ReadEnum(std::string_view label,
                                      const std::vector<merge::EnumValue>& values,
                                      std::string_view text) {
  const std::string key = EnumKey(text);
  std::vector<const merge::EnumValue*> found;
  for (const merge::EnumValue& value : values) {
    if (value.name == key) return merge::IntegerValue(value.number);
    if (value.name.starts_with(key)) found.push_back(&value);
  }
  if (found.size() == 1) return merge::IntegerValue(found.front()->number);
  std::vector<std::string> names;
  for (const merge::EnumValue& value : values) names.push_back(InWords(value.name));
  return BadInput(fmt::format("{} cannot be {}: choose one of {}.", label, Quoted(text),
                              fmt::join(names, ", ")));
}

absl::StatusOr<merge::Value> ReadBoolean(std::string_view label, std::string_view text) {
  constexpr std::array<std::string_view, 4> kYes = {"yes", "true", "on", "1"};
  constexpr std::array<std::string_view, 4> kNo = {"no", "false", "off", "0"};
  const std::string key = Fold(text);
  if (std::find(kYes.begin(), kYes.end(), key) != kYes.end()) return merge::IntegerValue(1);
  if (std::find(kNo.begin(), kNo.end(), key) != kNo.end()) return merge::IntegerValue(0);
  return BadInput(fmt::format("{} is yes or no, not {}.", label, Quoted(text)));
}

absl::StatusOr<merge::Value> ReadBytes(std::string_view label, std::string_view text) {
  std::optional<std::string> bytes = BytesOfHex(text);
  if (bytes) return merge::BytesValue(*bytes);
  return BadInput(fmt::format("{} is a digest in hex digits, not {}.", label, Quoted(text)));
}

bool MayName(const merge::Field& field, const merge::Record& record) {
  return field.targets.empty() ||
         std::find(field.targets.begin(), field.targets.end(), record.kind) != field.targets.end();
}

std::string TargetsOf(const plan::Plan& plan, const merge::Field& field) {
  std::vector<std::string> labels;
  for (uint32_t target : field.targets) {
    const merge::Kind* kind = plan.schema().KindByNumber(target);
    if (kind != nullptr) labels.push_back(kind->label);
  }
  return WithArticle(labels.empty() ? "record" : fmt::format("{}", fmt::join(labels, " or ")));
}

absl::Status AmbiguousReference(const plan::Plan& plan, std::string_view label,
                                std::string_view text,
                                const std::vector<const merge::Record*>& found) {
  ShortIds ids(plan);
  std::string message = fmt::format("{}: {} fits {} records; write the id of one:", label,
                                    Quoted(text), found.size());
  for (size_t i = 0; i < found.size() && i < 10; ++i) {
    message +=
        fmt::format("\n  {}  {}", ids.Of(found[i]->id), words::NameRecord(plan, found[i]->id));
  }
  return BadInput(message);
}

}  // namespace

absl::StatusOr<int64_t> ValueReader::ReadInteger(std::string_view label, std::string_view text) {
  std::string_view digits = text;
  if (digits.size() > 1 && digits.front() == '+') digits.remove_prefix(1);
  int64_t number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range) {
    return BadInput(fmt::format("{}: {} is too large a number.", label, Quoted(text)));
  }
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return BadInput(fmt::format("{} is a whole number, not {}.", label, Quoted(text)));
  }
  return number;
}

absl::StatusOr<Days> ValueReader::ReadDate(std::string_view label, std::string_view text) {
  if (std::optional<Days> days = ParseDate(text)) return *days;
  if (ShapedLikeDate(text)) {
    return BadInput(
        fmt::format("{}: {} is no day of the calendar, {}.", label, Quoted(text), NoSuchDay(text)));
  }
  return BadInput(
      fmt::format("{} is a date written like 2031-03-28, not {}.", label, Quoted(text)));
}

absl::StatusOr<merge::Value> ValueReader::Read(const merge::Field& field, std::string_view text,
                                               const merge::Value& shown) const {
  if (text.empty()) return merge::Value();
  TWINNING_ASSIGN_OR_RETURN(merge::Value value, ReadPlain(field, text, shown));
  merge::Field plain = field;
  plain.personal = false;  // the commitment is made later, of this value
  if (absl::Status status = plan_.schema().CheckValue(plain, value); !status.ok()) {
    return BadInput(MessageOf(status) + ".");
  }
  return value;
}

absl::StatusOr<merge::Value> ValueReader::ReadPlain(const merge::Field& field,
                                                    std::string_view text,
                                                    const merge::Value& shown) const {
  switch (field.type) {
    case merge::Type::kString:
      return merge::StringValue(text);
    case merge::Type::kInteger: {
      TWINNING_ASSIGN_OR_RETURN(int64_t number, ReadInteger(field.label, text));
      return merge::IntegerValue(number);
    }
    case merge::Type::kBoolean:
      return ReadBoolean(field.label, text);
    case merge::Type::kEnum:
      return ReadEnum(field.label, field.values, text);
    case merge::Type::kDate: {
      TWINNING_ASSIGN_OR_RETURN(Days days, ReadDate(field.label, text));
      return merge::DateValue(days);
    }
    case merge::Type::kReference:
      return ReadReference(field, text);
    case merge::Type::kBytes:
      return ReadBytes(field.label, text);
    case merge::Type::kPair:
      return ReadPair(field, text, shown);
    case merge::Type::kText:
      break;
  }
  return BadInput(fmt::format("{} is a text and has no single value.", field.label));
}

absl::StatusOr<merge::Value> ValueReader::ReadReference(const merge::Field& field,
                                                        std::string_view text) const {
  auto may_not = [&](const merge::Record* record) { return !MayName(field, *record); };
  std::vector<const merge::Record*> named = RecordsBeginning(plan_, text);
  std::vector<const merge::Record*> found = named;
  std::erase_if(found, may_not);
  if (found.empty()) {
    found = RecordsTitled(plan_, text);
    std::erase_if(found, may_not);
    std::erase_if(found, [&](const merge::Record* record) { return !plan_.Visible(*record); });
  }
  if (found.size() == 1) return merge::ReferenceValue(found.front()->id);
  if (found.size() > 1) return AmbiguousReference(plan_, field.label, text, found);
  if (!named.empty()) {
    return BadInput(fmt::format("{} names {}; {} is the {}.", field.label, TargetsOf(plan_, field),
                                text, words::NameRecord(plan_, named.front()->id)));
  }
  return BadInput(fmt::format("{} names {}, by its id or its exact title; {} is neither.",
                              field.label, TargetsOf(plan_, field), Quoted(text)));
}

}  // namespace twinning::desk

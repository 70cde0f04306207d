#include "common/base/date.h"

#include <fmt/core.h>

#include <chrono>

namespace twinning {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Days kFirst = -719162;  // 0001-01-01
constexpr Days kLast = 2932896;   // 9999-12-31

std::optional<int> Digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

year_month_day CivilOf(int64_t days) {
  return year_month_day(sys_days(std::chrono::days(days)));
}

}  // namespace

bool IsDate(int64_t days) { return days >= kFirst && days <= kLast; }

std::optional<Days> DateOf(int year, int month, int day) {
  year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                      std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  int64_t days = sys_days(date).time_since_epoch().count();
  if (!IsDate(days)) return std::nullopt;
  return static_cast<Days>(days);
}

std::optional<Days> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::optional<int> year = Digits(text.substr(0, 4));
  std::optional<int> month = Digits(text.substr(5, 2));
  std::optional<int> day = Digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  return DateOf(*year, *month, *day);
}

std::string FormatDate(Days days) {
  year_month_day date = CivilOf(days);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string FormatTime(int64_t time_ms) {
  int64_t minutes = time_ms / 60000 - (time_ms % 60000 < 0 ? 1 : 0);
  int64_t days = minutes / 1440 - (minutes % 1440 < 0 ? 1 : 0);
  if (!IsDate(days)) return "unknown time";
  int64_t of_day = minutes - days * 1440;
  return fmt::format("{} {:02}:{:02}", FormatDate(static_cast<Days>(days)), of_day / 60, of_day % 60);
}

}  // namespace twinning

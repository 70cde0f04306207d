// Calendar dates as people write them, without instants, clocks or time zones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinning {

// Days since 1970-01-01 in the proleptic Gregorian calendar; years 0001 to 9999.
using Days = int32_t;

inline constexpr int64_t kDay_ms = 24LL * 60 * 60 * 1000;

// Exactly YYYY-MM-DD, and a day that exists: 31 February is none.
std::optional<Days> ParseDate(std::string_view text);
std::string FormatDate(Days days);
std::optional<Days> DateOf(int year, int month, int day);
bool IsDate(int64_t days);  // within the years above

// UTC, "2031-03-28 14:05", of milliseconds since 1970; for display only.
std::string FormatTime(int64_t time_ms);

}  // namespace twinning

// SPDX-License-Identifier: MIT
#include "screen/local_time.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

namespace confab::screen {

namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t first_day = -719'162;  // 1 January of the year 1
constexpr std::int64_t last_day = 2'932'896;  // 31 December 9999

constexpr std::array<std::string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                     "May",       "June",     "July",     "August",
                                                     "September", "October",  "November", "December"};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::int64_t LocalTime::local_s(std::int64_t unix_ms) const {
  const std::int64_t unix_s =
      std::clamp(floor_divide(unix_ms, 1000), (first_day + 1) * day_s, last_day * day_s - 1);  // room for any zone
  return unix_s + (minutes_east_ ? std::clamp(minutes_east_(unix_s), -1439, 1439) * 60 : 0);
}

std::int64_t LocalTime::day(std::int64_t unix_ms) const { return floor_divide(local_s(unix_ms), day_s); }

std::int64_t LocalTime::day_start_ms(std::int64_t day) const {
  const std::int64_t utc_s = std::clamp(day, first_day, last_day) * day_s;
  return (utc_s - (minutes_east_ ? minutes_east_(utc_s) * 60 : 0)) * 1000;
}

std::string LocalTime::clock(std::int64_t unix_ms, Timestamps detail) const {
  if (detail == Timestamps::none) return {};
  const std::int64_t local = local_s(unix_ms);
  const std::int64_t second = local - floor_divide(local, day_s) * day_s;
  const std::string minutes = fmt::format("{:02}:{:02}", second / 3600, second / 60 % 60);
  return detail == Timestamps::minutes ? minutes : fmt::format("{}:{:02}", minutes, second % 60);
}

std::string day_name(std::int64_t day) {
  const std::chrono::sys_days date{std::chrono::days(std::clamp(day, first_day, last_day))};
  const std::chrono::year_month_day parts(date);
  return fmt::format("{}, {} {} {}", weekdays[std::chrono::weekday(date).c_encoding()],
                     static_cast<unsigned>(parts.day()), months[static_cast<unsigned>(parts.month()) - 1],
                     static_cast<int>(parts.year()));
}

}  // namespace confab::screen

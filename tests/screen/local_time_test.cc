// SPDX-License-Identifier: MIT
#include "screen/local_time.h"

#include <limits>

#include <gtest/gtest.h>

#include "room_script.h"

namespace confab::screen {
namespace {

TEST(LocalTime, IsUtcWithoutAZone) {
  const LocalTime utc;
  EXPECT_EQ(utc.clock(noon_ms), "12:00");
  EXPECT_EQ(utc.clock(noon_ms + 59'999), "12:00");
  EXPECT_EQ(utc.clock(noon_ms - 1), "11:59");
  EXPECT_EQ(day_name(utc.day(noon_ms)), "Sunday, 22 November 2026");
}

TEST(LocalTime, ADayBeginsWhereTheReaderLives) {
  const LocalTime kathmandu([](std::int64_t) { return 345; });
  EXPECT_EQ(kathmandu.clock(noon_ms), "17:45");
  const std::int64_t evening = noon_ms + 6 * 60 * minute_ms + 15 * minute_ms;
  EXPECT_EQ(day_name(kathmandu.day(evening - 1)), "Sunday, 22 November 2026");
  EXPECT_EQ(day_name(kathmandu.day(evening)), "Monday, 23 November 2026");
  EXPECT_EQ(kathmandu.day_start_ms(kathmandu.day(evening)), evening);
}

TEST(LocalTime, TheZoneIsAskedForEachTime) {
  const LocalTime summer([](std::int64_t unix_s) { return unix_s * 1000 < noon_ms ? 120 : 60; });
  EXPECT_EQ(summer.clock(noon_ms - minute_ms), "13:59");
  EXPECT_EQ(summer.clock(noon_ms), "13:00");
}

TEST(LocalTime, TakesWhateverAServerTells) {
  for (const int minutes : {-1440, 0, 1440, std::numeric_limits<int>::max()}) {
    const LocalTime time([minutes](std::int64_t) { return minutes; });
    for (const std::int64_t unix_ms :
         {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
      EXPECT_EQ(time.clock(unix_ms).size(), 5u);
      EXPECT_FALSE(day_name(time.day(unix_ms)).empty());
    }
  }
  EXPECT_EQ(day_name(-1), "Wednesday, 31 December 1969");
  EXPECT_EQ(LocalTime().clock(-1), "23:59");
}

}  // namespace
}  // namespace confab::screen

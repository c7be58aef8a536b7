// SPDX-License-Identifier: MIT
#include "screen/speakers.h"

#include <limits>

#include <gtest/gtest.h>

#include "room_script.h"

namespace confab::screen {
namespace {

TEST(Speakers, AreRememberedForHalfAnHour) {
  Speakers speakers;
  speakers.spoke("ada", noon_ms);
  EXPECT_TRUE(speakers.spoke_lately("ada", noon_ms + 30 * minute_ms));
  EXPECT_FALSE(speakers.spoke_lately("ada", noon_ms + 30 * minute_ms + 1));
  EXPECT_FALSE(speakers.spoke_lately("bob", noon_ms));
}

TEST(Speakers, AreBoundedAndTheLatestStay) {
  Speakers speakers;
  for (std::size_t i = 1; i < Speakers::names_max; ++i) speakers.spoke("old" + std::to_string(i), noon_ms);
  speakers.spoke("ada", noon_ms + 20 * minute_ms);
  speakers.spoke("bob", noon_ms + 40 * minute_ms);
  EXPECT_TRUE(speakers.spoke_lately("ada", noon_ms + 40 * minute_ms));
  EXPECT_TRUE(speakers.spoke_lately("bob", noon_ms + 40 * minute_ms));
}

TEST(Speakers, TakeWhateverTimesAServerTells) {
  Speakers speakers;
  speakers.spoke("ada", std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(speakers.spoke_lately("ada", std::numeric_limits<std::int64_t>::max()));
  speakers.spoke("ada", std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(speakers.spoke_lately("ada", std::numeric_limits<std::int64_t>::min()));
}

}  // namespace
}  // namespace confab::screen

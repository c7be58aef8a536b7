// SPDX-License-Identifier: MIT
#include "screen_trial.h"

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

/// All bounds kept, by far.
ScreenResult good() {
  ScreenResult result;
  for (Histogram* times : {&result.first_paint, &result.echo, &result.page, &result.completion}) times->record(1ms);
  result.flood_length = 2s;
  result.flood_cpu = 100ms;
  result.lines = result.lines_shown = 100;
  result.is_last_shown = true;
  return result;
}

TEST(ScreenTrial, ASmallOneSeesEveryLine) {
  const auto result = measure_screen({.openings = 1,
                                      .kept_events = 300,
                                      .lines_per_s = 500,
                                      .flood_s = 1,
                                      .room_lines = 1000,
                                      .members = 20,
                                      .completions = 2});
  ASSERT_TRUE(result) << result.error();
  EXPECT_EQ(result->lines, 1000u);
  EXPECT_EQ(result->lines_shown, 1000u);
  EXPECT_TRUE(result->is_last_shown);
  EXPECT_EQ(result->first_paint.count(), 1u);
  EXPECT_GE(result->echo.count(), 99u);
  EXPECT_EQ(result->completion.count(), 2u);
  EXPECT_LE(result->flood_paints, result->echo.count() + 31) << "a paint for each key, and thirty a second";
}

TEST(ScreenTrial, PromisesCanBeBroken) {
  EXPECT_TRUE(good().is_kept());
  EXPECT_FALSE(ScreenResult{}.is_kept()) << "nothing was measured";
  ScreenResult slow = good();
  slow.first_paint.record(51ms);
  EXPECT_FALSE(slow.is_kept());
  EXPECT_TRUE(slow.to_string().contains("BROKEN"));
  ScreenResult busy = good();
  busy.flood_cpu = 1100ms;
  EXPECT_FALSE(busy.is_kept());
  ScreenResult skipping = good();
  skipping.lines_shown = 99;
  EXPECT_FALSE(skipping.is_kept());
  ScreenResult frozen = good();
  frozen.is_last_shown = false;
  EXPECT_FALSE(frozen.is_kept());
  EXPECT_TRUE(frozen.to_json().contains("\"kept\": false"));
}

}  // namespace
}  // namespace confab::bench

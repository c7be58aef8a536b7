// SPDX-License-Identifier: MIT
#include "histogram.h"

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

TEST(Histogram, IsZeroWhileNothingWasRecorded) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.percentile(50), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
}

TEST(Histogram, KeepsSmallValuesExactly) {
  Histogram histogram;
  for (int ns = 1; ns <= 200; ++ns) histogram.record(base::Duration(ns));
  EXPECT_EQ(histogram.count(), 200u);
  EXPECT_EQ(histogram.percentile(50), 100ns);
  EXPECT_EQ(histogram.percentile(99), 198ns);
  EXPECT_EQ(histogram.percentile(100), 200ns);
  EXPECT_EQ(histogram.percentile(0), 1ns);
}

TEST(Histogram, RoundsUpByLessThanOnePercent) {
  for (std::int64_t ns = 1; ns < std::int64_t{1} << 60; ns = ns * 5 / 4 + 1) {
    Histogram histogram;
    histogram.record(base::Duration(ns));
    histogram.record(base::Duration::max());  // the maximum, so that the other is not cut to it
    const auto shown = histogram.percentile(50).count();
    EXPECT_GE(shown, ns);
    EXPECT_LT(static_cast<double>(shown), static_cast<double>(ns) * 1.01);
  }
}

TEST(Histogram, PercentileIsNeverAboveTheMaximum) {
  Histogram histogram;
  histogram.record(1'000'001ns);
  EXPECT_EQ(histogram.percentile(99), 1'000'001ns);
  EXPECT_EQ(histogram.max(), 1'000'001ns);
}

TEST(Histogram, FindsTheTail) {
  Histogram histogram;
  for (int i = 0; i < 985; ++i) histogram.record(1ms);
  for (int i = 0; i < 15; ++i) histogram.record(1s);
  EXPECT_LT(histogram.percentile(98), 2ms);
  EXPECT_EQ(histogram.percentile(99), 1s);
}

TEST(Histogram, TakesWhatIsNegativeForZero) {
  Histogram histogram;
  histogram.record(-5ns);
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_EQ(histogram.percentile(50), 0ns);
}

}  // namespace
}  // namespace confab::bench

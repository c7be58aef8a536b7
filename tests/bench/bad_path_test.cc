// SPDX-License-Identifier: MIT
#include "bad_path.h"

#include <chrono>

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant start{1h};

struct Losses {
  int lost = 0;
  int in_a_row = 0;  ///< whose predecessor was lost, too
};

/// Of 200,000 packets, one each millisecond.
Losses count(const PathConditions& conditions) {
  LossDice dice(conditions, 1);
  Losses losses;
  bool before = false;
  for (int i = 0; i < 200'000; ++i) {
    const bool lost = dice.loses(start + i * 1ms);
    losses.lost += lost;
    losses.in_a_row += lost && before;
    before = lost;
  }
  return losses;
}

TEST(BadPath, LosesWhatItIsToLose) {
  EXPECT_EQ(count({}).lost, 0);
  EXPECT_NEAR(count({.loss_permille = 50}).lost, 10'000, 500);
  EXPECT_NEAR(count({.loss_permille = 50}).in_a_row, 500, 100) << "each on its own";
}

TEST(BadPath, InBurstsItLosesAsManyTogether) {
  const Losses losses = count({.loss_permille = 50, .burst = 8ms});
  EXPECT_NEAR(losses.lost, 10'000, 1500);
  EXPECT_GT(losses.in_a_row, losses.lost * 8 / 10);
}

TEST(BadPath, PacketsArriveInOrderAndNotEarly) {
  DelayLine line;
  EXPECT_EQ(line.next_due(), base::never);
  line.push(start + 25ms, 1, base::as_bytes("one"));
  line.push(start + 26ms, 2, base::as_bytes("two"));
  EXPECT_EQ(line.next_due(), start + 25ms);
  EXPECT_FALSE(line.pop(start + 24ms));
  const auto first = line.pop(start + 30ms);
  ASSERT_TRUE(first);
  EXPECT_EQ(base::as_text(first->bytes), "one");
  EXPECT_EQ(first->member, 1U);
  EXPECT_EQ(line.pop(start + 30ms)->member, 2U);
  EXPECT_FALSE(line.pop(start + 30ms));
}

TEST(BadPath, HasAName) {
  EXPECT_EQ(PathConditions{}.to_string(), "0 %");
  EXPECT_EQ((PathConditions{.loss_permille = 50, .burst = 8ms}.to_string()), "5 %, bursts of 8 ms");
}

}  // namespace
}  // namespace confab::bench

// SPDX-License-Identifier: MIT
#include "net/loss_watch.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

class LossWatchTest : public testing::Test {
 protected:
  LossWatchTest() {
    see(1);
    settle();
  }
  void settle() {
    now += LossWatch::settling_time;
    see(LossWatch::settling);
  }
  void see(std::uint64_t count) {
    for (; count > 0; --count) watch.saw(next++, now);
  }
  void lose(std::uint64_t count = 1) { next += count; }
  /// So many are judged, with one lost in each `every`.
  void see_one_in_lost(std::uint64_t count, std::uint64_t every) {
    for (std::uint64_t i = 0; i < count; ++i) i % every == every - 1 ? lose() : see(1);
  }

  base::Instant now{std::chrono::hours(1)};
  LossWatch watch;
  std::uint64_t next = 1;
};

TEST_F(LossWatchTest, NothingLostNothingWanted) {
  see(100'000);
  EXPECT_EQ(watch.lost(), 0U);
  EXPECT_EQ(watch.copies_wanted(), 0U);
}

TEST_F(LossWatchTest, WhatCameBeforeTheFirstIsNotMissed) {
  LossWatch another;
  another.saw(500'000, now);
  EXPECT_EQ(another.newest(), 500'000U);
  EXPECT_EQ(watch.lost(), 0U);
}

TEST_F(LossWatchTest, AGapIsALossWhenEightLaterOnesHaveCome) {
  see(10);
  lose();
  see(7);
  EXPECT_EQ(watch.lost(), 0U) << "it may still come";
  see(1);
  EXPECT_EQ(watch.lost(), 1U);
}

TEST_F(LossWatchTest, ReorderingIsNoLoss) {
  see(10);
  for (; next < 5000; next += 8) {
    for (std::uint64_t number = next + 8; number-- > next;) watch.saw(number, now);
  }
  EXPECT_EQ(watch.lost(), 0U);
  EXPECT_EQ(watch.copies_wanted(), 0U);
}

TEST_F(LossWatchTest, WhoComesLateIsNotLostAnyMore) {
  see(10);
  const std::uint64_t late = next;
  lose();
  see(50);
  ASSERT_EQ(watch.lost(), 1U);
  watch.saw(late, now);
  EXPECT_EQ(watch.lost(), 0U);
  watch.saw(late, now);
  EXPECT_EQ(watch.lost(), 0U) << "a double is no news";
}

TEST_F(LossWatchTest, WhatTheWindowHasPassedIsForgotten) {
  see(10);
  lose(2);
  const std::uint64_t last_lost = next - 1;
  see(LossWatch::window - 1);
  EXPECT_EQ(watch.lost(), 1U) << "the first of the two has left it";
  see(1);
  EXPECT_EQ(watch.lost(), 0U);
  watch.saw(last_lost, now);
  EXPECT_EQ(watch.lost(), 0U) << "too late to mean anything";
}

TEST_F(LossWatchTest, BeginsWithTheThirdOfAWindow) {
  see(300);
  lose(2);
  see(100);
  EXPECT_EQ(watch.copies_wanted(), 0U);
  lose();
  see(8);
  EXPECT_EQ(watch.copies_wanted(), 1U);
}

TEST_F(LossWatchTest, BeginsWithTheFirstWhereTheWayBackLosesToo) {
  see(300);
  watch.suspect(true);
  see(100);
  EXPECT_EQ(watch.copies_wanted(), 0U);
  lose();
  see(8);
  EXPECT_EQ(watch.copies_wanted(), 1U);
  see(LossWatch::window);
  EXPECT_EQ(watch.copies_wanted(), 0U);
}

TEST_F(LossWatchTest, EndsWhenTheWindowHoldsNoLoss) {
  see_one_in_lost(300, 25);
  ASSERT_EQ(watch.copies_wanted(), 1U);
  see(LossWatch::window - 20);
  EXPECT_EQ(watch.copies_wanted(), 1U);
  see(20);
  EXPECT_EQ(watch.copies_wanted(), 0U);
}

TEST_F(LossWatchTest, ATenthLostIsWorthTwo) {
  see_one_in_lost(300, 20);
  EXPECT_EQ(watch.copies_wanted(), 1U);
  see_one_in_lost(300, 10);
  EXPECT_EQ(watch.copies_wanted(), 2U);
  see_one_in_lost(300, 16);
  EXPECT_EQ(watch.copies_wanted(), 2U) << "6 % is not below 5 %";
  see_one_in_lost(300, 30);
  EXPECT_EQ(watch.copies_wanted(), 1U);
}

TEST_F(LossWatchTest, BurstsAreWorthTwo) {
  see(300);
  for (int i = 0; i < 3; ++i) {
    lose(2);
    see(30);
  }
  EXPECT_EQ(watch.copies_wanted(), 1U);
  lose(2);
  see(8);
  EXPECT_EQ(watch.copies_wanted(), 2U);
  see(180);
  EXPECT_EQ(watch.copies_wanted(), 2U) << "two of the pairs are still in the window";
  see(60);
  EXPECT_EQ(watch.copies_wanted(), 1U);
}

TEST_F(LossWatchTest, AnotherPathIsABeginningOfTheSameNumbers) {
  see_one_in_lost(300, 10);
  ASSERT_EQ(watch.copies_wanted(), 2U);
  watch.forget(now);
  EXPECT_EQ(watch.copies_wanted(), 0U);
  EXPECT_EQ(watch.lost(), 0U);
  EXPECT_EQ(watch.newest(), next - 2) << "the last one was lost";
  lose(10);
  see(50);
  lose(10);
  see(50);
  EXPECT_EQ(watch.lost(), 0U) << "a path begins with losses of QUIC's own";
  settle();
  EXPECT_EQ(watch.lost(), 0U) << "nor are they counted later";
  lose();
  see(8);
  EXPECT_EQ(watch.lost(), 1U);
}

TEST_F(LossWatchTest, AHoleBeyondTheWindowIsABeginning) {
  see(10);
  lose(LossWatch::window + 1);
  see(20);
  EXPECT_EQ(watch.lost(), 0U);
}

}  // namespace
}  // namespace confab::net

// SPDX-License-Identifier: MIT
#include "running_order.h"

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using enum RunningOrder::Verdict;

TEST(RunningOrder, IsContentWithOneAfterTheOther) {
  RunningOrder order(7);
  EXPECT_EQ(order.hear(7), next);
  EXPECT_EQ(order.hear(8), next);
  EXPECT_EQ(order.hear(9), next);
  EXPECT_EQ(order.next(), 10u);
  EXPECT_EQ(order.missing(), 0u);
}

TEST(RunningOrder, SeesALoss) {
  RunningOrder order(1);
  EXPECT_EQ(order.hear(1), next);
  EXPECT_EQ(order.hear(4), ahead);
  EXPECT_EQ(order.missing(), 2u);
  EXPECT_EQ(order.hear(5), next);
}

TEST(RunningOrder, SeesWhatComesTwice) {
  RunningOrder order(1);
  EXPECT_EQ(order.hear(1), next);
  EXPECT_EQ(order.hear(1), again);
  EXPECT_EQ(order.hear(2), next);
  EXPECT_EQ(order.hear(1), again);
}

TEST(RunningOrder, SeesDisorderAndTakesItForNoLoss) {
  RunningOrder order(1);
  EXPECT_EQ(order.hear(3), ahead);
  EXPECT_EQ(order.hear(1), late);
  EXPECT_EQ(order.hear(2), late);
  EXPECT_EQ(order.missing(), 0u);
  EXPECT_EQ(order.hear(2), again);
  EXPECT_EQ(order.hear(4), next);
}

TEST(RunningOrder, KnowsWhatItHasHeard) {
  RunningOrder order(1);
  order.hear(3);
  EXPECT_FALSE(order.has_heard(0));
  EXPECT_FALSE(order.has_heard(2));
  EXPECT_TRUE(order.has_heard(3));
  EXPECT_FALSE(order.has_heard(4));
  order.hear(2);
  EXPECT_TRUE(order.has_heard(2));
}

TEST(RunningOrder, SeesWhatCameBeforeItsTime) {
  RunningOrder order(10);
  EXPECT_EQ(order.hear(9), late);
  EXPECT_EQ(order.next(), 10u);
}

TEST(RunningOrder, IsNotFilledByNonsense) {
  RunningOrder order(1);
  EXPECT_EQ(order.hear(~std::uint64_t{0}), ahead);
  EXPECT_EQ(order.missing(), 0u);
  EXPECT_EQ(order.hear(1), next);
}

}  // namespace
}  // namespace confab::bench

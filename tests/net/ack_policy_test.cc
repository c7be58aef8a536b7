// SPDX-License-Identifier: MIT
#include "net/ack_policy.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

using namespace std::chrono_literals;

class Policy : public ::testing::Test {
 protected:
  /// A datagram with `delivered` bytes of news and 50 beside them.
  void news(std::size_t delivered = 100) { policy.received({delivered + 50, delivered}, now); }
  void quiet() { policy.received({45, 0}, now); }
  void odd() { policy.received({500, 0}, now); }
  void earn(int in_order) {
    for (int i = 0; i < in_order; ++i) {
      news();
      policy.settled();
    }
  }
  base::Duration wait() const { return policy.due() - now; }

  base::Instant now{1h};
  AckPolicy policy{400ms, false};
};

TEST_F(Policy, NothingHeardNothingDue) { EXPECT_EQ(policy.due(), base::never); }

TEST_F(Policy, TheFirstNewsWaitAShortTime) {
  news();
  EXPECT_EQ(wait(), 25ms);
}

TEST_F(Policy, TheWaitGrowsWithWhatCameInOrder) {
  earn(10);
  news();
  EXPECT_EQ(wait(), 100ms);
  policy.settled();
  earn(30);
  news();
  EXPECT_EQ(wait(), 400ms);
}

TEST_F(Policy, TheWaitCountsFromTheFirstThatWaits) {
  earn(50);
  news();
  const base::Instant due = policy.due();
  now += 300ms;
  news();
  EXPECT_EQ(policy.due(), due);
}

TEST_F(Policy, WhatWasWrittenIsSettled) {
  news();
  policy.settled();
  EXPECT_EQ(policy.due(), base::never);
}

TEST_F(Policy, HalfAnInitialWindowDoesNotWait) {
  earn(50);
  for (int i = 0; i < 5; ++i) news(1200);
  EXPECT_EQ(wait(), 400ms);
  news(1200);
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, WhatBringsNothingIsAnsweredAtOnce) {
  earn(50);
  odd();
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, WhatCameTwiceIsTheSignOfALoss) {
  earn(50);
  odd();
  policy.settled();
  news();
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, WhatHoldsMuchBesideItsNewsIsAnsweredAtOnce) {
  earn(50);
  policy.received({1200, 100}, now);
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, TheUrgentIsAnsweredAtOnce) {
  earn(50);
  policy.received({150, 100, true}, now);
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, AQuietDatagramDoesNotWait) {
  policy.spoke(now);
  quiet();
  EXPECT_EQ(policy.due(), base::at_once);
}

TEST_F(Policy, WhereItMayAQuietDatagramWaitsForCompany) {
  policy = AckPolicy(100ms, true);
  quiet();
  EXPECT_EQ(policy.due(), base::at_once) << "none is expected";
  policy.settled();
  policy.spoke(now);
  quiet();
  EXPECT_EQ(wait(), 25ms);
  policy.settled();
  now += AckPolicy::company_time;
  quiet();
  EXPECT_EQ(policy.due(), base::at_once) << "none is expected any more";
}

TEST_F(Policy, QuietOnesEarnAWaitAsNewsDo) {
  policy = AckPolicy(100ms, true);
  policy.spoke(now);
  for (int i = 0; i < 10; ++i) {
    quiet();
    policy.settled();
  }
  quiet();
  EXPECT_EQ(wait(), 100ms);
}

TEST_F(Policy, AClosedGapMakesItPromptForAWhile) {
  earn(50);
  policy.received({150, 300}, now);
  EXPECT_EQ(policy.due(), base::at_once);
  policy.settled();
  now += AckPolicy::prompt_time - 1ms;
  news();
  EXPECT_EQ(policy.due(), base::at_once);
  policy.settled();
  now += 1ms;
  news();
  EXPECT_EQ(wait(), 25ms) << "and trust is earned anew";
}

TEST_F(Policy, NeverWaitsLongerThanThePeerWasTold) {
  policy = AckPolicy(10ms, false);
  earn(50);
  news();
  EXPECT_EQ(wait(), 10ms);
}

}  // namespace
}  // namespace confab::net

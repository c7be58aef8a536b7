// SPDX-License-Identifier: MIT
#include "client/backoff.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

TEST(Backoff, DoublesUpToItsEndWithJitterAndStartsAnew) {
  base::SeededRandom random(1);
  Backoff backoff;
  base::Duration span = Backoff::first;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const base::Duration wait = backoff.next(random);
    EXPECT_GE(wait, span / 2);
    EXPECT_LE(wait, span);
    span = std::min(span * 2, Backoff::longest);
  }
  EXPECT_GE(backoff.next(random), Backoff::longest / 2);
  backoff.reset();
  EXPECT_LE(backoff.next(random), Backoff::first);
}

TEST(Backoff, AShorterEndHoldsForTheTime) {
  base::SeededRandom random(1);
  Backoff backoff;
  for (int round = 0; round < 20; ++round)
    EXPECT_LE(backoff.next(random, std::chrono::seconds(1)), std::chrono::seconds(1));
  EXPECT_GE(backoff.next(random), Backoff::longest / 2);
}

TEST(Backoff, TwoClientsDoNotComeBackAtOnce) {
  base::SeededRandom one(1);
  base::SeededRandom other(2);
  EXPECT_NE(Backoff().next(one), Backoff().next(other));
}

}  // namespace
}  // namespace confab::client

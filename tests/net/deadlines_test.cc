// SPDX-License-Identifier: MIT
#include "net/deadlines.h"

#include <vector>

#include <gtest/gtest.h>

namespace confab::net {
namespace {

base::Instant at(int ms) { return base::Instant(std::chrono::milliseconds(ms)); }

/// The owners whose timers ring until then.
std::vector<Deadlines::Owner> ring(Deadlines& deadlines, std::vector<Deadlines::Timer>& timers, base::Instant now) {
  std::vector<Deadlines::Owner> rung;
  while (const auto entry = deadlines.take_until(now)) {
    if (deadlines.rings(*entry, timers[entry->owner], now)) rung.push_back(entry->owner);
  }
  return rung;
}

using Owners = std::vector<Deadlines::Owner>;

TEST(Deadlines, RingInOrder) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(4);
  deadlines.set(0, timers[0], at(30));
  deadlines.set(1, timers[1], at(10));
  deadlines.set(2, timers[2], at(20));
  deadlines.set(3, timers[3], at(10));
  EXPECT_EQ(deadlines.next(), at(10));
  EXPECT_EQ(ring(deadlines, timers, at(9)), Owners());
  EXPECT_EQ(ring(deadlines, timers, at(25)), (Owners{1, 3, 2}));
  EXPECT_EQ(deadlines.next(), at(30));
}

TEST(Deadlines, EarlierMovesAtOnce) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(1);
  deadlines.set(0, timers[0], at(30));
  deadlines.set(0, timers[0], at(10));
  EXPECT_EQ(ring(deadlines, timers, at(10)), Owners{0});
  EXPECT_EQ(ring(deadlines, timers, at(30)), Owners()) << "the place it had left";
  EXPECT_EQ(deadlines.next(), base::never);
}

TEST(Deadlines, BackWhereItWasItRingsOnce) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(1);
  deadlines.set(0, timers[0], at(30));
  deadlines.set(0, timers[0], at(10));
  deadlines.set(0, timers[0], at(30));
  EXPECT_EQ(ring(deadlines, timers, at(29)), Owners());
  EXPECT_EQ(ring(deadlines, timers, at(40)), Owners{0});
}

TEST(Deadlines, LaterMovesWhenItComesUp) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(1);
  deadlines.set(0, timers[0], at(10));
  deadlines.set(0, timers[0], at(30));
  EXPECT_LE(deadlines.next(), at(30));
  EXPECT_EQ(ring(deadlines, timers, at(20)), Owners());
  EXPECT_EQ(deadlines.next(), at(30));
  EXPECT_EQ(ring(deadlines, timers, at(30)), Owners{0});
}

TEST(Deadlines, NeverIsNever) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(1);
  deadlines.set(0, timers[0], at(10));
  deadlines.set(0, timers[0], base::never);
  EXPECT_EQ(ring(deadlines, timers, at(100)), Owners());
  EXPECT_EQ(deadlines.next(), base::never);
}

TEST(Deadlines, WhatIsStaleDoesNotPileUp) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(10);
  for (int i = 100'000; i > 0; --i) {
    const auto owner = static_cast<Deadlines::Owner>(i % 10);
    deadlines.set(owner, timers[owner], at(i));
    if (!deadlines.wants_sweep()) continue;
    deadlines.sweep([&](const auto& entry) { return Deadlines::is_queued(entry, timers[entry.owner]); });
    EXPECT_EQ(deadlines.size(), 10U);
  }
  EXPECT_LE(deadlines.size(), 1024U);
  EXPECT_EQ(ring(deadlines, timers, at(100'000)), (Owners{1, 2, 3, 4, 5, 6, 7, 8, 9, 0}));
  EXPECT_EQ(deadlines.next(), base::never);
}

TEST(Deadlines, WhatIsPutRightWakesNobody) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(3);
  for (Deadlines::Owner owner = 0; owner < 3; ++owner) deadlines.set(owner, timers[owner], at(10));
  deadlines.set(0, timers[0], at(60));
  deadlines.set(1, timers[1], at(40));
  const auto timer_of = [&](Deadlines::Owner owner) { return &timers[owner]; };
  deadlines.put_right(at(9), timer_of);
  EXPECT_EQ(deadlines.next(), at(10)) << "it is not that far";
  deadlines.put_right(at(10), timer_of);
  EXPECT_EQ(deadlines.next(), at(10)) << "one of them rings indeed";
  EXPECT_EQ(ring(deadlines, timers, at(10)), Owners{2});
  EXPECT_EQ(deadlines.next(), at(40));
  deadlines.set(1, timers[1], at(70));
  deadlines.put_right(at(50), timer_of);
  EXPECT_EQ(deadlines.next(), at(60));
  EXPECT_EQ(ring(deadlines, timers, at(100)), (Owners{0, 1}));
}

TEST(Deadlines, WhatIsGoneWakesNobody) {
  Deadlines deadlines;
  Deadlines::Timer timer;
  deadlines.set(0, timer, at(10));
  deadlines.put_right(at(10), [](Deadlines::Owner) -> Deadlines::Timer* { return nullptr; });
  EXPECT_EQ(deadlines.next(), base::never);
}

TEST(Deadlines, AnotherOwnersEntryRingsNothing) {
  Deadlines deadlines;
  std::vector<Deadlines::Timer> timers(2);
  deadlines.set(0, timers[0], at(10));
  deadlines.set(1, timers[1], at(10));
  timers[0] = {};  // the owner is gone, and another one has its place
  EXPECT_EQ(ring(deadlines, timers, at(10)), Owners{1});
}

}  // namespace
}  // namespace confab::net

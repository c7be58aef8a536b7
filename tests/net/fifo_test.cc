// SPDX-License-Identifier: MIT
#include "net/fifo.h"

#include <deque>

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::net {
namespace {

TEST(Fifo, AgreesWithADequeOverALongLife) {
  base::SeededRandom random(3);
  Fifo<int> queue;
  std::deque<int> model;
  for (int step = 0; step < 100'000; ++step) {
    const bool fills = step / 500 % 2 == 0;  // by turns it grows and shrinks
    if (random.chance(fills ? 3 : 1, 4)) {
      queue.push(step);
      model.push_back(step);
    } else if (!model.empty()) {
      ASSERT_EQ(queue.front(), model.front());
      ASSERT_EQ(queue.pop(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(queue.empty(), model.empty());
    if (!model.empty()) {
      ASSERT_EQ(queue.back(), model.back());
    }
  }
}

}  // namespace
}  // namespace confab::net

// SPDX-License-Identifier: MIT
#include "base/doorbell.h"

#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "base/spsc_queue.h"

namespace confab::base {
namespace {

TEST(Doorbell, WakesWhoSleepsOnce) {
  int wakes = 0;
  Doorbell bell;
  bell.set_waker([&wakes] { ++wakes; });
  bell.ring();
  EXPECT_EQ(wakes, 0) << "nobody sleeps";
  bell.about_to_sleep();
  bell.ring();
  bell.ring();
  EXPECT_EQ(wakes, 1);
  bell.about_to_sleep();
  bell.awake();
  bell.ring();
  EXPECT_EQ(wakes, 1) << "it has changed its mind";
}

TEST(Doorbell, NobodySleepsOverALetter) {
  // The sleeper sleeps whenever it has nothing to do: a wake-up that is lost would leave it lying for ever.
  constexpr int count = 50'000;
  SpscQueue<int> letters;
  std::counting_semaphore<> wakes(0);
  Doorbell bell;
  bell.set_waker([&wakes] { wakes.release(); });
  std::thread writer([&] {
    for (int i = 0; i < count; ++i) {
      letters.push(i);
      bell.ring();
    }
  });
  for (int next = 0; next < count;) {
    bell.awake();
    while (const auto letter = letters.pop()) ASSERT_EQ(*letter, next++);
    bell.about_to_sleep();
    if (next < count && letters.empty()) wakes.acquire();
  }
  writer.join();
}

}  // namespace
}  // namespace confab::base

// SPDX-License-Identifier: MIT
#include "base/spsc_queue.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace confab::base {
namespace {

TEST(SpscQueue, GivesWhatItWasGivenInOrder) {
  SpscQueue<int> queue;
  EXPECT_EQ(queue.pop(), std::nullopt);
  for (int i = 0; i < 1000; ++i) queue.push(i);
  EXPECT_EQ(queue.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(SpscQueue, TakesTurnsAtAnyFill) {
  SpscQueue<int> queue;
  int pushed = 0;
  int popped = 0;
  for (int step = 0; step < 300; ++step) {
    for (int i = 0; i < step % 70; ++i) queue.push(pushed++);
    for (int i = 0; i < step % 67 && !queue.empty(); ++i) EXPECT_EQ(queue.pop(), popped++);
    ASSERT_EQ(queue.size(), static_cast<std::size_t>(pushed - popped));
  }
}

TEST(SpscQueue, LetsGoOfWhatIsTakenAndOfWhatIsLeft) {
  const auto value = std::make_shared<int>(1);
  {
    SpscQueue<std::shared_ptr<int>> queue;
    for (int i = 0; i < 200'000; ++i) queue.push(value);
    for (int i = 0; i < 100; ++i) queue.pop();
    EXPECT_EQ(value.use_count(), 1 + 200'000 - 100);
  }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(SpscQueue, CarriesFromThreadToThread) {
  struct Letter {
    int number;
    std::unique_ptr<int> content;
  };
  constexpr int count = 200'000;
  SpscQueue<Letter> queue;
  std::thread writer([&queue] {
    for (int i = 0; i < count; ++i) queue.push({i, std::make_unique<int>(i)});
  });
  for (int next = 0; next < count;) {
    const auto letter = queue.pop();
    if (!letter) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(letter->number, next);
    ASSERT_EQ(*letter->content, next++);
  }
  writer.join();
}

}  // namespace
}  // namespace confab::base

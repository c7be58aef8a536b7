// SPDX-License-Identifier: MIT
#include "sim/event_queue.h"

#include <string>

#include <gtest/gtest.h>

#include "sim/clock.h"

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

std::string run_all(EventQueue& queue) {
  while (!queue.empty()) queue.take()();
  return {};
}

TEST(EventQueue, GoesByTime) {
  EventQueue queue;
  std::string done;
  queue.add(Clock::start + 3s, [&] { done += 'c'; });
  queue.add(Clock::start + 1s, [&] { done += 'a'; });
  queue.add(Clock::start + 2s, [&] { done += 'b'; });
  EXPECT_EQ(queue.next_at(), Clock::start + 1s);
  run_all(queue);
  EXPECT_EQ(done, "abc");
  EXPECT_EQ(queue.next_at(), base::never);
}

TEST(EventQueue, KeepsTheOrderOfOneMoment) {
  EventQueue queue;
  std::string done;
  for (char c = 'a'; c <= 'z'; ++c) queue.add(Clock::start, [&done, c] { done += c; });
  run_all(queue);
  EXPECT_EQ(done, "abcdefghijklmnopqrstuvwxyz");
}

TEST(EventQueue, TakesNewEventsFromAnEvent) {
  EventQueue queue;
  std::string done;
  queue.add(Clock::start, [&] {
    done += 'a';
    queue.add(Clock::start, [&] { done += 'c'; });
  });
  queue.add(Clock::start, [&] { done += 'b'; });
  queue.add(Clock::start + 1ns, [&] { done += 'd'; });
  run_all(queue);
  EXPECT_EQ(done, "abcd");
}

}  // namespace
}  // namespace confab::sim

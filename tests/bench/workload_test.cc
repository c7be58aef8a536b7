// SPDX-License-Identifier: MIT
#include "workload.h"

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

const base::Instant start{100s};

/// The indices of all that is due by now.
std::vector<std::uint64_t> due(Schedule& schedule, base::Instant now) {
  std::vector<std::uint64_t> indices;
  while (const auto stamp = schedule.next_due(now)) indices.push_back(stamp->index);
  return indices;
}

using Indices = std::vector<std::uint64_t>;

TEST(Stamp, IsReadAsItWasWritten) {
  const Stamp stamp{.index = 12345, .intended = base::Instant(987654321ns)};
  const std::string text = write_stamp(stamp);
  EXPECT_EQ(text.size(), text_bytes);
  EXPECT_EQ(read_stamp(text), stamp);
}

TEST(Stamp, IsNotFoundInOtherText) {
  EXPECT_FALSE(read_stamp(""));
  EXPECT_FALSE(read_stamp("hello"));
  EXPECT_FALSE(read_stamp(std::string(text_bytes, 'x')));
  EXPECT_FALSE(read_stamp(std::string(text_bytes, '7')));
  EXPECT_FALSE(read_stamp(write_stamp({}) + "x"));
}

TEST(Schedule, PacedMessagesAreDueOneAfterTheOther) {
  Schedule schedule({.kind = Workload::Kind::paced, .messages_per_s = 10, .length = 300ms}, 50, start);
  EXPECT_EQ(due(schedule, start), Indices{50});
  EXPECT_EQ(schedule.next_deadline(start), start + 100ms);
  EXPECT_EQ(due(schedule, start + 99ms), Indices{});
  EXPECT_EQ(due(schedule, start + 200ms), (Indices{51, 52}));
  EXPECT_FALSE(schedule.is_over(start + 200ms));
  EXPECT_EQ(schedule.next_deadline(start + 200ms), start + 300ms);
  EXPECT_TRUE(schedule.is_over(start + 300ms));
  EXPECT_EQ(schedule.next_deadline(start + 300ms), base::never);
}

TEST(Schedule, ALateMessageBearsTheTimeItWasDue) {
  Schedule schedule({.kind = Workload::Kind::paced, .messages_per_s = 10, .length = 1s}, 0, start);
  schedule.next_due(start);
  EXPECT_EQ(schedule.next_due(start + 950ms)->intended, start + 100ms);
}

TEST(Schedule, WhatWasDueIsSentAfterTheEnd) {
  Schedule schedule({.kind = Workload::Kind::paced, .messages_per_s = 10, .length = 300ms}, 0, start);
  EXPECT_FALSE(schedule.is_over(start + 5s));
  EXPECT_EQ(due(schedule, start + 5s), (Indices{0, 1, 2}));
  EXPECT_TRUE(schedule.is_over(start + 5s));
}

TEST(Schedule, AWindowIsFilledAsMessagesLeaveIt) {
  Schedule schedule({.kind = Workload::Kind::windowed, .window = 3, .length = 1s}, 0, start);
  EXPECT_EQ(schedule.next_deadline(start), start);
  EXPECT_EQ(due(schedule, start), (Indices{0, 1, 2}));
  EXPECT_EQ(schedule.next_deadline(start), start + 1s);
  EXPECT_EQ(due(schedule, start + 10ms), Indices{});
  schedule.leave_window();
  EXPECT_EQ(schedule.next_due(start + 20ms)->intended, start + 20ms);
  EXPECT_EQ(due(schedule, start + 20ms), Indices{});
  schedule.leave_window();
  EXPECT_EQ(due(schedule, start + 1s), Indices{});
  EXPECT_TRUE(schedule.is_over(start + 1s));
}

TEST(Schedule, WhereNothingIsSentTheTimePasses) {
  Schedule schedule({.kind = Workload::Kind::idle, .length = 1s}, 0, start);
  EXPECT_EQ(due(schedule, start), Indices{});
  EXPECT_FALSE(schedule.is_over(start + 999ms));
  EXPECT_EQ(schedule.next_deadline(start), start + 1s);
  EXPECT_TRUE(schedule.is_over(start + 1s));
}

TEST(Schedule, AWindowEndsWithItsNumberOfMessages) {
  Schedule schedule(
      {.kind = Workload::Kind::windowed, .window = 2, .messages_max = 3, .length = std::chrono::seconds(1)}, 0, start);
  EXPECT_TRUE(schedule.next_due(start));
  EXPECT_TRUE(schedule.next_due(start));
  EXPECT_FALSE(schedule.next_due(start)) << "the window is full";
  schedule.leave_window();
  EXPECT_FALSE(schedule.is_over(start));
  EXPECT_TRUE(schedule.next_due(start));
  schedule.leave_window();
  EXPECT_FALSE(schedule.next_due(start));
  EXPECT_TRUE(schedule.is_over(start));
  EXPECT_EQ(schedule.next_deadline(start), base::never);
}

}  // namespace
}  // namespace confab::bench

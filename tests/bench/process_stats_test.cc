// SPDX-License-Identifier: MIT
#include "process_stats.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

TEST(ProcessStats, ReadsSchedstat) {
  EXPECT_EQ(parse_schedstat("1234567 89 10\n"), 1234567ns);
  EXPECT_FALSE(parse_schedstat(""));
  EXPECT_FALSE(parse_schedstat("x 1 2"));
}

TEST(ProcessStats, ReadsStatBehindANameWithParentheses) {
  const std::string text = "4242 (evil) name (9 9) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 1 0 100\n";
  EXPECT_EQ(parse_stat(text, 100), 2s);
  EXPECT_FALSE(parse_stat("4242 (short) S 1 2 3", 100));
  EXPECT_FALSE(parse_stat("", 100));
}

TEST(ProcessStats, ReadsStatus) {
  const auto memory =
      parse_status("Name:\tVmRSS:\nVmPeak:\t  900 kB\nVmHWM:\t     300 kB\nVmRSS:\t     200 kB\nThreads:\t1\n");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->resident_bytes, 200u * 1024);
  EXPECT_EQ(memory->peak_bytes, 300u * 1024);
  EXPECT_FALSE(parse_status("Name:\tx\nVmRSS:\t 200 kB\n"));
}

TEST(ProcessStats, SeesWhatThisProcessUses) {
  const auto before = cpu_time(::getpid());
  ASSERT_TRUE(before);
  // To look is work enough.
  for (int looks = 0; looks < 100'000 && *cpu_time(::getpid()) == *before; ++looks) {
  }
  EXPECT_GT(*cpu_time(::getpid()), *before);
  EXPECT_GT(memory(::getpid())->peak_bytes, 100'000u);
}

TEST(ProcessStats, KnowsNothingOfAProcessThatIsNot) {
  EXPECT_FALSE(cpu_time(999'999'999));
  EXPECT_FALSE(memory(999'999'999));
}

}  // namespace
}  // namespace confab::bench

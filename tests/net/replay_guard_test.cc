// SPDX-License-Identifier: MIT
#include "net/replay_guard.h"

#include <gtest/gtest.h>

namespace confab::net {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds start = std::chrono::days(20'000);

/// As the server sees it: an HMAC of this many octets.
base::Bytes flight(std::uint64_t number, std::size_t size = 32) {
  base::Bytes bytes(size);
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(number >> 8 * i);
  return bytes;
}

TEST(FlightLog, TakesEachOnce) {
  FlightLog log;
  EXPECT_TRUE(log.admit(flight(1), start));
  EXPECT_TRUE(log.admit(flight(2, 48), start));
  EXPECT_FALSE(log.admit(flight(1), start));
  EXPECT_FALSE(log.admit(flight(2, 48), start + 1h));
  EXPECT_TRUE(log.admit(flight(3), start + 1h));
}

TEST(FlightLog, RemembersForTheWholeRetention) {
  FlightLog log;
  log.admit(flight(0), start);
  for (int hours = 1; hours <= 72; ++hours) {
    const std::chrono::seconds now = start + std::chrono::hours(hours);
    ASSERT_TRUE(log.admit(flight(static_cast<std::uint64_t>(hours)), now));
    const int oldest = std::max(0, hours - 24);
    for (int old = oldest; old <= hours; ++old) {
      ASSERT_FALSE(log.admit(flight(static_cast<std::uint64_t>(old)), now)) << old << " at " << hours;
    }
  }
}

TEST(FlightLog, ForgetsInTheEnd) {
  FlightLog log;
  log.admit(flight(1), start);
  log.admit(flight(2), start + 25h);
  log.admit(flight(3), start + 50h);
  EXPECT_TRUE(log.admit(flight(1), start + 50h)) << "else it would grow for ever; by then its ticket has expired";
}

TEST(FlightLog, FullItTakesNone) {
  FlightLog log;
  for (std::uint64_t i = 0; i < FlightLog::flights_max; ++i) ASSERT_TRUE(log.admit(flight(i), start));
  EXPECT_FALSE(log.admit(flight(FlightLog::flights_max), start)) << "what is not remembered could come again";
  EXPECT_FALSE(log.admit(flight(0), start));
  EXPECT_TRUE(log.admit(flight(FlightLog::flights_max), start + 25h));
  EXPECT_FALSE(log.admit(flight(FlightLog::flights_max - 1), start + 25h));
}

}  // namespace
}  // namespace confab::net

// SPDX-License-Identifier: MIT
#include "sim/trace.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace confab::sim {
namespace {

using namespace std::chrono_literals;

const base::Address a = base::Address::v4(10, 0, 0, 1, 1);
const base::Address b = base::Address::v4(10, 0, 0, 1, 2);

/// The hash over one datagram at `at`.
std::uint64_t hash_of(base::Duration at, std::string_view what, const base::Address& from, const base::Address& to,
                      std::string_view bytes) {
  Clock clock;
  clock.advance(Clock::start + at);
  Trace trace(clock);
  trace.datagram(what, from, to, base::as_bytes(bytes));
  return trace.hash();
}

TEST(Trace, SeesEveryDifference) {
  const std::uint64_t hash = hash_of(1s, "send", a, b, "twelve bytes");
  EXPECT_EQ(hash, hash_of(1s, "send", a, b, "twelve bytes"));
  EXPECT_NE(hash, hash_of(1s + 1ns, "send", a, b, "twelve bytes"));
  EXPECT_NE(hash, hash_of(1s, "arrive", a, b, "twelve bytes"));
  EXPECT_NE(hash, hash_of(1s, "send", b, b, "twelve bytes"));
  EXPECT_NE(hash, hash_of(1s, "send", a, a, "twelve bytes"));
  EXPECT_NE(hash, hash_of(1s, "send", a, b, "twelve bytez"));
  EXPECT_NE(hash, hash_of(1s, "send", a, b, "Twelve bytes"));
  EXPECT_NE(hash, hash_of(1s, "send", a, b, std::string_view("twelve bytes\0", 13)));
}

TEST(Trace, SeesTheOrder) {
  Clock clock;
  Trace one(clock);
  Trace other(clock);
  one.datagram("send", a, b, base::as_bytes("x"));
  one.datagram("send", b, a, base::as_bytes("y"));
  other.datagram("send", b, a, base::as_bytes("y"));
  other.datagram("send", a, b, base::as_bytes("x"));
  EXPECT_NE(one.hash(), other.hash());
}

TEST(Trace, PrintsWithoutChangingTheHash) {
  Clock clock;
  std::vector<std::string> lines;
  Trace loud(clock, [&lines](std::string_view line) { lines.emplace_back(line); });
  Trace quiet(clock);
  for (Trace* each : {&loud, &quiet}) {
    each->note("somebody", "does something");
    each->datagram("send", a, b, base::as_bytes("x"));
  }
  EXPECT_EQ(loud.hash(), quiet.hash());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("somebody does something"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find("send   10.0.0.1:1 > 10.0.0.1:2 1 bytes"), std::string::npos) << lines[1];
}

}  // namespace
}  // namespace confab::sim

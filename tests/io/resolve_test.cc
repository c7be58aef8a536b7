// SPDX-License-Identifier: MIT
#include "io/resolve.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "io/support.h"

namespace confab::io {

namespace {

using ResolveTest = IoTest;

/// The reserved name that no name server may know (RFC 6761), and too long a label, so that none is asked.
const std::string no_name = std::string(70, 'x') + ".invalid";

}  // namespace

TEST_F(ResolveTest, NumbersNeedNoNameServer) {
  EXPECT_EQ(resolve("192.0.2.7", 2209)->front().to_string(), "192.0.2.7:2209");
  EXPECT_EQ(resolve("2001:db8::1", 2209)->front().to_string(), "[2001:db8::1]:2209");
}

TEST_F(ResolveTest, LocalhostIsHere) {
  const auto addresses = resolve("localhost", 1);
  ASSERT_TRUE(addresses) << addresses.error();
  EXPECT_TRUE(std::ranges::all_of(*addresses, &base::Address::is_loopback));
}

TEST_F(ResolveTest, AnUnknownNameIsAnErrorInOneLine) {
  const auto addresses = resolve(no_name, 1);
  ASSERT_FALSE(addresses);
  EXPECT_TRUE(addresses.error().starts_with("cannot find " + no_name + ": ")) << addresses.error();
}

TEST_F(ResolveTest, TheLoopIsToldLater) {
  ScriptedMachine machine;
  Loop loop(machine);
  keep_resolving(loop, "127.0.0.1", 9, [&](const Resolved& addresses, base::Now) {
    EXPECT_EQ(addresses->front(), base::Address::v4(127, 0, 0, 1, 9));
    loop.stop(0);
  });
  EXPECT_EQ(loop.run(), 0);
}

}  // namespace confab::io

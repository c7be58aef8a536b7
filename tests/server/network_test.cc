// SPDX-License-Identifier: MIT
// The client's machine tells that its network has changed: nobody waits for a timeout that is moot.
#include "town.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(Town, AChangeOfNetworkEndsThePauseBetweenAttempts) {
  Person& ryo = member("Ryo");
  wire_.detach(server_address_);
  wire_.pass(5min);  // the pauses have grown to their longest
  ryo.hear();
  wire_.attach(server_address_, *server_);
  wire_.pass(11s);  // an attempt that began before may yet be under way
  while (!ryo.hear().empty()) wire_.pass(11s);
  wire_.detach(server_address_);
  wire_.pass(5min);
  ryo.hear();
  wire_.pass(10s + 1ms);
  wire_.attach(server_address_, *server_);
  ryo.client->network_changed(wire_.now());
  wire_.settle();
  EXPECT_EQ(ryo.hear().back(), "link online");
}

TEST_F(Town, AfterAChangeOfNetworkADeadLinkIsNoticedInSeconds) {
  Person& ryo = member("Ryo");
  wire_.detach(server_address_);
  ryo.client->network_changed(wire_.now());
  wire_.pass(5s);
  EXPECT_EQ(ryo.hear(), (Lines{"link offline"})) << "not at the end of the idle timeout of 30 s";
}

TEST_F(Town, AChangeOfNetworkThatChangesNothingIsNotNoticed) {
  Person& ryo = member("Ryo");
  ryo.client->network_changed(wire_.now());
  wire_.pass(40s);
  EXPECT_EQ(ryo.hear(), Lines{});
}

}  // namespace
}  // namespace confab::server::testing

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
  wire_.attach(server_address_, *workers_);
  ryo.client->network_changed(wire_.now());
  wire_.settle();
  EXPECT_EQ(ryo.hear(), Lines{"link online"});
}

TEST_F(Town, WhoConnectsAnewIsNotSeenToLeave) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  // The network says that nobody is there, which it may say in passing.
  hilmi.client->unreachable({hilmi.address, server_address_}, wire_.now());
  wire_.pass(60s);
  EXPECT_EQ(ryo.hear(), (Lines{"Hilmi is lost", "Hilmi is here"}));
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

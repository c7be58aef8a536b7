// SPDX-License-Identifier: MIT
#include "sim/presence_check.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Anna has a laptop (client 0) and a phone (client 1), Bert has one machine (client 2). All are in the lobby.
class PresenceCheckTest : public testing::Test {
 protected:
  PresenceCheckTest() {
    for (const char* name : {"Anna", "Anna", "Bert"}) check_.add_client(name, 30s);
    pass(1s);
    check_.server_started();
    for (const std::size_t client : {0U, 1U, 2U}) check_.connected(client + 1, client);
    log("Anna", Account::Kind::joined);
    log("Bert", Account::Kind::joined);
    for (const std::size_t client : {0U, 1U, 2U}) check_.hears(client, "lobby");
    pass(1s);
  }

  void pass(base::Duration span) { clock_.advance(clock_.instant() + span); }
  void log(const std::string& name, Account::Kind kind) {
    const Account account{.kind = kind, .name = name, .verified = true, .time_ms = 1, .id = {}, .text = {}};
    check_.stored("lobby", ++seq_, account, clock_.instant());
  }
  void expect_peace() { EXPECT_THAT(complaints_.all(), IsEmpty()); }
  void expect_complaint(const char* words) { EXPECT_THAT(complaints_.all(), ElementsAre(HasSubstr(words))); }

  Clock clock_;
  Complaints complaints_;
  PresenceCheck check_{clock_, complaints_};
  base::Seq seq_ = 0;
};

TEST_F(PresenceCheckTest, IsContentWithALeaveAfterTheGrace) {
  check_.closed(3);
  pass(30s);
  log("Bert", Account::Kind::lost);
  check_.look();
  expect_peace();
}

TEST_F(PresenceCheckTest, ComplainsOfALeaveWithinTheGrace) {
  check_.closed(3);
  pass(29s);
  log("Bert", Account::Kind::lost);
  expect_complaint("within the grace");
}

TEST_F(PresenceCheckTest, ComplainsOfALeaveOfOneWhoIsThere) {
  pass(100s);
  log("Bert", Account::Kind::lost);
  expect_complaint("within the grace before");
}

TEST_F(PresenceCheckTest, ComplainsOfALeaveSoonAfterTheServersStart) {
  check_.server_stopped();
  pass(60s);
  check_.server_started();
  pass(29s);
  log("Bert", Account::Kind::lost);
  expect_complaint("after the server's start");
}

TEST_F(PresenceCheckTest, ComplainsOfTwoJoinsAndOfTwoLeaves) {
  log("Bert", Account::Kind::joined);
  expect_complaint("who was there");
  check_.parts(2, "lobby");
  log("Bert", Account::Kind::left_room);
  log("Bert", Account::Kind::left_room);
  EXPECT_THAT(complaints_.all().back(), HasSubstr("who was not there"));
}

TEST_F(PresenceCheckTest, ComplainsOfALeaveThatNobodyAskedFor) {
  check_.closed(3);
  log("Bert", Account::Kind::left_room);
  expect_complaint("did nothing of the kind");
}

TEST_F(PresenceCheckTest, ComplainsOfALeaveWhileAnotherDeviceIsThere) {
  check_.parts(0, "lobby");
  log("Anna", Account::Kind::left_room);
  expect_complaint("with another session");
}

TEST_F(PresenceCheckTest, IsContentWhenBothDevicesHaveLeft) {
  check_.parts(0, "lobby");
  check_.quits(1);
  log("Anna", Account::Kind::quit);
  expect_peace();
}

TEST_F(PresenceCheckTest, ComplainsOfAGhost) {
  check_.closed(3);
  pass(45s);
  check_.look();
  expect_peace();
  pass(10s);
  check_.look();
  expect_complaint("Bert is shown in #lobby");
}

TEST_F(PresenceCheckTest, ComplainsOfAGhostWhoseSessionTheServerKeeps) {
  check_.is_gone(2);
  pass(75s);
  check_.look();
  expect_peace();
  pass(10s);
  check_.look();
  expect_complaint("Bert is shown in #lobby");
}

TEST_F(PresenceCheckTest, ExcusesAServerThatCannotStoreTheLeave) {
  check_.closed(3);
  pass(100s);
  check_.store_was_ill();
  check_.look();
  expect_peace();
}

}  // namespace
}  // namespace confab::sim

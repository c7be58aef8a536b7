// SPDX-License-Identifier: MIT
// What an earlier run left behind waits in its room, as what was typed in this one does.
#include "full_screen_script.h"

namespace confab::screen {
namespace {

struct EarlierLines : FullScreenScript {
  EarlierLines() { options.settings.panes.rooms = options.settings.panes.members = PaneWish::never; }

  /// The client has found it, and says so.
  std::string leave_behind(const std::string& room, const std::string& text) {
    const base::MessageId id{{static_cast<std::uint8_t>(++ids)}};
    clients[0].earlier.push_back({.id = id, .room = room, .content = {.text = text}, .typed_at = {noon_ms}});
    tell(id.to_string(), room, Status::State::queued);
    return id.to_string();
  }
  void tell(const std::string& id, const std::string& room, Status::State state, const std::string& reason = "") {
    hear(Status{id, room, state, state == Status::State::stored ? 1u : 0u, reason});
  }
  std::size_t count(const std::string& text) {
    std::size_t found = 0;
    const std::string all = picture();
    for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++found;
    return found;
  }

  int ids = 0;
};

TEST_F(EarlierLines, WaitInTheirRoomAndAreStoredOnce) {
  open();
  const std::string id = leave_behind("lobby", "later");
  tell(id, "lobby", Status::State::queued);
  EXPECT_TRUE(shows("[12:00] Me | later")) << picture();
  EXPECT_EQ(count("later"), 1u);
  go_online();
  Message stored = message(1, "Me", "later");
  stored.id = id;
  hear(stored);
  tell(id, "lobby", Status::State::stored);
  clients[0].earlier.clear();
  hear(message(2, "ada", "at last"));
  EXPECT_EQ(count("later"), 1u) << picture();
  const std::string all = picture();
  EXPECT_LT(all.find("later"), all.find("at last")) << all;
}

TEST_F(EarlierLines, AreInTheOrderInWhichTheyAreSent) {
  open();
  const std::string first = leave_behind("lobby", "one");
  leave_behind("lobby", "two");
  say("three");
  const std::string all = picture();
  EXPECT_LT(all.find("one"), all.find("two")) << all;
  EXPECT_LT(all.find("two"), all.find("three")) << all;
}

TEST_F(EarlierLines, ARoomThatIsNotOpenIsOpenedForThem) {
  open();
  calls();
  leave_behind("dev", "to dev");
  EXPECT_EQ(calls(), Calls{"join dev 0"});
  EXPECT_FALSE(shows("to dev"));
  type(keys::alt("2"));
  EXPECT_TRUE(shows("Me | to dev"));
}

TEST_F(EarlierLines, ARoomThatWasLeftStaysLeftAndHasThemWhenItIsEnteredAgain) {
  open({{.rooms = {"lobby", "dev"}}});
  const std::string id = leave_behind("dev", "to dev");
  type(keys::alt("2"));
  say("/part");
  calls();
  tell(id, "dev", Status::State::queued, "the disk is full");
  EXPECT_EQ(calls(), Calls{});
  say("/join dev");
  EXPECT_EQ(count("to dev (queued)"), 1u);
}

TEST_F(EarlierLines, WhyAnotherLineWaitsStaysSaid) {
  open();
  tell(leave_behind("lobby", "one"), "lobby", Status::State::queued, "the disk is full");
  leave_behind("lobby", "two");
  EXPECT_TRUE(shows("one (queued: the disk is full)") && shows("two (queued)")) << picture();
}

TEST_F(EarlierLines, AreSentAgainWhereTheyAreRefused) {
  open();
  const std::string id = leave_behind("lobby", "later");
  go_online();
  tell(id, "lobby", Status::State::refused, "you are muted");
  EXPECT_TRUE(shows("you are muted"));
  say("/retry");
  EXPECT_EQ(last_call(), "post lobby message later");
  EXPECT_EQ(count("later"), 1u);
}

TEST_F(EarlierLines, WhatMayBeStoredIsNotGivenUp) {
  open();
  leave_behind("lobby", "later");
  clients[0].discards = false;
  say("/discard");
  EXPECT_TRUE(shows("later") && shows("may be stored by now: it stays"));
}

TEST_F(EarlierLines, ALineOfThisRunOpensNoRoomThatWasLeft) {
  open({{.rooms = {"lobby", "dev"}}});
  type(keys::alt("2"));
  type("good-bye\r/part\r");
  const std::string id = clients[0].last_id;
  calls();
  tell(id, "dev", Status::State::queued);
  EXPECT_EQ(calls(), Calls{}) << "kept on disk, but no reason to come back";
  tell(id, "dev", Status::State::refused, "you are muted");
  EXPECT_TRUE(shows("the message was refused: you are muted")) << picture();
}

}  // namespace
}  // namespace confab::screen

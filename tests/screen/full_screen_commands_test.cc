// SPDX-License-Identifier: MIT
// What each command asks of the client, and says.
#include "full_screen_script.h"

namespace confab::screen {
namespace {

struct FullScreenCommands : FullScreenScript {
  FullScreenCommands() {
    options.size = {100, 12};
    options.settings.panes.rooms = options.settings.panes.members = PaneWish::never;
  }
  /// What the line asks of the client.
  Calls after(const std::string& line) {
    calls();
    say(line);
    return calls();
  }
};

TEST_F(FullScreenCommands, TextIsSaidAndCommandsAreNot) {
  open_online();
  EXPECT_EQ(after("hello"), Calls{"post lobby message hello"});
  EXPECT_EQ(after("//slash"), Calls{"post lobby message /slash"});
  EXPECT_EQ(after("/me waves"), Calls{"post lobby message action waves"});
  EXPECT_EQ(after("/nonsense x"), Calls{});
  EXPECT_TRUE(shows("there is no command /nonsense"));
  EXPECT_EQ(after(""), Calls{});
}

TEST_F(FullScreenCommands, AboutMessages) {
  open_online();
  hear(message(1, "ada", "first"));
  hear(message(2, "bob", "second"));
  Message mine = message(3, "Me", "mine");
  mine.own = true;
  hear(mine);
  EXPECT_EQ(after("/reply yes"), Calls{"post lobby message answering id2 yes"});
  EXPECT_EQ(after("/reply ADA: no"), Calls{"post lobby message answering id1 no"});
  EXPECT_EQ(after("/reply nobody: no"), Calls{"post lobby message answering id2 nobody: no"});
  EXPECT_EQ(after("/react :tada:"), Calls{"post lobby reaction id2 🎉"});
  EXPECT_EQ(after("/react ada: x"), Calls{"post lobby reaction id1 x"});
  EXPECT_EQ(after("/edit better"), Calls{"post lobby edit own-id5 better"}) << "one's newest, stored or not";
  EXPECT_EQ(after("/redact"), Calls{"discard own-id5"}) << "nobody has seen it";
  for (int i = 0; i < 5; ++i) type(keys::alt_up);
  EXPECT_EQ(after("/edit not mine"), Calls{}) << screen->grid().picture();
  EXPECT_TRUE(shows("no message of yours")) << screen->grid().picture();
}

TEST_F(FullScreenCommands, AChangeThatIsRefusedIsSaid) {
  open_online();
  EXPECT_EQ(after("/topic tea"), Calls{"post lobby topic tea"});
  hear(Status{clients[0].last_id, "lobby", Status::State::refused, 0, "too long"});
  EXPECT_TRUE(shows("the topic was refused: too long"));
}

TEST_F(FullScreenCommands, AboutRooms) {
  open_online();
  EXPECT_EQ(after("/join #Dev"), Calls{"join dev 0"});
  EXPECT_TRUE(shows("#dev")) << "one goes there";
  EXPECT_EQ(after("/join"), Calls{});
  EXPECT_EQ(after("/join no/room"), Calls{});
  EXPECT_EQ(after("/part lobby"), Calls{"part lobby"});
  EXPECT_EQ(after("/part"), Calls{});
  EXPECT_TRUE(shows("your last room"));
  EXPECT_EQ(after("/part nowhere"), Calls{});
  EXPECT_TRUE(shows("you are not in #nowhere") || shows("you are not in nowhere"));
  EXPECT_EQ(after("/list"), Calls{"rooms"});
  hear(Rooms{clients[0].requests, {{"dev", 3, 9, "bugs"}, {"lobby", 1, 2, ""}}});
  EXPECT_TRUE(shows("#dev  3 here  bugs"));
  hear(Rooms{999, {{"other", 3, 9, "no answer to us"}}});
  EXPECT_FALSE(shows("no answer to us"));
}

TEST_F(FullScreenCommands, PartingFromTheRoomOneLooksAt) {
  open_online({"lobby", "dev"});
  type("half a line");
  type(keys::alt("2"));
  EXPECT_EQ(after("/part"), Calls{"part dev"});
  EXPECT_TRUE(shows("> half a line"));
  type("\x15");  // Ctrl+U
  hear_in("dev", message(1, "ada", "too late"));
  hear(Status{"id1", "dev", Status::State::stored, 1, ""});
  EXPECT_FALSE(shows("too late"));
  EXPECT_EQ(after("/join dev"), Calls{"join dev 0"}) << "anew";
}

TEST_F(FullScreenCommands, AServersLastRoomIsNotLeft) {
  open({{.rooms = {"lobby", "dev"}}, {.label = "two.example", .name = "Me", .rooms = {"garden"}}});
  go_online(0);
  go_online(1);
  type(keys::alt("3"));
  calls(1);
  say("/part");
  say("/part garden");
  EXPECT_EQ(calls(1), Calls{});
  EXPECT_TRUE(shows("your last room here")) << "whatever other servers have";
  say("still here");
  EXPECT_EQ(last_call(1), "post garden message still here");
}

TEST_F(FullScreenCommands, AboutPeople) {
  open_online();
  hear(Members{0, "lobby", {}});
  EXPECT_EQ(after("/msg zoe hi"), (Calls{"join @me : zoe 0", "post @me : zoe message hi"}));
  EXPECT_TRUE(shows("@zoe"));
  EXPECT_EQ(after("/join @bob"), Calls{"join @bob : me 0"});
  EXPECT_EQ(after("/part @zoe"), Calls{"part @me : zoe"});
  EXPECT_EQ(after("/part @zoe"), Calls{});
  EXPECT_TRUE(shows("you are not in @zoe"));
  EXPECT_EQ(after("/away tea"), Calls{"away tea"});
  EXPECT_EQ(after("/back"), Calls{"here "});
  EXPECT_EQ(after("/nick Moi"), Calls{"retry Moi"});
  EXPECT_EQ(after("/nick #no"), Calls{});
  EXPECT_EQ(after("/whois nobody"), Calls{});
  EXPECT_TRUE(shows("nobody is not here"));
}

TEST_F(FullScreenCommands, WhoIsRefusedAnotherNameGoesOnUnderHerOwn) {
  open_online();
  EXPECT_EQ(after("/nick Ada"), Calls{"retry Ada"});
  EXPECT_TRUE(shows("online  Ada"));
  hear(Link{.state = Link::State::offline, .text = "", .name = "", .fingerprint = ""});
  calls();
  fail(Link::Failure::not_allowed, "the name is taken");
  EXPECT_EQ(calls(), Calls{"retry Me"});
  EXPECT_TRUE(shows("the name is taken; you are still Me") && !shows("Insert your name here")) << picture();
  EXPECT_TRUE(shows("  Me")) << picture();
  fail(Link::Failure::not_allowed, "so is this one");
  EXPECT_EQ(calls(), Calls{});
  EXPECT_TRUE(shows("Insert your name here"));
}

TEST_F(FullScreenCommands, NamesAndWhoisTellWhoIsHere) {
  open_online();
  hear(Opened{.request = 1, .room = "lobby"});
  hear(Members{
      clients[0].requests, "lobby", {{"ada", true, Presence::here, ""}, {"bob", false, Presence::away, "tea"}}});
  say("/names");
  EXPECT_TRUE(shows("2 here: ada, ~bob (away).")) << screen->grid().picture();
  say("/whois ADA");
  EXPECT_TRUE(shows("the name belongs to their key"));
}

TEST_F(FullScreenCommands, IgnoringHidesFromThenOn) {
  open_online();
  say("/ignore Troll");
  hear(message(1, "troll", "noise for Me"));
  EXPECT_FALSE(shows("noise"));
  EXPECT_FALSE(output().contains('\a'));
  say("/unignore troll");
  hear(message(2, "troll", "sorry"));
  EXPECT_TRUE(shows("sorry"));
  say("/ignore");
  EXPECT_TRUE(shows("nobody is ignored"));
}

TEST_F(FullScreenCommands, WhatWasHiddenComesBack) {
  options.settings.ignore = {"Troll"};
  open_online({"lobby", "dev"});
  hear(message(1, "ada", "before"));
  hear(message(2, "troll", "tea for Me"));
  hear(message(3, "ada", "behind"));
  hear_in("dev", message(1, "troll", "one"));
  hear_in("dev", message(2, "ada", "two"));
  EXPECT_TRUE(shows(" 1 elsewhere"));
  EXPECT_FALSE(shows("tea"));
  calls();
  output();
  say("/unignore troll");
  const std::string after = picture();
  EXPECT_LT(after.find("before"), after.find("tea for Me")) << after;
  EXPECT_LT(after.find("tea for Me"), after.find("behind")) << after;
  EXPECT_FALSE(output().contains('\a')) << "nobody is called for what was said long ago";
  EXPECT_TRUE(after.contains(" 2 elsewhere")) << after;
  EXPECT_EQ(calls(), Calls{"direct rooms"});
  say("/set ignore troll");
  EXPECT_TRUE(shows("tea for Me")) << "what is shown stays";
}

TEST_F(FullScreenCommands, SettingsHoldForTheRun) {
  open_online();
  say("/set panes.rooms always");
  EXPECT_TRUE(shows("│"));
  say("/set panes.rooms sideways");
  EXPECT_TRUE(shows("│"));
  say("/set timestamps");
  EXPECT_TRUE(shows("timestamps ="));
  say("/set nonsense");
  EXPECT_TRUE(shows("nonsense"));
  say("/set keys.f9 room-next");
  say("/join dev");
  type("\x1B[20~");  // F9
  EXPECT_TRUE(picture().contains("#lobby"));
  say("/set keys.ctrl-x kill-to-start");
  type("half a line\x18");
  EXPECT_FALSE(shows("half a line")) << "the keys of the line at once, too";
}

TEST_F(FullScreenCommands, HistorySearchMarkAndClear) {
  open_online();
  hear(Opened{.request = 1, .room = "lobby", .end_seq = 0});
  for (std::uint64_t seq = 1; seq <= 9; ++seq) hear(message(seq, "ada", "line " + std::to_string(seq)));
  picture();
  say("/history");
  EXPECT_TRUE(shows("more"));
  say("/history 1984-01-01");
  EXPECT_TRUE(shows("line 1"));
  say("/history yesterday");
  EXPECT_TRUE(shows("usage: /history")) << screen->grid().picture();
  say("/search line 3");
  EXPECT_TRUE(shows("line 3"));
  say("/mark");
  EXPECT_TRUE(shows("all is read here"));
  say("/clear");
  EXPECT_FALSE(shows("ada"));
}

TEST_F(FullScreenCommands, HistoryGoesUpSoManyLines) {
  open_online();
  for (std::uint64_t seq = 1; seq <= 20; ++seq) hear(message(seq, "ada", fmt::format("line {}.", seq)));
  EXPECT_TRUE(shows("line 20.") && shows("line 12.") && !shows("line 11.")) << picture();
  say("/history 3");
  EXPECT_TRUE(shows("line 17.") && shows("line 9.") && !shows("line 18.") && !shows("line 8.")) << picture();
}

TEST_F(FullScreenCommands, StatusTopicHelp) {
  open_online();
  say("/status");
  EXPECT_TRUE(shows("not connected") && shows("0 message(s)"));
  say("/topic");
  EXPECT_TRUE(shows("this room has no topic"));
  hear(TopicChanged{"lobby", 1, noon_ms, "ada", "tea", true, 0});
  EXPECT_TRUE(shows("#lobby: tea"));
  say("/help react");
  EXPECT_TRUE(shows("/react"));
  say("/help nonsense");
  EXPECT_TRUE(shows("there is no command nonsense"));
}

TEST_F(FullScreenCommands, ExecRunsAndSaysInTheRoomWhereItWasTyped) {
  open({{.rooms = {"lobby"}}, {.label = "two.example", .name = "Me", .rooms = {"lobby", "dev"}}});
  go_online(0);
  go_online(1);
  type(keys::alt("2"));
  say("/exec -o date");
  auto spawns = screen->take_spawns();
  ASSERT_EQ(spawns.size(), 1u);
  EXPECT_EQ(spawns[0].argv.back(), "date");
  type(keys::alt("1"));
  calls(0);
  calls(1);
  screen->hear_child({.id = spawns[0].id, .bytes = "Sunday\n", .exit_code = {}, .complaint = ""}, now());
  screen->hear_child({.id = spawns[0].id, .bytes = "", .exit_code = 0, .complaint = ""}, now());
  EXPECT_EQ(calls(0), Calls{});
  EXPECT_EQ(calls(1), Calls{"post lobby message Sunday"}) << "both servers have a room of that name";
}

TEST_F(FullScreenCommands, WhatAProgramSaysOfAClosedRoomIsDropped) {
  open_online({"lobby", "dev"});
  type(keys::alt("2"));
  say("/exec -o date");
  const auto spawns = screen->take_spawns();
  say("/part");
  calls();
  screen->hear_child({.id = spawns.at(0).id, .bytes = "Sunday\n", .exit_code = 1, .complaint = ""}, now());
  EXPECT_EQ(calls(), Calls{});
  screen->hear_child({.id = 77, .bytes = "nobody's\n", .exit_code = 0, .complaint = ""}, now());
  EXPECT_EQ(calls(), Calls{});
}

TEST_F(FullScreenCommands, AFifoSpeaksInTheRoomItNames) {
  open_online();
  screen->hear_fifo("built", now());
  EXPECT_EQ(calls(), Calls{"post lobby message built"});
  screen->hear_fifo("#dev broken", now());
  EXPECT_EQ(calls(), (Calls{"join dev 0", "post dev message broken"})) << "a room that was not open";
  screen->hear_fifo("", now());
  EXPECT_EQ(calls(), Calls{});
  EXPECT_TRUE(shows("built"));
}

TEST_F(FullScreenCommands, ProgramsHaveToWaitWhileMuchIsNotStored) {
  open_online();
  clients[0].waiting = FullScreen::lines_waiting_max - 1;
  EXPECT_TRUE(screen->takes_lines());
  screen->hear_fifo("one more", now());
  EXPECT_FALSE(screen->takes_lines());
  clients[0].waiting = 1;
  EXPECT_TRUE(screen->takes_lines());
  say("/quit");
  EXPECT_FALSE(screen->takes_lines()) << "or the end would never come";
}

TEST_F(FullScreenCommands, ProgramsDoNotWaitForAServerThatTheirLinesDoNotGoTo) {
  open({{.label = "one.example"}, {.label = "two.example"}});
  clients[1].waiting = FullScreen::lines_waiting_max;
  EXPECT_TRUE(screen->takes_lines());
  clients[0].waiting = FullScreen::lines_waiting_max;
  EXPECT_FALSE(screen->takes_lines());
}

TEST_F(FullScreenCommands, TheStatusForgetsWhatIsQueuedNoMore) {
  open();
  say("later");
  clients[0].waiting = 1;
  EXPECT_TRUE(shows("1 queued")) << picture();
  clients[0].waiting = 0;
  EXPECT_FALSE(shows("1 queued")) << picture();
}

TEST_F(FullScreenCommands, ALineOfTheFifoLeavesTheViewAlone) {
  open_online({"lobby", "dev"});
  for (const Event& event : lines(1, 200)) hear(event);
  type("half a thought");
  type(std::string(keys::page_up) + keys::page_up + keys::alt_up);
  const auto scrollback = [this] { return picture().substr(0, picture().find("↓")); };
  const std::string before = scrollback();
  EXPECT_FALSE(before.contains("line 200"));
  screen->hear_fifo("built", now());
  screen->hear_fifo("#dev broken", now());
  screen->hear_fifo("#new opened", now());
  EXPECT_EQ(scrollback(), before) << "the same lines, the same room, the same one chosen";
  EXPECT_TRUE(shows("> half a thought"));
  EXPECT_EQ(calls().back(), "post new message opened");
  type(keys::alt(">"));
  EXPECT_TRUE(shows("Me | built"));
}

}  // namespace
}  // namespace confab::screen

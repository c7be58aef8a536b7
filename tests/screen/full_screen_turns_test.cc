// SPDX-License-Identifier: MIT
// What is heard, when it is painted, what is asked, and how a run ends.
#include "full_screen_script.h"

namespace confab::screen {
namespace {

struct FullScreenTurns : FullScreenScript {};

std::size_t count_paints(const std::string& output) {
  std::size_t count = 0;
  for (std::size_t at = output.find("\x1B[?2026h"); at != std::string::npos; at = output.find("\x1B[?2026h", at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(FullScreenTurns, WhatIsKnownHereIsInTheFirstPaint) {
  open();
  for (const Event& event : lines(1, 200)) hear(event);
  EXPECT_EQ(count_paints(output()), 0u);
  turn();
  EXPECT_EQ(count_paints(output()), 1u);
  EXPECT_TRUE(screen->grid().picture().contains("line 200"));
  EXPECT_TRUE(screen->grid().picture().contains("connecting"));
}

TEST_F(FullScreenTurns, AFloodIsPaintedThirtyTimesASecondAndAKeyAtOnce) {
  open_online();
  pass(1s);
  output();
  for (std::uint64_t seq = 1; seq <= 5000; ++seq) hear(message(seq, "ada", "line " + std::to_string(seq)));
  turn();
  EXPECT_EQ(count_paints(output()), 1u);
  EXPECT_TRUE(screen->grid().picture().contains("line 5000"));
  for (std::uint64_t seq = 5001; seq <= 10'000; ++seq) {
    hear(message(seq, "ada", "line " + std::to_string(seq)));
    time += 200us;
    turn();
  }
  const std::size_t paints = count_paints(output());
  EXPECT_LE(paints, 31u);
  EXPECT_GE(paints, 20u);
  EXPECT_TRUE(shows("line 10000")) << "the last one is not left out";
  turn();
  output();
  type("x");
  turn();
  EXPECT_TRUE(output().contains('x')) << "at once";
}

TEST_F(FullScreenTurns, NothingHappensWhereNothingHappens) {
  open_online();
  pass(1s);
  output();
  wakes = 0;
  pass(1h);
  EXPECT_EQ(wakes, 0);
  EXPECT_EQ(output(), "");
  EXPECT_EQ(screen->next_deadline(), base::never);
}

TEST_F(FullScreenTurns, SilenceIsToldWhenItGrowsLong) {
  open_online();
  clients[0].info = client::LinkInfo{};
  clients[0].info->silence = 15s;
  pass(1s);
  turn();
  EXPECT_EQ(screen->next_deadline(), now().instant + 5s);
  clients[0].info->silence = 20'300ms;
  pass(5s);
  EXPECT_TRUE(screen->grid().picture().contains("last contact 20 s ago"));
  EXPECT_EQ(screen->next_deadline() - now().instant, 700ms) << "when the figure is another one";
}

TEST_F(FullScreenTurns, WhoTypesIsShownForAsLongAsTheyDo) {
  open_online();
  hear(Typing{"lobby", "ada", true});
  EXPECT_TRUE(shows("ada is typing"));
  EXPECT_LE(screen->next_deadline(), now().instant + Window::typing_shown);
  pass(Window::typing_shown);
  EXPECT_FALSE(screen->grid().picture().contains("typing"));
  EXPECT_EQ(screen->next_deadline(), base::never);
}

TEST_F(FullScreenTurns, WhatIsAskedForAtATurnsEndWantsATurn) {
  open_online();
  hear(Opened{.request = 1, .room = "lobby", .end_seq = 500});
  calls();
  hear(Message{
      .room = "lobby", .seq = 500, .time_ms = noon_ms, .name = "ada", .text = "hi", .id = "id", .reply_to = ""});
  turn();
  EXPECT_EQ(calls(), Calls{"mark lobby 500"});
  EXPECT_EQ(screen->next_deadline(), base::at_once) << "so that the client transmits it";
  turn();
  EXPECT_GT(screen->next_deadline(), now().instant);
}

TEST_F(FullScreenTurns, NothingIsReadWhileNobodyLooks) {
  open_online();
  type("\x1B[O");  // the terminal has lost the focus
  hear(message(1, "ada", "one"));
  turn();
  type("x");  // a key that somebody sends all the same
  screen->echo(now());
  turn();
  pass(1h);
  EXPECT_EQ(calls(), Calls{});
  type("\x1B[I");
  turn();
  EXPECT_EQ(calls(), Calls{"mark lobby 1"});
  hear(message(2, "ada", "two"));
  turn();
  EXPECT_EQ(calls(), Calls{"mark lobby 2"});
}

TEST_F(FullScreenTurns, TheBellRingsForWhatOneDoesNotSee) {
  open_online({"lobby", "dev"});
  const auto rings = [&](const std::string& room, const Message& said) {
    output();
    pass(prefs::Notifier::pause);
    output();
    hear_in(room, said);
    return output().contains('\a');
  };
  EXPECT_FALSE(rings("lobby", message(1, "ada", "tea?"))) << "one looks there";
  EXPECT_TRUE(rings("lobby", message(2, "ada", "Me!"))) << "but who is named is told";
  EXPECT_TRUE(rings("dev", message(1, "ada", "Me!")));
  EXPECT_FALSE(rings("dev", message(2, "ada", "talk")));
  EXPECT_FALSE(rings("dev", message(3, "ME", "Me, on another device")));
  Message old = message(4, "ada", "Me, long ago");
  old.request = 77;
  EXPECT_FALSE(rings("dev", old));
  say("/ignore troll");
  EXPECT_FALSE(rings("dev", message(5, "Troll", "Me!")));
}

TEST_F(FullScreenTurns, AMentionRunsTheCommandOnce) {
  options.settings.hooks.mention_command = "beep";
  open_online({"lobby", "dev"});
  hear_in("dev", message(1, "ada", "Me!"));
  hear_in("dev", message(2, "ada", "Me!"));
  hear_in("dev", message(3, "ada", "not you"));
  const auto spawns = screen->take_spawns();
  ASSERT_EQ(spawns.size(), 1u);
  EXPECT_EQ(spawns[0].input, "Me!\n");
}

TEST_F(FullScreenTurns, WhoeverWritesOpensARoom) {
  options.zone = [](std::int64_t) { return 60; };
  open_online();
  hear(Invited{"@me : zoe", "zoe", 1});
  EXPECT_EQ(calls(), Calls{"join @me : zoe 0"});
  hear(Opened{.request = clients[0].requests, .room = "@me : zoe", .end_seq = 1});
  Message first = message(1, "zoe", "hello you");
  first.request = clients[0].requests;
  output();
  hear_in("@me : zoe", first);
  EXPECT_TRUE(output().contains('\a')) << "though it comes in a page";
  hear(Ended{first.request, "@me : zoe"});
  type(keys::alt("2"));
  EXPECT_TRUE(shows("@zoe"));
  EXPECT_TRUE(shows("13:01")) << "in one's own zone";
}

TEST_F(FullScreenTurns, DirectRoomsOfBeforeAreOpened) {
  open();
  go_online();
  EXPECT_EQ(calls(), Calls{"direct rooms"});
  hear(Rooms{tui::FakeClient::direct_rooms_request, {{"@bob : me", 2, 5, ""}, {"@me : zoe", 2, 5, ""}}});
  EXPECT_EQ(calls(), (Calls{"join @bob : me 0", "join @me : zoe 0"}));
}

TEST_F(FullScreenTurns, ANarrowScreenTellsOfOtherRoomsInItsStatus) {
  open_online({"lobby", "dev"});
  hear_in("dev", message(1, "ada", "talk"));
  screen->resize({100, 20});
  turn();
  EXPECT_FALSE(shows("1 elsewhere")) << "the list of rooms says so";
  screen->resize({30, 8});
  turn();
  EXPECT_TRUE(shows("1 elsewhere")) << screen->grid().picture();
}

TEST_F(FullScreenTurns, StrangersDoNotUseUpOnesRooms) {
  open();
  say("/ignore bob");
  go_online();
  calls();
  Rooms listed{tui::FakeClient::direct_rooms_request, {{"@bob : me", 2, 5, ""}}};
  for (int i = 0; i < 100; ++i) listed.rooms.push_back({fmt::format("@a{:03} : me", i), 2, 5, ""});
  hear(listed);
  EXPECT_EQ(calls().size(), 32U) << "and Bob's is none of them";
  for (int i = 200; i < 300; ++i) hear(Invited{fmt::format("@a{} : me", i), fmt::format("a{}", i), 1});
  EXPECT_EQ(calls().size(), 32U);
  EXPECT_TRUE(shows("a299 has written to you: /msg a299 shows it"));
}

TEST_F(FullScreenTurns, WhatIsHalfTypedIsKept) {
  open_online();
  hear_in("lobby", message(1, "ada", "tea?"));
  type("half");
  type("\x13");  // Ctrl-S, the search
  EXPECT_TRUE(shows("> half"));
  type(keys::alt("r"));
  EXPECT_TRUE(shows("> /reply half"));
}

TEST_F(FullScreenTurns, APasteThatIsNoMessageIsRefusedInWords) {
  open_online();
  type(keys::paste(std::string(20'000, 'x')));
  EXPECT_TRUE(shows("too long to paste: 20000 bytes"));
}

TEST_F(FullScreenTurns, TheLinesOfThisRunAreKnown) {
  open({{.name = ""}});
  say("Hilmi");
  go_online();
  say("hello");
  EXPECT_EQ(screen->typed(), std::vector<std::string>{"hello"}) << "an answer is no line";
}

TEST_F(FullScreenTurns, AsksForANameAsTheToyDoes) {
  open({{.name = ""}});
  EXPECT_TRUE(shows("Insert your name here :"));
  say("#nobody");
  EXPECT_TRUE(shows("cannot begin with"));
  say("Hilmi");
  EXPECT_EQ(calls(), Calls{"retry Hilmi"});
  EXPECT_TRUE(shows("\n> \n") || shows("\n>\n")) << screen->grid().picture();
  go_online();
  EXPECT_EQ(named, "Me;");
}

TEST_F(FullScreenTurns, ANameThatIsTakenIsAskedForAndTheDraftStays) {
  open_online();
  type("half a line");
  fail(Link::Failure::not_allowed, "that name is taken");
  EXPECT_TRUE(shows("that name is taken") && shows("Insert your name here :"));
  EXPECT_FALSE(shows("half a line")) << "it must not become the name";
  say("Other");
  EXPECT_EQ(last_call(), "retry Other");
  EXPECT_TRUE(shows("> half a line"));
}

TEST_F(FullScreenTurns, AsksWhetherAKeyIsTheRightOne) {
  open();
  fail(Link::Failure::untrusted, "unknown");
  EXPECT_TRUE(shows("SHA256:abc") && shows("Is this the right server?"));
  say("perhaps");
  EXPECT_TRUE(shows("yes or no"));
  EXPECT_EQ(accepted, 0);
  say("yes");
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(last_call(), "retry Me");
}

TEST_F(FullScreenTurns, AKeyThatIsNotAcceptedEndsTheRun) {
  open();
  fail(Link::Failure::untrusted, "unknown");
  say("no");
  turn();
  EXPECT_EQ(screen->exit_code(), 76);
  EXPECT_TRUE(screen->take_errors().contains("nothing was sent"));
}

TEST_F(FullScreenTurns, AChangedKeyIsNoQuestion) {
  open();
  key = client::TrustAnswer::changed;
  fail(Link::Failure::untrusted, "another key");
  turn();
  EXPECT_EQ(screen->exit_code(), 76);
  EXPECT_EQ(calls(), Calls{"withdraw"}) << "nothing goes out on its own one day";
}

TEST_F(FullScreenTurns, QuestionsOfSeveralServersComeOneAfterTheOther) {
  open({{.label = "one.example"}, {.label = "two.example"}});
  fail(Link::Failure::not_allowed, "taken", 0);
  fail(Link::Failure::untrusted, "unknown", 1);
  EXPECT_TRUE(shows("one.example: Insert your name here :"));
  say("First");
  EXPECT_EQ(calls(0), Calls{"retry First"});
  EXPECT_TRUE(shows("two.example: Is this the right server?"));
  type(keys::paste("1\r2\r3\r4\r5\r6"));
  type("n");
  EXPECT_TRUE(shows("Is this the right server?")) << "a paste that is declined answers nothing";
  type(keys::alt("2"));
  say("yes");
  EXPECT_EQ(calls(1), Calls{"retry Me"});
  EXPECT_EQ(accepted, 1);
}

TEST_F(FullScreenTurns, AServerThatComesBackHasNoQuestion) {
  open({{.label = "one.example"}, {.label = "two.example"}});
  fail(Link::Failure::not_allowed, "taken", 1);
  go_online(1);
  EXPECT_FALSE(shows("Insert your name"));
}

TEST_F(FullScreenTurns, OneServerThatFailsLeavesTheOthers) {
  open({{.label = "one.example"}, {.label = "two.example", .name = "Me", .rooms = {"dev"}}});
  go_online(0);
  fail(Link::Failure::protocol, "it speaks another language", 1);
  turn();
  EXPECT_FALSE(screen->exit_code());
  EXPECT_TRUE(shows("two.example: it speaks another language"));
  say("still here");
  EXPECT_EQ(last_call(0), "post lobby message still here");
  type(keys::alt("2"));
  EXPECT_TRUE(shows("failed: it speaks"));
  say("/retry");
  EXPECT_EQ(last_call(1), "retry Me");
}

TEST_F(FullScreenTurns, QuittingWaitsForWhatIsOnItsWay) {
  open_online();
  say("last words");
  say("/quit");
  turn();
  EXPECT_FALSE(screen->exit_code());
  EXPECT_TRUE(shows("waiting until 1 more"));
  clients[0].waiting = 0;
  turn();
  EXPECT_EQ(screen->exit_code(), 0);
  EXPECT_EQ(screen->take_errors(), "");
}

TEST_F(FullScreenTurns, QuittingTwiceLeavesThemToTheNextRun) {
  open_online();
  clients[0].keeps = true;
  say("last words");
  say("/quit");
  say("/quit");
  turn();
  EXPECT_EQ(screen->exit_code(), 75);
  EXPECT_TRUE(screen->take_errors().contains("1 message(s) not stored yet; queued"));
}

TEST_F(FullScreenTurns, WhatIsKeptNowhereIsSaidToBeLost) {
  open();
  say("into the void");
  say("/quit");
  turn();
  EXPECT_EQ(screen->exit_code(), 1) << "there is no connection to wait for";
  EXPECT_TRUE(screen->take_errors().contains("1 message(s) were never stored"));
}

TEST_F(FullScreenTurns, ASignalEndsItAtOnce) {
  open_online();
  say("last words");
  screen->interrupt(130);
  turn();
  EXPECT_EQ(screen->exit_code(), 130);
  hear(message(1, "ada", "too late"));
  type("x");
  turn();
  EXPECT_TRUE(output().ends_with("\x1B[?1049l"));
}

TEST_F(FullScreenTurns, TheEndOfTheInputIsTheEnd) {
  open_online();
  type("");
  turn();
  EXPECT_EQ(screen->exit_code(), 0);
}

TEST_F(FullScreenTurns, ComplaintsAboutSettingsAreShown) {
  options.complaints = {"config.toml:3: no such key"};
  open();
  EXPECT_TRUE(shows("config.toml:3: no such key"));
}

TEST_F(FullScreenTurns, ServersWithoutAnAddressSayWhy) {
  open();
  screen->hear_offline(0, "no such host");
  EXPECT_TRUE(shows("offline: no such host"));
}

}  // namespace
}  // namespace confab::screen

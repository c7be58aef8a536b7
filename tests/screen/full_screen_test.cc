// SPDX-License-Identifier: MIT
// What a person sees, and what keys do.
#include "full_screen_script.h"

namespace confab::screen {
namespace {

struct FullScreenKeys : FullScreenScript {};

TEST_F(FullScreenKeys, ARoomAtAGlance) {
  options.size = {120, 10};
  open_online({"lobby", "dev"});
  hear(Opened{.request = 1, .room = "lobby", .topic = "tea at five"});
  hear(Members{clients[0].requests, "lobby", {{"ada", true, Presence::here, ""}, {"bob", false, Presence::away, ""}}});
  hear(message(1, "ada", "hello"));
  hear_in("dev", message(7, "zoe", "for Me"));
  say("hi there");
  type("half a li");
  EXPECT_EQ(
      picture(),
      "1 #lobby          │#lobby: tea at five\n"
      "2 #dev          1@│                                                                                  │2 here\n"
      "                  │                                                                                  │ada\n"
      "                  │                                                                                  │~bob "
      "(away)\n"
      "                  │                                                                                  │\n"
      "                  │── Sunday, 22 November 2026 ──                                                    │\n"
      "                  │[12:01] ada | hello                                                               │\n"
      "                  │[12:00]  Me | hi there …                                                          │\n"
      "#lobby  online  1 queued  Me\n"
      "> half a li\n");
}

TEST_F(FullScreenKeys, APaneIsToggledFromWhatIsSeen) {
  const std::string f2 = "\x1BOQ";
  options.size = {60, 8};
  open_online();
  EXPECT_FALSE(shows("1 #lobby")) << "auto has folded it away";
  type(f2);
  EXPECT_TRUE(shows("1 #lobby"));
  type(f2);
  EXPECT_FALSE(shows("1 #lobby"));
  screen->resize({120, 8});
  type(f2);
  EXPECT_TRUE(shows("1 #lobby"));
  screen->resize({24, 8});
  type(f2);
  EXPECT_TRUE(shows("there is no room"));
}

TEST_F(FullScreenKeys, APaneThatAutoShowsIsTakenAwayFirst) {
  options.size = {120, 8};
  open_online();
  EXPECT_TRUE(shows("1 #lobby"));
  type(keys::alt("o"));
  EXPECT_FALSE(shows("1 #lobby"));
  type(keys::alt("o"));
  EXPECT_TRUE(shows("1 #lobby"));
}

TEST_F(FullScreenKeys, EverySizeIsPainted) {
  options.settings.panes.rooms = PaneWish::always;
  open_online({"lobby", "dev"});
  for (std::uint64_t seq = 1; seq < 30; ++seq) hear(message(seq, "ada", "some 漢字 and 👍🏽 as they come"));
  type("half a li");
  for (std::size_t columns = 0; columns < 130; columns += columns < 25 ? 1 : 9) {
    for (const std::size_t rows : {0u, 1u, 2u, 3u, 5u, 10u, 24u, 600u}) {
      screen->resize({columns, rows});
      picture();
      EXPECT_LE(screen->grid().size().rows, term::Grid::rows_max);
      type(keys::page_up);
    }
  }
  screen->resize({20, 5});
  type(keys::alt(">"));
  EXPECT_EQ(picture(),
            "  👍🏽 as they come\nada: some 漢字 and\n  👍🏽 as they come\n#lobby  online  Me\n> half a li\n")
      << screen->grid().picture();
  screen->resize({1, 1});
  EXPECT_EQ(picture().size(), 2u);
}

TEST_F(FullScreenKeys, GoFromRoomToRoom) {
  open_online({"lobby", "dev", "tea"});
  const auto room_after = [&](const std::string& pressed) {
    type(pressed);
    const std::string shown = picture();
    return shown.substr(0, shown.find_first_of(" :\n", 1));
  };
  EXPECT_EQ(room_after(keys::alt("2")), "#dev");
  EXPECT_EQ(room_after(keys::ctrl_n), "#tea");
  EXPECT_EQ(room_after(keys::ctrl_n), "#lobby");
  EXPECT_EQ(room_after(keys::ctrl_p), "#tea");
  output();
  EXPECT_EQ(room_after(keys::alt("4")), "#tea");
  EXPECT_TRUE(output().contains('\a')) << "there is no fourth";
  hear_in("lobby", message(1, "ada", "talk"));
  hear_in("dev", message(1, "ada", "Me?"));
  EXPECT_EQ(room_after(keys::alt("a")), "#dev") << "mentions first";
  EXPECT_EQ(room_after(keys::alt("a")), "#lobby");
  EXPECT_EQ(room_after(keys::alt("a")), "#lobby");
  EXPECT_TRUE(shows("nothing unread"));
}

TEST_F(FullScreenKeys, GoFromMentionToMention) {
  open_online();
  for (std::uint64_t seq = 101; seq <= 200; ++seq) hear(message(seq, "ada", "line " + std::to_string(seq)));
  hear(message(201, "ada", "Me, late"));
  for (std::uint64_t seq = 202; seq <= 300; ++seq) hear(message(seq, "ada", "line " + std::to_string(seq)));
  calls();
  type(keys::alt("m"));
  EXPECT_TRUE(shows("Me, late"));
  calls();
  type(keys::alt("m"));
  turn();
  EXPECT_EQ(last_call(), "read lobby before 101 200") << "what is not loaded is looked through, too";
  std::vector<Event> page = lines(1, 100);
  page[49] = message(50, "ada", "Me, early");
  const RequestId request = clients[0].requests;
  for (Event& event : page) {
    std::get<Message>(event).request = request;
    hear(event);
  }
  hear(Ended{request, "lobby"});
  EXPECT_TRUE(shows("Me, early"));
  type(keys::alt("M"));
  EXPECT_TRUE(shows("Me, late"));
  output();
  type(keys::alt("M"));
  EXPECT_TRUE(output().contains('\a')) << "there is none after it";
}

TEST_F(FullScreenKeys, TabAsksForTheRoomsOnce) {
  open_online();
  type("/join de\t");
  EXPECT_EQ(calls(), Calls{"rooms"});
  type("\t");
  EXPECT_EQ(calls(), Calls{}) << "it is under way";
  hear(Rooms{.request = clients[0].requests, .rooms = {{.name = "dev"}}});
  EXPECT_FALSE(shows("rooms:")) << "nobody typed /list";
  type("\t");
  EXPECT_TRUE(shows("/join dev"));
  EXPECT_EQ(calls(), Calls{});
}

TEST_F(FullScreenKeys, EachRoomKeepsItsDraft) {
  open_online({"lobby", "dev"});
  type("for the lobby");
  type(keys::alt("2"));
  EXPECT_FALSE(shows("for the lobby"));
  say("for dev");
  EXPECT_EQ(last_call(), "post dev message for dev");
  type(keys::alt("1"));
  EXPECT_TRUE(shows("> for the lobby"));
}

TEST_F(FullScreenKeys, ScrollAndComeBack) {
  open_online();
  for (std::uint64_t seq = 1; seq <= 40; ++seq) hear(message(seq, "ada", "line " + std::to_string(seq)));
  EXPECT_TRUE(shows("line 40"));
  type(keys::page_up);
  EXPECT_FALSE(shows("line 40"));
  EXPECT_TRUE(shows("↓ 4 more")) << screen->grid().picture();
  hear(message(41, "ada", "line 41"));
  EXPECT_FALSE(shows("line 41"));
  EXPECT_EQ(last_call(), "mark lobby 40") << "what is not seen is not read";
  type(keys::page_down);
  type(keys::page_down);
  EXPECT_TRUE(shows("line 41"));
  EXPECT_EQ(last_call(), "mark lobby 41");
  type(keys::page_up);
  say("mine");
  EXPECT_TRUE(shows("mine")) << "who speaks is at the end\n" << screen->grid().picture();
}

TEST_F(FullScreenKeys, ChooseALineForAnAnswer) {
  open_online();
  hear(message(1, "ada", "first"));
  hear(message(2, "bob", "second"));
  type(keys::alt_up);
  type(keys::alt_up);
  type(keys::alt("r"));
  EXPECT_TRUE(shows("> /reply"));
  say("yes");
  EXPECT_EQ(last_call(), "post lobby message answering id1 yes");
  type(keys::alt_up);
  type(keys::alt("c"));
  EXPECT_TRUE(output().contains(term::copy_sequence("yes")));
  type(keys::alt_down);
  type(keys::alt_down);
  output();
  type(keys::alt("r"));
  EXPECT_TRUE(shows("> /reply")) << "the lowest one, where none is chosen";
}

TEST_F(FullScreenKeys, AChosenLineMayVanish) {
  open_online();
  say("mine");
  type(keys::alt_up);
  say("/discard");
  EXPECT_EQ(last_call().substr(0, 7), "discard");
  EXPECT_TRUE(shows("given up"));
  EXPECT_FALSE(shows("mine"));
  hear(message(1, "ada", "hi"));
  type(keys::alt_up);
  say("/clear");
  type(keys::alt("c"));
  EXPECT_TRUE(shows("nothing to copy"));
  say("/reply to what");
  EXPECT_TRUE(shows("no message here to answer"));
}

TEST_F(FullScreenKeys, WhatWasRefusedIsSentAgainOrGivenUp) {
  open_online();
  say("no luck");
  const std::string id = clients[0].last_id;
  hear(status(id, Status::State::refused, 0, "too fast"));
  EXPECT_TRUE(shows("no luck") && shows("too fast")) << screen->grid().picture();
  type(keys::alt("t"));
  EXPECT_EQ(last_call(), "post lobby message no luck");
  EXPECT_FALSE(shows("too fast"));
  hear(status(clients[0].last_id, Status::State::refused, 0, "still too fast"));
  type(keys::alt("x"));
  EXPECT_FALSE(shows("no luck"));
  EXPECT_TRUE(shows("given up"));
  type(keys::alt("t"));
  EXPECT_TRUE(shows("nothing was refused"));
}

TEST_F(FullScreenKeys, WhatMayBeStoredStays) {
  open_online();
  clients[0].discards = false;
  say("on its way");
  type(keys::alt("x"));
  EXPECT_TRUE(shows("on its way"));
  EXPECT_TRUE(shows("may be stored by now"));
}

TEST_F(FullScreenKeys, OwnLinesSayWhatBecomesOfThem) {
  open_online();
  say("one");
  const std::string id = clients[0].last_id;
  const std::string pending = picture();
  hear(status(id, Status::State::queued, 0, "offline"));
  EXPECT_NE(picture(), pending);
  hear(status(id, Status::State::stored, 1));
  Message stored = message(1, "Me", "one");
  stored.id = id;
  stored.own = true;
  hear(stored);
  const std::string shown = picture();
  EXPECT_EQ(shown.find("one"), shown.rfind("one")) << "once: " << shown;
  EXPECT_FALSE(shown.contains("…"));
}

TEST_F(FullScreenKeys, CtrlCTwiceLeaves) {
  open_online();
  type("text");
  type(keys::ctrl_c);
  turn();
  EXPECT_FALSE(screen->exit_code()) << "it clears the line";
  type(keys::ctrl_c);
  EXPECT_TRUE(shows("Ctrl+C again"));
  type(keys::page_up);
  type(keys::ctrl_c);
  turn();
  EXPECT_FALSE(screen->exit_code()) << "another key was between";
  type(keys::ctrl_c);
  type("and more\r");
  turn();
  EXPECT_EQ(screen->exit_code(), 0);
  EXPECT_EQ(clients[0].waiting, 0u) << "what is typed behind it is not sent";
  EXPECT_TRUE(output().ends_with("\x1B[?1049l"));
}

TEST_F(FullScreenKeys, ALongPasteIsAskedAbout) {
  open_online();
  const std::string six = keys::paste("1\r2\r3\r4\r5\r6");
  type(six);
  EXPECT_TRUE(shows("paste 6 lines?"));
  type("n");
  EXPECT_TRUE(shows("not pasted"));
  type(six);
  type(keys::enter);
  EXPECT_TRUE(shows("not pasted")) << "any other key";
  type(six);
  type("y");
  say("");
  EXPECT_EQ(calls(), Calls{"post lobby message 1\n2\n3\n4\n5\n6"});
  type(keys::paste("1\r2"));
  say("");
  EXPECT_EQ(calls(), Calls{"post lobby message 1\n2"});
}

TEST_F(FullScreenKeys, SearchGoesFromHitToHit) {
  open_online();
  for (std::uint64_t seq = 1; seq <= 40; ++seq) {
    hear(message(seq, "ada", seq % 13 == 0 ? "tea " + std::to_string(seq) : "talk"));
  }
  type("\x13");  // Ctrl+S
  say("TEA");
  EXPECT_TRUE(shows("tea 39"));
  type(keys::alt("p"));
  EXPECT_TRUE(shows("tea 26"));
  type(keys::alt("n"));
  EXPECT_TRUE(shows("tea 39"));
  say("/search cocoa");
  EXPECT_TRUE(shows("not found"));
}

TEST_F(FullScreenKeys, OthersSeeThatOneTypesButNotCommands) {
  open_online({"lobby", "dev"});
  auto& typing = clients[0].typing;
  type("/me");
  EXPECT_EQ(typing, Calls{});
  type("\x15h");  // Ctrl+U
  type("i");
  EXPECT_EQ(typing, Calls{"lobby types"});
  pass(FullScreen::typing_again);
  type("!");
  EXPECT_EQ(std::exchange(typing, {}), (Calls{"lobby types", "lobby types"}));
  type(keys::alt("2"));
  EXPECT_EQ(std::exchange(typing, {}), Calls{"lobby stopped"});
  say("/set typing false");
  type("quiet");
  EXPECT_EQ(typing, Calls{});
}

TEST_F(FullScreenKeys, TheTerminalIsGivenBackForAWhile) {
  open_online();
  type("\x1A");  // Ctrl+Z
  EXPECT_TRUE(screen->take_suspend());
  EXPECT_TRUE(output().ends_with("\x1B[?1049l"));
  hear(message(1, "ada", "meanwhile"));
  turn();
  EXPECT_EQ(output(), "");
  EXPECT_EQ(screen->next_deadline(), base::never);
  screen->redraw();
  EXPECT_TRUE(shows("meanwhile"));
  EXPECT_TRUE(output().starts_with("\x1B[?1049h"));
}

}  // namespace
}  // namespace confab::screen

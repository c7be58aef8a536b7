// SPDX-License-Identifier: MIT
// The same settings as on the screen, as far as they are about more than its look.
#include "line_mode_script.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

struct LineModeSettings : LineModeScript {
  LineModeSettings() { options.settings.notifications.bell = true; }
  void hear(const Event& event) { mode->hear(event, now()); }
  std::string heard(const Event& event) {
    hear(event);
    return mode->take_output();
  }
  /// Long enough for the next bell.
  void pause() { time += 1min; }
  base::Now now() const { return {base::Instant(1h + time), {}}; }

  base::Duration time{};
};

Message in_room(const std::string& room, Message message) {
  message.room = room;
  return message;
}

TEST_F(LineModeSettings, WhoIsNamedHearsTheBell) {
  options.settings.highlights = {"tea"};
  open("Hilmi", true);
  EXPECT_EQ(heard(said("Ada", 1, "hello")), "Ada : hello\n");
  EXPECT_EQ(heard(said("Ada", 2, "hilmi: hello")), "\aAda : hilmi: hello\n");
  pause();
  EXPECT_EQ(heard(said("Ada", 3, "there is tea")), "\aAda : there is tea\n");
  pause();
  EXPECT_EQ(heard(said("Hilmi", 4, "tea, then")), "Hilmi : tea, then\n") << "one's own, from another device";
  EXPECT_EQ(heard(in_room("@ada : hilmi", said("Hilmi", 1, "psst"))), "(private) Hilmi : psst\n") << "likewise";
}

TEST_F(LineModeSettings, ABellThatHadToWaitRingsAtItsTime) {
  open("Hilmi", true);
  hear(said("Ada", 1, "Hilmi?"));
  EXPECT_EQ(heard(said("Ada", 2, "Hilmi!")), "\aAda : Hilmi?\nAda : Hilmi!\n");
  time = mode->next_deadline() - base::Instant(1h);
  mode->wake(now());
  EXPECT_EQ(mode->take_output(), "\a");
  EXPECT_EQ(mode->next_deadline(), base::never);
}

TEST_F(LineModeSettings, AWordAloneRingsUnlessItIsTalkedThere) {
  open("Hilmi", true);
  EXPECT_EQ(heard(in_room("@ada : hilmi", said("Ada", 1, "psst"))), "\a(private) Ada : psst\n");
  pause();
  type("/msg Ada\n");
  mode->take_output();
  EXPECT_EQ(heard(in_room("@ada : hilmi", said("Ada", 2, "psst"))), "Ada : psst\n");
}

TEST_F(LineModeSettings, RoomsHaveRulesOfTheirOwn) {
  options.settings.rooms["dev"].notify = prefs::NotifyRule::all;
  options.settings.rooms["lobby"].notify = prefs::NotifyRule::none;
  options.settings.rooms["dev"].highlights = {"build"};
  open("Hilmi", true);
  EXPECT_EQ(heard(in_room("dev", said("Ada", 1, "hello"))), "\a#dev Ada : hello\n");
  EXPECT_EQ(heard(said("Ada", 1, "Hilmi?")), "Ada : Hilmi?\n");
}

TEST_F(LineModeSettings, WhatWasSaidLongAgoDoesNotRing) {
  open("Hilmi", true);
  Message old = said("Ada", 1, "Hilmi?");
  old.request = 1;  // the join
  hear(Opened{.request = 1, .room = "lobby", .first_seq = 1, .end_seq = 1, .kept = true});
  EXPECT_EQ(heard(old), "Ada : Hilmi?\n") << "from the local history";
  hear(Opened{.request = 1, .room = "lobby", .first_seq = 2, .end_seq = 3, .read_seq = 2});
  old.seq = 2;
  EXPECT_EQ(heard(old), "Ada : Hilmi?\n") << "read on another device";
  old.seq = 3;
  EXPECT_EQ(heard(old), "\aAda : Hilmi?\n") << "missed";
  pause();
  old.request = 7;
  EXPECT_EQ(heard(old), "Ada : Hilmi?\n") << "what /history brings";
}

TEST_F(LineModeSettings, AFileOrPipeGetsNoBells) {
  options.redirected = true;
  open("Hilmi", true);
  EXPECT_EQ(heard(said("Ada", 2, "hilmi: hello")), "Ada : hilmi: hello\n");
}

TEST_F(LineModeSettings, AMentionStandsOutWhereThereAreColours) {
  options.settings.notifications.bell = false;
  options.color = true;
  open("Hilmi", true);
  EXPECT_EQ(heard(said("Ada", 1, "Hilmi:\nhello")), "\x1b[1mAda : Hilmi:\nAda : hello\x1b[0m\n");
}

TEST_F(LineModeSettings, AMentionRunsItsCommand) {
  options.settings.hooks.mention_command = "play";
  options.server = "one.example:2209";
  open("Hilmi", true);
  hear(said("Ada", 1, "hello"));
  EXPECT_TRUE(mode->take_spawns().empty());
  hear(said("Ada", 2, "hilmi: hello"));
  const auto spawns = mode->take_spawns();
  ASSERT_EQ(spawns.size(), 1U);
  EXPECT_EQ(spawns[0].argv.back(), "play");
  EXPECT_EQ(spawns[0].environment[0], "CONFAB_SERVER=one.example:2209");
}

TEST_F(LineModeSettings, WhatACommandPrintsIsShownOrSaid) {
  open("Hilmi", true);
  mode->hear(link(Link::State::online), now());
  type("/exec uptime\n/exec -o date\n");
  const auto spawns = mode->take_spawns();
  ASSERT_EQ(spawns.size(), 2U);
  client.take_calls();
  mode->take_output();
  mode->hear_child({.id = spawns[0].id, .bytes = "up\nfine\n", .exit_code = 3, .complaint = {}}, now());
  EXPECT_EQ(mode->take_output(), "* up\n* fine\n* exited with 3\n");
  EXPECT_EQ(client.take_calls(), Calls{});
  type("/join dev\n");
  client.take_calls();
  mode->hear_child({.id = spawns[1].id, .bytes = "Sunday\n", .exit_code = 0, .complaint = {}}, now());
  EXPECT_EQ(client.take_calls(), Calls{"send lobby Sunday"}) << "where it was asked for";
}

TEST_F(LineModeSettings, NothingIsSaidInARoomThatOneHasLeft) {
  open("Hilmi", true);
  type("/join dev\n/exec -o date\n");
  const auto spawns = mode->take_spawns();
  type("/part\n");
  client.take_calls();
  mode->hear_child({.id = spawns.at(0).id, .bytes = "Sunday\n", .exit_code = 0, .complaint = {}}, now());
  EXPECT_EQ(client.take_calls(), Calls{});
}

TEST_F(LineModeSettings, WhatIsWrongInTheFileIsNamed) {
  options.complaints = {"config.toml:3: keys.ctrl-x: no such action: foo"};
  open("Hilmi", true);
  EXPECT_EQ(mode->take_output(), "* config.toml:3: keys.ctrl-x: no such action: foo\n");
}

TEST_F(LineModeSettings, SetShowsWhatCountsHere) {
  open("Hilmi", true);
  type("/set\n");
  const std::string all = mode->take_output();
  EXPECT_NE(all.find("* notifications.bell = true\n"), std::string::npos) << all;
  EXPECT_EQ(all.find("panes."), std::string::npos) << all;
  type("/set ignore\n/set panes.rooms never\n/set no.such 1\n");
  EXPECT_EQ(mode->take_output(),
            "* ignore = []\n* panes.rooms is for the full screen alone\n"
            "* there is no setting no.such; /set lists them\n");
}

TEST_F(LineModeSettings, SetChangesItAtOnce) {
  open("Hilmi", true);
  hear(said("Ada", 1, "there is tea"));
  mode->take_output();
  type("/set highlights tea\n");
  EXPECT_EQ(mode->take_output(),
            "* highlights = [\"tea\"], for this run; config.toml is yours: highlights = [\"tea\"] above the first "
            "section keeps it\n");
  EXPECT_EQ(heard(said("Ada", 3, "there is tea")), "\aAda : there is tea\n");
  type("/set ignore Ada, Bob\n");
  mode->take_output();
  EXPECT_EQ(heard(said("Ada", 4, "hello")), "");
  type("/set ignore Bob\n");
  EXPECT_TRUE(mode->take_output().ends_with("\nAda : hello\n"));
}

TEST_F(LineModeSettings, AKeyThatIsSetCountsFromTheNextOneOn) {
  open("Hilmi");
  type("/set keys.ctrl-x kill-to-start\r");
  type(
      "abc\x18"
      "d\r");
  EXPECT_EQ(client.take_calls().back(), "send lobby d");
}

TEST_F(LineModeSettings, TheHiddenComeBackOnceAndSilently) {
  options.settings.ignore = {"Troll"};
  open("Hilmi", true);
  hear(said("Troll", 1, "Hilmi!"));
  hear(Typing{"lobby", "Troll", true});
  Message read = said("Troll", 1, "Hilmi!");
  read.request = 9;
  EXPECT_EQ(heard(read), "") << "what /history brings";
  type("/unignore Troll\n");
  EXPECT_EQ(mode->take_output(), "* Troll is heard again\nTroll : Hilmi!\n");
  type("/ignore Troll\n/unignore Troll\n");
  EXPECT_EQ(mode->take_output(),
            "* Troll is ignored in this run; `ignore` in config.toml keeps it\n* Troll is heard again\n");
}

TEST_F(LineModeSettings, OfMuchThatWasHiddenTheNewestComesBack) {
  options.settings.ignore = {"Troll"};
  open("Hilmi", true);
  for (std::uint64_t seq = 1; seq <= 600; ++seq) hear(said("Troll", seq, std::to_string(seq)));
  for (int i = 0; i < 600; ++i) hear(Typing{"lobby", "Troll", true});
  type("/unignore Troll\n");
  const std::string shown = mode->take_output();
  EXPECT_EQ(shown.find("Troll : 100\n"), std::string::npos);
  EXPECT_NE(shown.find("Troll : 101\n"), std::string::npos);
}

TEST_F(LineModeSettings, WhoIsHeardAgainMayHaveWrittenAlone) {
  options.settings.ignore = {"Troll"};
  open("Hilmi", true);
  mode->hear(link(Link::State::online), now());
  mode->hear(Rooms{FakeClient::direct_rooms_request, {}}, now());
  client.take_calls();
  type("/unignore Troll\n");
  EXPECT_EQ(client.take_calls(), Calls{"direct rooms"});
}

}  // namespace
}  // namespace confab::tui

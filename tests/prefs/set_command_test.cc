// SPDX-License-Identifier: MIT
#include "prefs/set_command.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

struct SetCommand : ::testing::Test {
  /// What is answered; an error behind a "!".
  std::string run(std::string_view argument, Mode mode = Mode::line) {
    const auto said = run_set(settings, mode, argument);
    return said ? *said : '!' + said.error();
  }

  Settings settings = default_settings(Mode::line);
};

TEST_F(SetCommand, ListsWhatIsOfUse) {
  const std::string on_screen = run("", Mode::screen);
  EXPECT_TRUE(on_screen.contains("\npanes.rooms = \"auto\"") && on_screen.contains("\ncolors.text = \"default\""));
  const std::string in_lines = run("");
  EXPECT_TRUE(in_lines.contains("\nhighlights = []") && in_lines.contains("\nhooks.mention_command = \"\""));
  EXPECT_FALSE(in_lines.contains("panes") || in_lines.contains("colors") || in_lines.contains("fifo")) << in_lines;
  EXPECT_EQ(setting_keys(Mode::line).size(), 6U);
  EXPECT_GT(setting_keys(Mode::screen).size(), 40U);
}

TEST_F(SetCommand, ShowsAndChangesOne) {
  EXPECT_EQ(run("ignore"), "ignore = []");
  EXPECT_TRUE(run("ignore Ada, Bob").starts_with("ignore = [\"Ada\", \"Bob\"], for this run"));
  EXPECT_EQ(settings.ignore, (std::vector<std::string>{"Ada", "Bob"}));
  EXPECT_TRUE(run("room.dev.notify all").starts_with("room.dev.notify = \"all\""));
  EXPECT_EQ(run("room.dev.notify"), "room.dev.notify = \"all\"");
  EXPECT_TRUE(run("notifications.rule now").starts_with("!notifications.rule: must be"));
  EXPECT_EQ(run("no.such"), "!there is no setting no.such; /set lists them");
  EXPECT_EQ(run("no.such 1"), "!there is no setting no.such; /set lists them");
}

TEST_F(SetCommand, WhatIsOfTheScreenIsRefusedInLineMode) {
  EXPECT_EQ(run("theme dark"), "!theme is for the full screen alone");
  EXPECT_EQ(run("colors.text"), "!colors.text is for the full screen alone");
  EXPECT_EQ(settings.theme, ThemeChoice::automatic);
  EXPECT_EQ(run("keys.f5 room-next"), "!room-next is for the full screen alone");
  EXPECT_FALSE(settings.keys.contains(*term::parse_chord("f5")));
  EXPECT_TRUE(run("theme dark", Mode::screen).starts_with("theme = \"dark\""));
  EXPECT_TRUE(run("keys.f5 room-next", Mode::screen).starts_with("f5 = \"room-next\""));
}

TEST_F(SetCommand, EachModeBeginsWithItsOwnKeys) {
  EXPECT_EQ(default_settings(Mode::line).keys, term::default_bindings());
  EXPECT_EQ(default_settings(Mode::screen).keys, term::screen_bindings());
  EXPECT_EQ(parse_settings("", "config.toml", settings).settings.keys, term::default_bindings());
}

TEST_F(SetCommand, KeysOfTheLineAreSetAndTakenAway) {
  EXPECT_TRUE(run("keys.ctrl-x yank").starts_with("ctrl-x = \"yank\""));
  EXPECT_EQ(run("keys.ctrl-x"), "keys.ctrl-x = \"yank\"");
  EXPECT_TRUE(run("keys.ctrl-x no-such").starts_with("!keys.ctrl-x: no such action"));
}

}  // namespace
}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
#include "prefs/settings.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

using Problems = std::vector<std::string>;

Problems problems_of(std::string_view toml) {
  Problems texts;
  for (const SettingsProblem& problem : parse_settings(toml, "config.toml").problems) texts.push_back(problem.text);
  return texts;
}

std::optional<term::Action> bound(const Settings& settings, std::string_view chord) {
  const auto found = settings.keys.find(*term::parse_chord(chord));
  return found == settings.keys.end() ? std::nullopt : std::optional(found->second);
}

TEST(Settings, AnEmptyFileIsAllDefaults) {
  const auto [settings, problems] = parse_settings("", "config.toml");
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(settings.theme, ThemeChoice::automatic);
  EXPECT_TRUE(settings.notifications.bell);
  EXPECT_EQ(settings.paste_question_lines, 5U);
  EXPECT_EQ(settings.keys, term::screen_bindings());
}

TEST(Settings, AFileOfEverything) {
  const auto [settings, problems] = parse_settings(R"(
theme = "light"
timestamps = "HH:MM:SS"
highlights = ["deploy", "on fire"]
ignore = ["Troll"]
paste_question_lines = 0
typing = false

[notifications]
bell = false
desktop = "osc777"
rule = "all"

[panes]
members = "never"
rooms_columns = 30

[colors]
mention = "bright-yellow"
own-name = 208
topic = "default"

[hooks]
mention_command = "notify-send \"$CONFAB_NAME\""

[keys]
"ctrl-x" = "room-next"
"ctrl-n" = ""

[room."Dev"]
notify = "none"
highlights = ["build"]

[room."@Ada Lovelace"]
notify = "none"

[[server]]
link = "confab://chat.example/dev"
name = "Ada"
rooms = ["#Dev", "lobby"]

[[server]]
link = "127.0.0.1:2209"
autoconnect = false
)",
                                                   "config.toml");
  for (const SettingsProblem& problem : problems) ADD_FAILURE() << problem.text;
  EXPECT_EQ(settings.theme, ThemeChoice::light);
  EXPECT_EQ(settings.timestamps, Timestamps::seconds);
  EXPECT_EQ(settings.ignore, (std::vector<std::string>{"Troll"}));
  EXPECT_FALSE(settings.typing);
  EXPECT_FALSE(settings.notifications.bell);
  EXPECT_EQ(settings.notifications.desktop, DesktopNotice::osc777);
  EXPECT_EQ(settings.panes.members, PaneWish::never);
  EXPECT_EQ(settings.panes.rooms_columns, 30U);
  EXPECT_EQ(settings.colors, (std::map<Role, term::Color>{{Role::mention, {11}}, {Role::own_name, {208}}}));
  EXPECT_EQ(settings.hooks.mention_command, "notify-send \"$CONFAB_NAME\"");
  EXPECT_EQ(bound(settings, "ctrl-x"), term::Action::room_next);
  EXPECT_EQ(bound(settings, "ctrl-n"), std::nullopt);
  EXPECT_EQ(settings.rule_of("dev", "Hilmi"), NotifyRule::none);
  EXPECT_EQ(settings.rule_of("@ada lovelace : hilmi", "Hilmi"), NotifyRule::none);
  EXPECT_EQ(settings.rule_of("lobby", "Hilmi"), NotifyRule::all) << "what [notifications] says";
  EXPECT_EQ(Settings().rule_of("@ada : hilmi", "Hilmi"), NotifyRule::all) << "each word there is for me";
  EXPECT_EQ(settings.highlights_of("dev", "Hilmi"), (std::vector<std::string>{"deploy", "on fire", "build"}));
  ASSERT_EQ(settings.servers.size(), 2U);
  EXPECT_EQ(settings.servers[0].rooms, (std::vector<std::string>{"dev", "lobby"}));
  EXPECT_TRUE(settings.servers[0].autoconnect);
  EXPECT_FALSE(settings.servers[1].autoconnect);
}

TEST(Settings, WhatIsWrongIsNamedWithItsLineAndTheRestCounts) {
  const std::string_view file =
      "theme = \"blue\"\n"
      "typing = false\n"
      "colour = 1\n"
      "[notifications]\n"
      "bell = \"loud\"\n"
      "bel = true\n"
      "desktop = \"osc9\"\n"
      "[keys]\n"
      "\"ctrl-x\" = \"foo\"\n"
      "\"hyper-x\" = \"yank\"\n"
      "\"alt-z\" = \"yank\"\n"
      "[room.\"no room\"]\n"
      "notify = \"all\"\n"
      "[panes]\n"
      "rooms_columns = 1000\n"
      "[[server]]\n"
      "name = \"Ada\"\n";
  EXPECT_EQ(problems_of(file),
            (Problems{
                "config.toml:1: theme: must be \"auto\"|\"dark\"|\"light\"",
                "config.toml:3: colour: no such setting",
                "config.toml:5: notifications.bell: must be true|false",
                "config.toml:6: notifications.bel: no such setting",
                "config.toml:9: keys.ctrl-x: no such action: foo",
                "config.toml:10: keys.hyper-x: no such key",
                "config.toml:12: room.\"no room\": A room's name is letters, digits, '-', '_' and '.' only.",
                "config.toml:15: panes.rooms_columns: must be 8 to 60",
                "config.toml:16: server: it has no link, and is left out",
            }));
  const Settings settings = parse_settings(file, "config.toml").settings;
  EXPECT_EQ(settings.theme, ThemeChoice::automatic);
  EXPECT_FALSE(settings.typing);
  EXPECT_EQ(settings.notifications.desktop, DesktopNotice::osc9);
  EXPECT_EQ(bound(settings, "alt-z"), term::Action::yank);
  EXPECT_TRUE(settings.servers.empty());
}

TEST(Settings, WhatIsOfAnotherKindIsWrong) {
  for (const char* line :
       {"theme = 1", "theme = [1]", "theme = 1979-05-27", "highlights = \"x\"", "highlights = [\"\"]",
        "ignore = [\"#x\"]", "keys = 1", "keys = {\"ctrl-x\" = 1}", "room = 1", "room.x = 1", "server = 1",
        "server = [1]", "colors.own-name = 256", "colors.own-name = -1", "colors.own-name = \"mauve\"",
        "notifications = 1", "typing = {}", "hooks.fifo = \"a\\nb\"", "server = [{link = \"confab://\"}]"}) {
    EXPECT_FALSE(problems_of(line).empty()) << line;
  }
}

TEST(Settings, ALineThatIsNoTomlIsNamedAndTheRestCounts) {
  const auto [settings, problems] =
      parse_settings("typing = false\ntheme = = \nname_columns_max = 1000\n", "config.toml");
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].line, 2U);
  EXPECT_TRUE(problems[0].text.starts_with("config.toml:2: ")) << problems[0].text;
  EXPECT_EQ(problems[1].line, 3U);
  EXPECT_FALSE(settings.typing);
  EXPECT_EQ(problems_of("\xff\x00\x1b[2J").size(), 1U);
}

TEST(Settings, NothingThatIsRepeatedCanMoveTheCursor) {
  for (const char* file : {"\"\\u001b[2J\" = 1", "keys.\"\\u001b\" = \"x\"", "keys.\"ctrl-x\" = \"\\u001b[2J\"",
                           "room.\"\\u001b\".notify = 1", "[keys]\n\"\x1b\" = 1"}) {
    for (const std::string& text : problems_of(file)) EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
  }
}

TEST(Settings, SetChangesTheRunAndSaysWhatWouldKeepIt) {
  Settings settings;
  EXPECT_EQ(settings_get(settings, "notifications.bell"), "true");
  EXPECT_EQ(settings_set(settings, "notifications.bell", "off"),
            "notifications.bell = false, for this run; config.toml is yours: bell = false in [notifications] keeps it");
  EXPECT_EQ(settings_get(settings, "notifications.bell"), "false");
  EXPECT_EQ(
      settings_set(settings, "theme", "light"),
      "theme = \"light\", for this run; config.toml is yours: theme = \"light\" above the first section keeps it");
  EXPECT_TRUE(settings_set(settings, "highlights", "deploy , on fire"));
  EXPECT_EQ(settings_get(settings, "highlights"), "[\"deploy\", \"on fire\"]");
  EXPECT_TRUE(settings_set(settings, "colors.own-name", "208"));
  EXPECT_EQ(settings_get(settings, "colors.own-name"), "208");
  EXPECT_TRUE(settings_set(settings, "room.Dev.notify", "none"));
  EXPECT_EQ(settings.rule_of("dev", "Hilmi"), NotifyRule::none);
  EXPECT_EQ(settings_get(settings, "room.dev.notify"), "\"none\"");
  EXPECT_EQ(settings_get(settings, "room.other.notify"), "\"default\"");
  EXPECT_TRUE(settings_set(settings, "keys.ctrl-x", "yank"));
  EXPECT_EQ(settings_get(settings, "keys.ctrl-x"), "\"yank\"");
  EXPECT_TRUE(settings_set(settings, "keys.ctrl-x", ""));
  EXPECT_EQ(settings_get(settings, "keys.ctrl-x"), "\"\"");
}

TEST(Settings, SetTakesWhatItShows) {
  Settings settings;
  settings.highlights = {"tea", "a \"b\", c"};
  settings.hooks.mention_command = "notify-send -- \"$CONFAB_NAME\"";
  settings.ignore = {"Ada Lovelace"};
  for (const SettingInfo& each : settings_list(settings)) {
    Settings other;
    EXPECT_TRUE(settings_set(other, each.key, each.value)) << each.key;
    EXPECT_EQ(settings_get(other, each.key), each.value) << each.key;
  }
  EXPECT_TRUE(settings_set(settings, "hooks.mention_command", "\"\""));
  EXPECT_EQ(settings.hooks.mention_command, "");
  EXPECT_TRUE(settings_set(settings, "keys.ctrl-x", "\"yank\""));
  EXPECT_EQ(bound(settings, "ctrl-x"), term::Action::yank);
  EXPECT_TRUE(settings_set(settings, "keys.ctrl-x", "\"\""));
  EXPECT_EQ(bound(settings, "ctrl-x"), std::nullopt);
  EXPECT_TRUE(settings_set(settings, "room.dev.notify", "\"all\""));
  EXPECT_TRUE(settings_set(settings, "colors.own-name", "\"red\""));
}

TEST(Settings, SetRefusesWithASentence) {
  Settings settings;
  EXPECT_EQ(settings_set(settings, "panes.rooms_columns", "1").error(), "panes.rooms_columns: must be 8 to 60");
  EXPECT_EQ(settings_set(settings, "nonsense", "1").error(), "there is no setting nonsense; /set lists them");
  EXPECT_EQ(settings_set(settings, "keys.ctrl-x", "foo").error(), "keys.ctrl-x: no such action: foo");
  EXPECT_FALSE(settings_set(settings, "room.dev.colour", "1"));
  EXPECT_FALSE(settings_set(settings, "room.dev", "1"));
  EXPECT_FALSE(settings_set(settings, "room.no room.notify", "all"));
  EXPECT_FALSE(settings_get(settings, "keys.nonsense"));
  EXPECT_EQ(settings.keys, term::screen_bindings());
}

TEST(Settings, WhatTheListShowsTheFileTakes) {
  const Settings defaults;
  std::string file;
  for (const SettingInfo& each : settings_list(defaults)) {
    file += each.key + " = " + each.value + "\n";
    EXPECT_FALSE(each.values.empty()) << each.key;
  }
  EXPECT_EQ(problems_of(file), Problems{});
}

TEST(Settings, AutoIsDarkUnlessTheTerminalSaysLight) {
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, ""), ThemeChoice::dark);
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, "15;0"), ThemeChoice::dark);
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, "0;15"), ThemeChoice::light);
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, "0;default;15"), ThemeChoice::light);
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, "12;8"), ThemeChoice::dark);
  EXPECT_EQ(resolve_theme(ThemeChoice::automatic, "nonsense"), ThemeChoice::dark);
  EXPECT_EQ(resolve_theme(ThemeChoice::light, "15;0"), ThemeChoice::light);
}

}  // namespace
}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
// docs/SETTINGS.md and the program name the same settings, actions and keys.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "prefs/settings.h"

namespace confab::prefs {
namespace {

std::string page() {
  std::ostringstream text;
  text << std::ifstream(CONFAB_SETTINGS_PAGE).rdbuf();
  return text.str();
}

/// All blocks of TOML behind one another, as a reader may put them into a file.
std::string examples() {
  const std::string text = page();
  constexpr std::string_view fence = "```toml\n";
  std::string all;
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    all += text.substr(at, text.find("```", at) - at);
  }
  return all;
}

/// With what stands there behind a '#' as an example; a comment has a blank behind it.
std::string with_all_examples() {
  std::istringstream lines(examples());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool is_example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += line.substr(is_example ? 1 : 0) + '\n';
  }
  return text;
}

TEST(SettingsPage, ItsExamplesAreWithoutProblemsAndOfDefaultsSaveForHooks) {
  const auto [settings, problems] = parse_settings(examples(), "SETTINGS.md");
  for (const SettingsProblem& problem : problems) ADD_FAILURE() << problem.text;
  const auto shown = settings_list(settings);
  const auto defaults = settings_list(Settings{});
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    const bool is_hook = defaults[i].key.starts_with("hooks.");
    EXPECT_EQ(shown[i].value == defaults[i].value, !is_hook) << defaults[i].key;
  }
  EXPECT_EQ(settings.keys, term::screen_bindings());
  EXPECT_TRUE(settings.servers.empty()) << "whoever takes the page as it is connects to nobody";
}

TEST(SettingsPage, WhatIsCommentedOutIsRightToo) {
  const auto [settings, problems] = parse_settings(with_all_examples(), "SETTINGS.md");
  for (const SettingsProblem& problem : problems) ADD_FAILURE() << problem.text;
  EXPECT_EQ(settings.servers.size(), 1U);
  EXPECT_EQ(settings.rooms.size(), 1U);
  EXPECT_NE(settings.keys, term::screen_bindings());
}

TEST(SettingsPage, EverySettingIsInTheExamples) {
  const std::string text = '\n' + examples();
  for (const SettingInfo& each : settings_list(Settings{})) {
    const std::string name = each.key.substr(each.key.find('.') + 1);
    EXPECT_NE(text.find('\n' + name + " = "), std::string::npos) << each.key;
  }
}

TEST(SettingsPage, EveryActionStandsWithItsKeys) {
  const std::string text = page();
  for (const std::string_view name : term::action_names()) {
    std::string keys;
    for (const auto& [chord, action] : term::screen_bindings()) {
      if (term::to_string(action) == name) keys += (keys.empty() ? "`" : ", `") + term::to_string(chord) + '`';
    }
    const std::string row = "| `" + std::string(name) + "` | " + keys + (keys.empty() ? "| " : " | ");
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace confab::prefs

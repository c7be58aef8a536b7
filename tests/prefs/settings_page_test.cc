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

/// The first block of TOML.
std::string example() {
  const std::string text = page();
  constexpr std::string_view fence = "```toml\n";
  const std::size_t start = text.find(fence) + fence.size();
  return text.substr(start, text.find("```", start) - start);
}

TEST(SettingsPage, ItsExampleIsWithoutProblemsAndOfDefaults) {
  const auto [settings, problems] = parse_settings(example(), "SETTINGS.md");
  for (const SettingsProblem& problem : problems) ADD_FAILURE() << problem.text;
  const auto shown = settings_list(settings);
  const auto defaults = settings_list(Settings{});
  for (std::size_t i = 0; i < defaults.size(); ++i) EXPECT_EQ(shown[i].value, defaults[i].value) << defaults[i].key;
  EXPECT_EQ(settings.servers.size(), 1U);
  EXPECT_EQ(settings.rooms.size(), 1U);
}

TEST(SettingsPage, EverySettingIsInTheExample) {
  const std::string text = '\n' + example();
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

// SPDX-License-Identifier: MIT
#include "prefs/set_command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "prefs/typed_value.h"

namespace confab::prefs {

namespace {

/// A key, or with a dot at its end all that begin so.
constexpr std::array<std::string_view, 8> of_line_mode = {
    "paste_question_lines",  "highlights", "ignore", "notifications.bell", "notifications.rule",
    "hooks.mention_command", "keys.",      "room."};

bool counts_in(Mode mode, std::string_view key) {
  return mode == Mode::screen || std::ranges::any_of(of_line_mode, [key](std::string_view each) {
           return each.ends_with('.') ? key.starts_with(each) : key == each;
         });
}

/// A key bound to it would do nothing.
bool is_of_screen(Mode mode, std::string_view key, std::string_view value) {
  const auto action = key.starts_with("keys.") ? term::parse_action(value) : std::nullopt;
  return mode == Mode::line && action && !term::is_editing(*action);
}

std::string list_text(const Settings& settings, Mode mode) {
  std::string text = "settings (docs/SETTINGS.md says more):";
  for (const SettingInfo& info : settings_list(settings)) {
    if (counts_in(mode, info.key)) text += fmt::format("\n{} = {}", info.key, info.value);
  }
  return text;
}

}  // namespace

Settings default_settings(Mode mode) {
  Settings settings;
  if (mode == Mode::line) settings.keys = term::default_bindings();
  return settings;
}

std::vector<std::string> setting_keys(Mode mode) {
  std::vector<std::string> keys;
  for (SettingInfo& info : settings_list(Settings{})) {
    if (counts_in(mode, info.key)) keys.push_back(std::move(info.key));
  }
  return keys;
}

std::expected<std::string, std::string> run_set(Settings& settings, Mode mode, std::string_view argument) {
  if (argument.empty()) return list_text(settings, mode);
  const std::size_t blank = argument.find(' ');
  const std::string_view key = argument.substr(0, blank);
  const auto value = settings_get(settings, key);
  if (value && !counts_in(mode, key)) {
    return std::unexpected(fmt::format("{} is for the full screen alone", base::clean_line(key)));
  }
  if (blank != std::string_view::npos) {
    const std::string_view words = argument.substr(blank + 1);
    if (const std::string text = typed_string(words); is_of_screen(mode, key, text)) {
      return std::unexpected(fmt::format("{} is for the full screen alone", text));
    }
    return settings_set(settings, key, words);
  }
  if (!value) return value;
  return fmt::format("{} = {}", key, *value);
}

}  // namespace confab::prefs

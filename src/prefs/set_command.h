// SPDX-License-Identifier: MIT
// `/set`, on the screen and in line mode.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "prefs/settings.h"

namespace confab::prefs {

/// Where settings are asked for. Line mode has no panes, colours or columns: of such a setting it says so.
enum class Mode : std::uint8_t { screen, line };

/// What settings are before the file is read. The keys are those of the mode.
Settings default_settings(Mode mode);

/// The keys that are of use there, as settings_list() has them.
std::vector<std::string> setting_keys(Mode mode);

/// `argument` as behind /set: `[KEY [VALUE]]`. Answers what a person is to read: all settings a line each, one of them,
/// or what was changed. The error is a sentence for people.
std::expected<std::string, std::string> run_set(Settings& settings, Mode mode, std::string_view argument);

}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
// One row a setting: where it is kept, what it may be, what it is for. Whatever reads, shows or changes settings goes
// through these rows.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "prefs/settings.h"
#include "term/style.h"

namespace confab::prefs {

/// A setting as TOML has it, and as it is read from what a person types.
using SettingValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

using Strings = std::vector<std::string>;

/// Where a setting is kept in its owner; the type says what it may be.
template <typename Owner>
using SettingPlace =
    std::variant<bool& (*)(Owner&), std::size_t& (*)(Owner&), std::string& (*)(Owner&), Strings& (*)(Owner&),
                 ThemeChoice& (*)(Owner&), Timestamps& (*)(Owner&), PaneWish& (*)(Owner&), DesktopNotice& (*)(Owner&),
                 NotifyRule& (*)(Owner&), std::optional<NotifyRule>& (*)(Owner&)>;

/// Brings one string into the form in which it is kept, or says what is wrong with it.
using StringCheck = std::expected<std::string, std::string> (*)(const std::string& text);

template <typename Owner>
struct SettingRow {
  std::string_view key;  ///< with its section: "notifications.bell"
  SettingPlace<Owner> place;
  std::string_view help;
  std::size_t min = 0;  ///< of a number
  std::size_t max = 0;
  StringCheck check = nullptr;  ///< of a string, and of each in a list; none: any clean line

  /// The error says what it may be.
  std::expected<void, std::string> put(Owner& owner, const SettingValue& value) const;
  /// What was typed, as the value it would be in the file.
  SettingValue from_words(std::string_view words) const;
  /// As in the file.
  std::string to_toml(const Owner& owner) const;
  /// What it may be, for people.
  std::string values() const;
};

extern template struct SettingRow<Settings>;
extern template struct SettingRow<RoomSettings>;
extern template struct SettingRow<ServerSettings>;

std::span<const SettingRow<Settings>> setting_rows();
std::span<const SettingRow<RoomSettings>> room_rows();
std::span<const SettingRow<ServerSettings>> server_rows();

template <typename Owner>
const SettingRow<Owner>* find_row(std::span<const SettingRow<Owner>> rows, std::string_view key) {
  for (const SettingRow<Owner>& row : rows) {
    if (row.key == key) return &row;
  }
  return nullptr;
}

/// A room's name in settings: canonical; "@NAME" for the direct room with somebody.
std::expected<std::string, std::string> canonical_room_key(const std::string& text);

/// A colour as [colors] has it: a name, an index, or "default" (nullopt within). The error says what it may be.
std::expected<std::optional<term::Color>, std::string> parse_color(const SettingValue& value);
std::string to_toml(term::Color color);
inline constexpr std::string_view color_values = "a colour's name, 0 to 255 or \"default\"";

/// "text" with what TOML wants escaped.
std::string quote_toml(std::string_view text);

}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
// What a person can set: config.toml, and /set for the run. docs/SETTINGS.md shows every key; the tables that drive
// parsing, /set, completion and that page are in prefs/settings_table.cc.
//
//   file     = TOML: scalars, sections of scalars, and
//              [colors]        ROLE = "green" / 0..255 / "default", the theme's; roles as in prefs/look.h
//              [keys]          "CHORD" = "ACTION"; "" unbinds
//              [room."NAME"]   notify, highlights
//              [[server]]      link, name, rooms, autoconnect
//
// A wrong setting is named with its place and keeps its default, a line that is no TOML is named and left out; the rest
// of the file counts. The file is the user's: it is read, never written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prefs/look.h"
#include "term/bindings.h"
#include "term/style.h"

namespace confab::prefs {

enum class ThemeChoice : std::uint8_t { automatic, dark, light };
/// Of which messages of a room a person is told.
enum class NotifyRule : std::uint8_t { all, mentions, none };
/// How a desktop notice is asked for: by what the terminal is known to read, one of the two sequences, or not.
enum class DesktopNotice : std::uint8_t { automatic, osc9, osc777, off };

struct NotificationSettings {
  bool bell = true;
  DesktopNotice desktop = DesktopNotice::automatic;
  NotifyRule rule = NotifyRule::mentions;  ///< of rooms that have none of their own
};

struct PaneSettings {
  PaneWish rooms = PaneWish::fitting;
  std::size_t rooms_columns = 18;
  PaneWish members = PaneWish::fitting;
  std::size_t members_columns = 18;
};

struct HookSettings {
  std::string mention_command;  ///< for /bin/sh; empty: none
  std::string fifo;             ///< path; empty: none
};

struct RoomSettings {
  std::optional<NotifyRule> notify;
  std::vector<std::string> highlights;  ///< beside those for all rooms
};

struct ServerSettings {
  std::string link;                ///< as on the command line
  std::string name;                ///< empty: the remembered one
  std::vector<std::string> rooms;  ///< canonical; empty: the link's, else the lobby
  bool autoconnect = true;
};

/// A value: nothing in it is shared.
struct Settings {
  ThemeChoice theme = ThemeChoice::automatic;
  std::map<Role, term::Color> colors;  ///< where they are not the theme's
  Timestamps timestamps = Timestamps::minutes;
  std::size_t name_columns_max = 16;     ///< longer names are cut on the screen
  std::size_t paste_question_lines = 5;  ///< a paste of more lines is asked about; 0: never
  bool typing = true;                    ///< says that one is typing
  std::vector<std::string> highlights;   ///< words and phrases beside one's own name
  std::vector<std::string> ignore;       ///< names
  NotificationSettings notifications;
  PaneSettings panes;
  HookSettings hooks;
  term::Bindings keys = term::screen_bindings();
  std::map<std::string, RoomSettings> rooms;  ///< by name; the direct room with Ada is "@ada"
  std::vector<ServerSettings> servers;

  /// Of the room, named as in events. A direct room is set by its other person, and told of entirely unless it is set.
  NotifyRule rule_of(const std::string& room, std::string_view own_name) const;
  /// Those for all rooms and those of the room.
  std::vector<std::string> highlights_of(const std::string& room, std::string_view own_name) const;
};

struct SettingsProblem {
  std::size_t line = 0;    ///< from 1
  std::size_t column = 0;  ///< likewise
  std::string text;        ///< a sentence for people, the file and line before it
};

struct ParsedSettings {
  Settings settings;
  std::vector<SettingsProblem> problems;  ///< in the order of the file
};

/// Any bytes. A file that is hardly TOML at all is one problem and all defaults.
/// What it does not say is as in `defaults`.
ParsedSettings parse_settings(std::string_view toml, std::string_view file_name, Settings defaults = {});

/// For /set. Beside the keys of settings_list() there are `keys.CHORD`, `room.NAME.notify` and `room.NAME.highlights`.
/// The error is a sentence for people.
std::expected<std::string, std::string> settings_get(const Settings& settings, std::string_view key);
/// `value` as a person types it (prefs/typed_value.h) or as settings_get() has it. Answers a sentence that says what it
/// is now and which line in config.toml would keep it.
std::expected<std::string, std::string> settings_set(Settings& settings, std::string_view key, std::string_view value);

struct SettingInfo {
  std::string key;
  std::string value;   ///< as in the file
  std::string values;  ///< what it may be: "true|false", "4 to 40", "text"
  std::string help;
};
std::vector<SettingInfo> settings_list(const Settings& settings);

/// What "auto" is on this terminal, by the COLORFGBG that some set ("15;0": light on dark).
ThemeChoice resolve_theme(ThemeChoice theme, std::string_view colorfgbg);

}  // namespace confab::prefs

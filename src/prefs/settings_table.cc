// SPDX-License-Identifier: MIT
#include "prefs/settings_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "prefs/typed_value.h"
#include "wire/link.h"
#include "wire/names.h"

namespace confab::prefs {

namespace {

/// What a choice is called in the file.
template <typename Choice>
constexpr auto words_of = nullptr;
template <>
constexpr std::array words_of<ThemeChoice>{std::pair{"auto", ThemeChoice::automatic},
                                           std::pair{"dark", ThemeChoice::dark},
                                           std::pair{"light", ThemeChoice::light}};
template <>
constexpr std::array words_of<Timestamps>{std::pair{"HH:MM", Timestamps::minutes},
                                          std::pair{"HH:MM:SS", Timestamps::seconds},
                                          std::pair{"none", Timestamps::none}};
template <>
constexpr std::array words_of<PaneWish>{std::pair{"auto", PaneWish::fitting}, std::pair{"always", PaneWish::always},
                                        std::pair{"never", PaneWish::never}};
template <>
constexpr std::array words_of<DesktopNotice>{
    std::pair{"auto", DesktopNotice::automatic}, std::pair{"osc9", DesktopNotice::osc9},
    std::pair{"osc777", DesktopNotice::osc777}, std::pair{"off", DesktopNotice::off}};
template <>
constexpr std::array words_of<NotifyRule>{std::pair{"all", NotifyRule::all},
                                          std::pair{"mentions", NotifyRule::mentions},
                                          std::pair{"none", NotifyRule::none}};

constexpr std::array<std::string_view, 16> color_names{
    "black",       "red",         "green",      "yellow",       "blue",          "magenta",     "cyan",
    "white",       "gray",        "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
    "bright-cyan", "bright-white"};
/// The theme's colour, the rule that holds everywhere.
constexpr std::string_view default_word = "default";

template <typename T>
concept Choice = std::is_enum_v<T>;

// What was given, put into its place; false where it is of another kind.

bool assign(bool& place, const SettingValue& value) {
  const bool* flag = std::get_if<bool>(&value);
  if (flag != nullptr) place = *flag;
  return flag != nullptr;
}

template <Choice T>
bool assign(T& place, const SettingValue& value) {
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr) return false;
  for (const auto& [name, choice] : words_of<T>) {
    if (*word != name) continue;
    place = choice;
    return true;
  }
  return false;
}

template <Choice T>
bool assign(std::optional<T>& place, const SettingValue& value) {
  const auto* word = std::get_if<std::string>(&value);
  if (word != nullptr && *word == default_word) {
    place.reset();
    return true;
  }
  T choice{};
  if (!assign(choice, value)) return false;
  place = choice;
  return true;
}

// As in the file.

std::string show(bool value) { return value ? "true" : "false"; }
std::string show(std::size_t value) { return fmt::format("{}", value); }
std::string show(const std::string& value) { return quote_toml(value); }
std::string show(const Strings& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + quote_toml(value);
  return '[' + text + ']';
}
template <Choice T>
std::string show(T value) {
  const auto* const word =
      std::ranges::find_if(words_of<T>, [value](const auto& entry) { return entry.second == value; });
  return quote_toml(word->first);
}
template <Choice T>
std::string show(const std::optional<T>& value) {
  return value ? show(*value) : quote_toml(default_word);
}

template <typename T>
struct Type {};

template <Choice T>
std::string choices(Type<T>) {
  std::string text;
  for (const auto& entry : words_of<T>) text += (text.empty() ? "" : "|") + quote_toml(entry.first);
  return text;
}
template <Choice T>
std::string choices(Type<std::optional<T>>) {
  return choices(Type<T>{}) + '|' + quote_toml(default_word);
}

std::expected<std::string, std::string> check_string(StringCheck check, const std::string& text) {
  if (check != nullptr) return check(text);
  if (base::clean_line(text) != text) return std::unexpected("must be one line of readable text");
  return text;
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::expected<std::string, std::string> check_name(const std::string& text) { return wire::canonical_name(text); }

std::expected<std::string, std::string> check_highlight(const std::string& text) {
  if (trimmed(text).empty() || base::clean_line(text) != text) return std::unexpected("an empty highlight, or no text");
  return trimmed(text);
}

std::expected<std::string, std::string> check_link(const std::string& text) {
  if (const auto link = wire::parse_link(text); !link) return std::unexpected(link.error());
  return text;
}

using Setting = SettingRow<Settings>;

// NOLINTBEGIN(cppcoreguidelines-pro-type-member-init): what is left out has its default
constexpr std::array settings_table{
    Setting{"theme", +[](Settings& s) -> ThemeChoice& { return s.theme; }, "colours for a dark or a light background"},
    Setting{"timestamps", +[](Settings& s) -> Timestamps& { return s.timestamps; }, "the time before each line"},
    Setting{"name_columns_max", +[](Settings& s) -> std::size_t& { return s.name_columns_max; },
            "cells that a name may take", 4, 40},
    Setting{"paste_question_lines", +[](Settings& s) -> std::size_t& { return s.paste_question_lines; },
            "a paste of more lines is asked about; 0: never", 0, 10'000},
    Setting{"typing", +[](Settings& s) -> bool& { return s.typing; }, "others see that you are typing"},
    Setting{"highlights", +[](Settings& s) -> Strings& { return s.highlights; },
            "words and phrases that count as your name does", 0, 0, &check_highlight},
    Setting{"ignore", +[](Settings& s) -> Strings& { return s.ignore; }, "names of whom nothing is shown", 0, 0,
            &check_name},
    Setting{"notifications.bell", +[](Settings& s) -> bool& { return s.notifications.bell; },
            "ring the terminal's bell"},
    Setting{"notifications.desktop", +[](Settings& s) -> DesktopNotice& { return s.notifications.desktop; },
            "notices on the desktop, by the terminal's sequence"},
    Setting{"notifications.rule", +[](Settings& s) -> NotifyRule& { return s.notifications.rule; },
            "of which messages you are told"},
    Setting{"panes.rooms", +[](Settings& s) -> PaneWish& { return s.panes.rooms; }, "the list of rooms"},
    Setting{"panes.rooms_columns", +[](Settings& s) -> std::size_t& { return s.panes.rooms_columns; }, "its width", 8,
            60},
    Setting{"panes.members", +[](Settings& s) -> PaneWish& { return s.panes.members; }, "the list of members"},
    Setting{"panes.members_columns", +[](Settings& s) -> std::size_t& { return s.panes.members_columns; }, "its width",
            8, 60},
    Setting{"hooks.mention_command", +[](Settings& s) -> std::string& { return s.hooks.mention_command; },
            "run by /bin/sh for each mention; empty: none"},
    Setting{"hooks.fifo", +[](Settings& s) -> std::string& { return s.hooks.fifo; },
            "a FIFO whose lines are sent as messages; empty: none"},
};

constexpr std::array rooms_table{
    SettingRow<RoomSettings>{"notify", +[](RoomSettings& r) -> std::optional<NotifyRule>& { return r.notify; },
                             "of which messages of the room you are told"},
    SettingRow<RoomSettings>{"highlights", +[](RoomSettings& r) -> Strings& { return r.highlights; },
                             "further highlights in this room", 0, 0, &check_highlight},
};

constexpr std::array servers_table{
    SettingRow<ServerSettings>{"link", +[](ServerSettings& s) -> std::string& { return s.link; },
                               "confab://... or HOST[:PORT]", 0, 0, &check_link},
    SettingRow<ServerSettings>{"name", +[](ServerSettings& s) -> std::string& { return s.name; }, "your name there", 0,
                               0, &check_name},
    SettingRow<ServerSettings>{"rooms", +[](ServerSettings& s) -> Strings& { return s.rooms; }, "the rooms to join", 0,
                               0, &canonical_room_key},
    SettingRow<ServerSettings>{"autoconnect", +[](ServerSettings& s) -> bool& { return s.autoconnect; },
                               "connect at the start"},
};
// NOLINTEND(cppcoreguidelines-pro-type-member-init)

}  // namespace

std::expected<std::string, std::string> canonical_room_key(const std::string& text) {
  if (!text.starts_with('@')) return wire::canonical_room(text);
  auto name = wire::canonical_name(text.substr(1));
  if (name) *name = '@' + base::fold_case(*name);
  return name;
}

std::expected<std::optional<term::Color>, std::string> parse_color(const SettingValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr && *number >= 0 && *number < 256) {
    return term::Color{static_cast<std::int16_t>(*number)};
  }
  if (const auto* name = std::get_if<std::string>(&value)) {
    if (*name == default_word) return std::nullopt;
    const auto* const found = std::ranges::find(color_names, *name);
    if (found != color_names.end()) return term::Color{static_cast<std::int16_t>(found - color_names.begin())};
  }
  return std::unexpected(fmt::format("must be {}", color_values));
}

std::string to_toml(term::Color color) {
  const auto index = static_cast<std::size_t>(color.index);
  return index < color_names.size() ? quote_toml(color_names[index]) : fmt::format("{}", index);
}

std::string quote_toml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

template <typename Owner>
std::expected<void, std::string> SettingRow<Owner>::put(Owner& owner, const SettingValue& value) const {
  const auto bad_kind = [this] { return std::unexpected(fmt::format("must be {}", values())); };
  const auto put_into = [&]<typename T>(T& (*where)(Owner&)) -> std::expected<void, std::string> {
    T& kept = where(owner);
    if constexpr (std::same_as<T, std::size_t>) {
      const auto* number = std::get_if<std::int64_t>(&value);
      if (number == nullptr || std::cmp_less(*number, min) || std::cmp_greater(*number, max)) return bad_kind();
      kept = static_cast<std::size_t>(*number);
    } else if constexpr (std::same_as<T, std::string>) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) return bad_kind();
      auto checked = check_string(check, *text);
      if (!checked) return std::unexpected(checked.error());
      kept = std::move(*checked);
    } else if constexpr (std::same_as<T, Strings>) {
      const auto* texts = std::get_if<Strings>(&value);
      if (texts == nullptr) return bad_kind();
      Strings all;
      for (const std::string& text : *texts) {
        auto checked = check_string(check, text);
        if (!checked) return std::unexpected(checked.error());
        all.push_back(std::move(*checked));
      }
      kept = std::move(all);
    } else if (!assign(kept, value)) {
      return bad_kind();
    }
    return {};
  };
  return std::visit(put_into, place);
}

template <typename Owner>
SettingValue SettingRow<Owner>::from_words(std::string_view words) const {
  const std::string text = typed_string(words);
  const auto read = [&]<typename T>(T& (*)(Owner&)) -> SettingValue {
    if constexpr (std::same_as<T, bool>) {
      if (text == "true" || text == "on" || text == "yes") return true;
      if (text == "false" || text == "off" || text == "no") return false;
    } else if constexpr (std::same_as<T, Strings>) {
      return typed_list(words);
    } else if constexpr (std::same_as<T, std::size_t>) {
      if (const auto number = to_number(text)) return *number;
    }
    return text;
  };
  return std::visit(read, place);
}

template <typename Owner>
std::string SettingRow<Owner>::to_toml(const Owner& owner) const {
  Owner copy = owner;  // places are for those who change something, too
  return std::visit([&](auto where) { return show(where(copy)); }, place);
}

template <typename Owner>
std::string SettingRow<Owner>::values() const {
  const auto describe = [&]<typename T>(T& (*)(Owner&)) -> std::string {
    if constexpr (std::same_as<T, bool>) return "true|false";
    if constexpr (std::same_as<T, std::size_t>) return fmt::format("{} to {}", min, max);
    if constexpr (std::same_as<T, std::string>) return "\"text\"";
    if constexpr (std::same_as<T, Strings>) return "[\"text\", ...]";
    if constexpr (requires { choices(Type<T>{}); }) return choices(Type<T>{});
  };
  return std::visit(describe, place);
}

template struct SettingRow<Settings>;
template struct SettingRow<RoomSettings>;
template struct SettingRow<ServerSettings>;

std::span<const SettingRow<Settings>> setting_rows() { return settings_table; }
std::span<const SettingRow<RoomSettings>> room_rows() { return rooms_table; }
std::span<const SettingRow<ServerSettings>> server_rows() { return servers_table; }

}  // namespace confab::prefs

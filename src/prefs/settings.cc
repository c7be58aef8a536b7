// SPDX-License-Identifier: MIT
#include "prefs/settings.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"
#include "prefs/mended_toml.h"
#include "prefs/settings_table.h"
#include "prefs/typed_value.h"
#include "wire/names.h"

namespace confab::prefs {

namespace {

/// nullopt for what no setting is: dates, fractions, lists of anything but strings.
std::optional<SettingValue> to_value(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  Strings texts;
  for (const toml::node& element : *array) {
    const auto* text = element.as_string();
    if (text == nullptr) return std::nullopt;
    texts.push_back(text->get());
  }
  return texts;
}

/// A key of TOML as it stands in a file: bare where it can be.
std::string quote_key(std::string_view key) {
  const bool bare = !key.empty() && key.find_first_not_of(
                                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-_") == std::string_view::npos;
  return bare ? std::string(key) : quote_toml(base::clean_line(key));
}

std::expected<void, std::string> bind_key(term::Bindings& keys, std::string_view chord_name,
                                          std::string_view action_name) {
  const auto chord = term::parse_chord(chord_name);
  if (!chord) return std::unexpected("no such key");
  if (action_name.empty()) {
    keys.erase(*chord);
    return {};
  }
  const auto action = term::parse_action(action_name);
  if (!action) return std::unexpected(fmt::format("no such action: {}", base::clean_line(action_name)));
  keys.insert_or_assign(*chord, *action);
  return {};
}

std::expected<void, std::string> set_color(Settings& settings, std::string_view role_name, const SettingValue& value) {
  const auto role = parse_role(role_name);
  if (!role) return std::unexpected("no such setting");
  const auto color = parse_color(value);
  if (!color) return std::unexpected(color.error());
  settings.colors.erase(*role);
  if (*color) settings.colors.emplace(*role, **color);
  return {};
}

std::string color_of(const Settings& settings, Role role) {
  const auto found = settings.colors.find(role);
  return found == settings.colors.end() ? quote_toml("default") : to_toml(found->second);
}

/// Goes through a file and takes what is right.
class Reader {
 public:
  Reader(std::string_view file_name, Settings defaults) : file_name_(file_name) {
    parsed_.settings = std::move(defaults);
  }

  void read(const toml::table& file) {
    for (const auto& [key, node] : file) {
      if (key == "keys") {
        read_keys(node);
      } else if (key == "colors") {
        read_colors(node);
      } else if (key == "room") {
        read_rooms(node);
      } else if (key == "server") {
        read_servers(node);
      } else if (const auto* section = node.as_table(); section != nullptr && is_section(key.str())) {
        for (const auto& [inner, value] : *section) {
          read_row(setting_rows(), fmt::format("{}.{}", key.str(), inner.str()), value, parsed_.settings, {});
        }
      } else {
        read_row(setting_rows(), key.str(), node, parsed_.settings, {});
      }
    }
  }

  void complain(const toml::source_position& place, std::string_view text) {
    const std::size_t line = place.line;
    parsed_.problems.push_back({line, place.column, fmt::format("{}:{}: {}", file_name_, line, text)});
  }

  /// The table is sorted by its keys; problems are told as they stand in the file.
  ParsedSettings finish() {
    std::ranges::sort(parsed_.problems, {}, [](const SettingsProblem& problem) {
      return std::tie(problem.line, problem.column, problem.text);
    });
    return std::move(parsed_);
  }

 private:
  void complain(const toml::node& node, std::string_view key, std::string_view text) {
    complain(node.source().begin, fmt::format("{}: {}", key, text));
  }

  static bool is_section(std::string_view name) {
    return std::ranges::any_of(setting_rows(), [&](const auto& row) {
      return row.key.starts_with(name) && row.key.substr(name.size()).starts_with('.');
    });
  }

  /// `prefix` is what stands before the key when it is complained about.
  template <typename Owner>
  void read_row(std::span<const SettingRow<Owner>> rows, std::string_view key, const toml::node& node, Owner& owner,
                const std::string& prefix) {
    const std::string shown = prefix + base::clean_line(key);
    const SettingRow<Owner>* row = find_row(rows, key);
    if (row == nullptr) return complain(node, shown, "no such setting");
    const auto value = to_value(node);
    if (!value) return complain(node, shown, fmt::format("must be {}", row->values()));
    if (const auto put = row->put(owner, *value); !put) complain(node, shown, put.error());
  }

  void read_keys(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return complain(node, "keys", "must be a section: [keys]");
    for (const auto& [chord, action] : *table) {
      const std::string shown = fmt::format("keys.{}", quote_key(chord.str()));
      const auto* name = action.as_string();
      if (name == nullptr) {
        complain(action, shown, "must be an action's name, or \"\" for none");
      } else if (const auto bound = bind_key(parsed_.settings.keys, chord.str(), name->get()); !bound) {
        complain(action, shown, bound.error());
      }
    }
  }

  void read_colors(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return complain(node, "colors", "must be a section: [colors]");
    for (const auto& [role, color] : *table) {
      const auto value = to_value(color);
      const auto set = set_color(parsed_.settings, role.str(), value.value_or(Strings{}));
      if (!set) complain(color, fmt::format("colors.{}", quote_key(role.str())), set.error());
    }
  }

  void read_rooms(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return complain(node, "room", "must be sections: [room.\"NAME\"]");
    for (const auto& [name, section] : *table) {
      const std::string shown = fmt::format("room.{}", quote_key(name.str()));
      const auto room = canonical_room_key(std::string(name.str()));
      const auto* settings = section.as_table();
      if (!room || settings == nullptr) {
        complain(section, shown, room ? "must be a section: [room.\"NAME\"]" : room.error());
        continue;
      }
      RoomSettings& kept = parsed_.settings.rooms[*room];
      for (const auto& [key, value] : *settings) read_row(room_rows(), key.str(), value, kept, shown + '.');
    }
  }

  void read_servers(const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr || !array->is_homogeneous<toml::table>()) {
      return complain(node, "server", "must be sections: [[server]]");
    }
    for (const toml::node& element : *array) {
      ServerSettings server;
      for (const auto& [key, value] : *element.as_table()) read_row(server_rows(), key.str(), value, server, "server.");
      if (server.link.empty()) {
        complain(element, "server", "it has no link, and is left out");
      } else {
        parsed_.settings.servers.push_back(std::move(server));
      }
    }
  }

  std::string file_name_;
  ParsedSettings parsed_;
};

/// Where the words of /set point to: a row and its owner, and how the file would say it.
struct RoomKey {
  std::string room;
  std::string_view key;
};

std::expected<RoomKey, std::string> split_room_key(std::string_view rest) {
  const std::size_t dot = rest.rfind('.');
  if (dot == std::string_view::npos) return std::unexpected("room.NAME.notify or room.NAME.highlights");
  auto room = canonical_room_key(std::string(rest.substr(0, dot)));
  if (!room) return std::unexpected(std::move(room).error());
  return RoomKey{std::move(*room), rest.substr(dot + 1)};
}

std::string no_such_setting(std::string_view key) {
  return fmt::format("there is no setting {}; /set lists them", base::clean_line(key));
}

constexpr std::string_view keys_prefix = "keys.";
constexpr std::string_view colors_prefix = "colors.";
constexpr std::string_view room_prefix = "room.";

std::string key_line(const Settings& settings, std::string_view chord_name, const term::KeyChord& chord) {
  const auto bound = settings.keys.find(chord);
  return fmt::format("{} = {}", quote_key(chord_name),
                     quote_toml(bound == settings.keys.end() ? std::string_view() : term::to_string(bound->second)));
}

/// "panes.rooms", "true" as lines of the file.
std::string kept_by(std::string_view key, std::string_view value) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return fmt::format("{} = {} above the first section", key, value);
  return fmt::format("{} = {} in [{}]", key.substr(dot + 1), value, key.substr(0, dot));
}

std::string changed(std::string_view key, std::string_view value, std::string_view line) {
  return fmt::format("{} = {}, for this run; config.toml is yours: {} keeps it", key, value, line);
}

std::expected<std::string, std::string> set_key(Settings& settings, std::string_view name, std::string_view words) {
  if (const auto bound = bind_key(settings.keys, name, typed_string(words)); !bound) {
    return std::unexpected(fmt::format("keys.{}: {}", quote_key(name), bound.error()));
  }
  const std::string line = key_line(settings, name, *term::parse_chord(name));
  return fmt::format("{}, for this run; config.toml is yours: the same line in [keys] keeps it", line);
}

std::expected<std::string, std::string> set_role(Settings& settings, std::string_view name, std::string_view words) {
  const std::string text = typed_string(words);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  const SettingValue value = is_number ? SettingValue(std::int64_t{number}) : SettingValue(text);
  const std::string key = fmt::format("colors.{}", base::clean_line(name));
  if (const auto set = set_color(settings, name, value); !set) {
    return std::unexpected(fmt::format("{}: {}", key, set.error()));
  }
  const std::string color = color_of(settings, *parse_role(name));
  return changed(key, color, kept_by(key, color));
}

std::expected<std::string, std::string> set_in_room(Settings& settings, std::string_view rest, std::string_view value) {
  const auto where = split_room_key(rest);
  if (!where) return std::unexpected(where.error());
  const auto* row = find_row(room_rows(), where->key);
  if (row == nullptr) return std::unexpected(no_such_setting("room." + std::string(rest)));
  RoomSettings room = settings.rooms[where->room];
  if (const auto put = row->put(room, row->from_words(value)); !put) {
    return std::unexpected(fmt::format("room.{}: {}", rest, put.error()));
  }
  settings.rooms[where->room] = room;
  const std::string text = row->to_toml(room);
  return changed(fmt::format("room.{}.{}", where->room, row->key), text,
                 fmt::format("{} = {} in [room.{}]", row->key, text, quote_key(where->room)));
}

const RoomSettings* find_room(const Settings& settings, const std::string& room, std::string_view own_name) {
  const auto peer = wire::direct_peer(room, own_name);
  const auto found = settings.rooms.find(peer ? '@' + *peer : room);
  return found == settings.rooms.end() ? nullptr : &found->second;
}

}  // namespace

NotifyRule Settings::rule_of(const std::string& room, std::string_view own_name) const {
  const NotifyRule otherwise = wire::is_direct(room) ? NotifyRule::all : notifications.rule;
  const RoomSettings* own = find_room(*this, room, own_name);
  return own == nullptr ? otherwise : own->notify.value_or(otherwise);
}

std::vector<std::string> Settings::highlights_of(const std::string& room, std::string_view own_name) const {
  std::vector<std::string> all = highlights;
  if (const RoomSettings* own = find_room(*this, room, own_name); own != nullptr) {
    all.insert(all.end(), own->highlights.begin(), own->highlights.end());
  }
  return all;
}

ParsedSettings parse_settings(std::string_view toml, std::string_view file_name, Settings defaults) {
  Reader reader(file_name, std::move(defaults));
  const MendedToml mended = parse_mended(toml);
  for (const TomlProblem& each : mended.problems) reader.complain(each.place, each.text);
  reader.read(mended.table);
  return reader.finish();
}

std::expected<std::string, std::string> settings_get(const Settings& settings, std::string_view key) {
  if (const auto* row = find_row(setting_rows(), key)) return row->to_toml(settings);
  if (key.starts_with(keys_prefix)) {
    const std::string_view name = key.substr(keys_prefix.size());
    const auto chord = term::parse_chord(name);
    if (!chord) return std::unexpected(fmt::format("there is no key {}", base::clean_line(name)));
    const auto bound = settings.keys.find(*chord);
    return quote_toml(bound == settings.keys.end() ? std::string_view() : term::to_string(bound->second));
  }
  if (key.starts_with(colors_prefix)) {
    const auto role = parse_role(key.substr(colors_prefix.size()));
    if (!role) return std::unexpected(no_such_setting(key));
    return color_of(settings, *role);
  }
  if (key.starts_with(room_prefix)) {
    const auto where = split_room_key(key.substr(room_prefix.size()));
    if (!where) return std::unexpected(where.error());
    const auto* row = find_row(room_rows(), where->key);
    if (row == nullptr) return std::unexpected(no_such_setting(key));
    const auto found = settings.rooms.find(where->room);
    return row->to_toml(found == settings.rooms.end() ? RoomSettings{} : found->second);
  }
  return std::unexpected(no_such_setting(key));
}

std::expected<std::string, std::string> settings_set(Settings& settings, std::string_view key, std::string_view value) {
  if (key.starts_with(keys_prefix)) return set_key(settings, key.substr(keys_prefix.size()), value);
  if (key.starts_with(colors_prefix)) return set_role(settings, key.substr(colors_prefix.size()), value);
  if (key.starts_with(room_prefix)) return set_in_room(settings, key.substr(room_prefix.size()), value);
  const auto* row = find_row(setting_rows(), key);
  if (row == nullptr) return std::unexpected(no_such_setting(key));
  if (const auto put = row->put(settings, row->from_words(value)); !put) {
    return std::unexpected(fmt::format("{}: {}", key, put.error()));
  }
  const std::string text = row->to_toml(settings);
  return changed(key, text, kept_by(key, text));
}

std::vector<SettingInfo> settings_list(const Settings& settings) {
  std::vector<SettingInfo> list;
  for (const auto& row : setting_rows()) {
    list.push_back({std::string(row.key), row.to_toml(settings), row.values(), std::string(row.help)});
  }
  for (std::size_t i = 0; i < role_count; ++i) {
    const auto role = static_cast<Role>(i);
    list.push_back(
        {fmt::format("colors.{}", to_string(role)), color_of(settings, role), std::string(color_values), {}});
  }
  return list;
}

ThemeChoice resolve_theme(ThemeChoice theme, std::string_view colorfgbg) {
  if (theme != ThemeChoice::automatic) return theme;
  const std::string_view background = colorfgbg.substr(colorfgbg.rfind(';') + 1);
  int index = 0;
  const auto [end, error] = std::from_chars(background.data(), background.data() + background.size(), index);
  if (error != std::errc() || end != background.data() + background.size()) return ThemeChoice::dark;
  // Of the 16 colours: white and what is bright, save for the bright black, which is a grey.
  return index == 7 || (index > 8 && index < 16) ? ThemeChoice::light : ThemeChoice::dark;
}

}  // namespace confab::prefs

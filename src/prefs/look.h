// SPDX-License-Identifier: MIT
// What of the screen's look can be chosen. How it is drawn is the screen's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::prefs {

enum class PaneWish : std::uint8_t {
  fitting,  ///< shown where the scrollback keeps enough columns
  always,   ///< shown, unless the screen would not hold the scrollback
  never
};

/// How much of a time stands before a line.
enum class Timestamps : std::uint8_t { minutes, seconds, none };

/// What settings can give a colour to, by these names: "own-name", "day-change" …
enum class Role : std::uint8_t {
  text,
  time,
  name,  ///< of others, where no colour of their own is wanted (monochrome)
  own_name,
  action,  ///< /me
  notice,  ///< from programs
  event,   ///< joins, leaves, topics: quiet
  note,    ///< what Confab itself says
  error,
  mention,    ///< the name of who mentions me
  highlight,  ///< the word that does
  link,
  reply,     ///< what a message answers, quoted
  edited,    ///< the mark behind an edited message
  redacted,  ///< what stands in place of one taken back
  reaction,
  pending,  ///< one's own line, not stored yet
  refused,
  day_change,
  unread_marker,
  search_hit,
  selected,  ///< the line that a command is about
  room,
  room_current,
  room_unread,
  room_mention,
  member,
  member_away,
  border,
  status,      ///< the status line
  status_bad,  ///< in it: offline, silence
  topic,
  prompt,
  input,
};
inline constexpr std::size_t role_count = static_cast<std::size_t>(Role::input) + 1;

/// As in settings: "day-change".
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view name);

}  // namespace confab::prefs

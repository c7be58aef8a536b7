// SPDX-License-Identifier: MIT
// What each thing on the screen looks like: a style for each role, and a steady colour for each name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "term/style.h"

namespace confab::screen {

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

/// Invariant: every style is readable without its colours, too: what matters is bold, dim, underlined or reversed as
/// well.
class Theme {
 public:
  static Theme dark();
  static Theme light();

  term::Style style(Role role) const { return styles_[static_cast<std::size_t>(role)]; }
  /// The foreground alone; what else makes the role stands.
  void set_color(Role role, term::Color color) { styles_[static_cast<std::size_t>(role)].foreground = color; }

  /// The same for one name everywhere and always, whatever its case; legible on the theme's background, at 256 colours
  /// and at 16.
  term::Style name_style(std::string_view name, term::ColorDepth depth) const;

 private:
  std::array<term::Style, role_count> styles_;
  bool light_ = false;
};

}  // namespace confab::screen

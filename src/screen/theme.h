// SPDX-License-Identifier: MIT
// What each thing on the screen looks like: a style for each role, and a steady colour for each name.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "prefs/look.h"
#include "term/style.h"

namespace confab::screen {

using prefs::Role;
using prefs::role_count;

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

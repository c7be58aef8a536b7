// SPDX-License-Identifier: MIT
// How a cell looks, and what is left of it on terminals with few colours or none.
#pragma once

#include <cstdint>

namespace confab::term {

/// One of xterm's 256 colours, of which a terminal's theme chooses the first 16, or the terminal's own default.
struct Color {
  static constexpr std::int16_t terminal_default = -1;

  std::int16_t index = terminal_default;

  bool operator==(const Color&) const = default;
};

struct Style {
  Color foreground = {};
  Color background = {};
  bool bold = false;
  bool dim = false;
  bool italic = false;
  bool underline = false;
  bool reverse = false;

  bool operator==(const Style&) const = default;
};

enum class ColorDepth : std::uint8_t {
  none,   ///< attributes alone (NO_COLOR, monochrome terminals)
  basic,  ///< the first 16
  full    ///< all 256
};

/// The nearest that there is at this depth.
Color reduce(Color color, ColorDepth depth);

}  // namespace confab::term

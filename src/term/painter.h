// SPDX-License-Identifier: MIT
// From grids to the bytes that make a terminal show them: only what has changed since the last one.
//
// What is written is what every terminal of this century understands (ECMA-48: CUP, EL, ED, SGR), and what the others
// leave alone: the alternate screen, bracketed paste, synchronized output (mode 2026), links (OSC 8). It is no curses:
// those have no links, hold at most five code points a cell, and take widths from the C library, which knows other
// Unicode versions than the tables that text is laid out with here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "term/grid.h"
#include "term/layout.h"

namespace confab::term {

struct PainterOptions {
  ColorDepth colors = ColorDepth::full;
  bool links = true;  ///< OSC 8; a terminal that does not know it ignores it, save for a few that print it (TERM=linux)
};

/// Owns the whole screen between enter() and leave(). All functions answer bytes for the terminal. Not thread-safe.
///
/// Widths are a matter of opinion between terminals where clusters are wide or of several code points: behind such a
/// one the cursor is placed anew, so that a difference does not shift the row. Where it is of several points, the rest
/// of the row is painted anew, too, and nothing wraps: what a terminal draws beyond the cell does not stay.
class Painter {
 public:
  explicit Painter(PainterOptions options) : options_(options) {}

  /// The alternate screen, empty, with bracketed paste.
  std::string enter();
  /// The screen of before, cursor and colours as they were.
  std::string leave();

  /// Shows the grid, with the cursor at a place of it or hidden.
  std::string paint(const Grid& grid, std::optional<Place> cursor);
  /// Something else has written to the screen, or its size has changed: the next paint() draws everything.
  void forget() { shown_.reset(); }

 private:
  void paint_row(const Grid& grid, std::size_t row);
  void paint_cell(const Grid& grid, std::size_t row, std::size_t column);
  void erase_from(Place place);
  bool is_changed(const Grid& grid, std::size_t row, std::size_t column) const;
  void move_to(Place place);
  void set_style(Style style);
  void set_link(const std::string& address);

  PainterOptions options_;
  std::optional<Grid> shown_;
  // Of the terminal, as far as they are known.
  std::optional<Place> at_;
  std::optional<Style> style_;
  std::string link_;
  std::string output_;
};

/// OSC 52: puts the text on the clipboard of whoever looks at the terminal, over ssh, too.
std::string copy_sequence(std::string_view text);

}  // namespace confab::term

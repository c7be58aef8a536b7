// SPDX-License-Identifier: MIT
// Where a prompt and the text behind it stand when they are wrapped into rows of cells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace confab::term {

/// What goes onto the screen as one: a grapheme cluster, together with clusters of no width that follow it (they can
/// only be drawn onto what stands before).
struct Glyph {
  std::string text;
  std::size_t cells = 0;  ///< 1 or 2; 0 only if nothing stands before it in its row
  bool operator==(const Glyph&) const = default;
};

struct Row {
  std::vector<Glyph> glyphs;
  std::size_t cells = 0;  ///< the sum over `glyphs`
  bool operator==(const Row&) const = default;
};

struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
  bool operator==(const Place&) const = default;
};

/// Invariants: 1. at least one row; 2. no row is wider than the screen and no glyph is split; 3. the cursor is in one
/// of the rows and left of the screen's right edge: behind a full last row there is an empty one for it; before a line
/// feed behind a full row it stands on the row's last cell.
struct Layout {
  std::vector<Row> rows;
  Place cursor;
};

/// Wraps by cells, and at line feeds. `prompt` and `text` are clean (base::clean_text), `cursor` is a grapheme boundary
/// in `text`, `columns` is at least 2 (a wide character must fit).
Layout lay_out(std::string_view prompt, std::string_view text, std::size_t cursor, std::size_t columns);

}  // namespace confab::term

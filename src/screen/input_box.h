// SPDX-License-Identifier: MIT
// The line being typed, in as many rows as it needs and gets.
#pragma once

#include <cstddef>
#include <string_view>

#include "screen/theme.h"
#include "term/grid.h"
#include "term/layout.h"

namespace confab::screen {

struct InputText {
  std::string_view prompt;
  std::string_view text;
  std::size_t cursor = 0;  ///< a place in `text`
};

/// Rows that all of it would take.
std::size_t input_rows(const InputText& input, std::size_t columns);

/// Draws the rows around the cursor and answers where on the grid it stands. The area has a row, and two columns, at
/// least.
term::Place draw_input(term::Grid& grid, const term::Rect& area, const InputText& input, const Theme& theme);

}  // namespace confab::screen

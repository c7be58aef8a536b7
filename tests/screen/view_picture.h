// SPDX-License-Identifier: MIT
// What a view shows, as text.
#pragma once

#include <cstddef>
#include <string>

#include "screen/scroll_view.h"
#include "term/grid.h"

namespace confab::screen {

inline std::string picture(ScrollView& view, std::size_t columns, std::size_t rows) {
  term::Grid grid({columns, rows});
  view.draw(grid, grid.whole());
  return grid.picture();
}

}  // namespace confab::screen

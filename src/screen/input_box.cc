// SPDX-License-Identifier: MIT
#include "screen/input_box.h"

#include <algorithm>

namespace confab::screen {

namespace {

/// A wide character must fit into a row.
constexpr std::size_t columns_least = 2;

term::Layout lay_out(const InputText& input, std::size_t columns) {
  return term::lay_out(input.prompt, input.text, input.cursor, std::max(columns, columns_least));
}

}  // namespace

std::size_t input_rows(const InputText& input, std::size_t columns) { return lay_out(input, columns).rows.size(); }

term::Place draw_input(term::Grid& grid, const term::Rect& area, const InputText& input, const Theme& theme) {
  const term::Layout layout = lay_out(input, area.columns);
  const std::size_t first = layout.cursor.row < area.rows ? 0 : layout.cursor.row + 1 - area.rows;
  std::size_t prompt_bytes = input.prompt.size();
  for (std::size_t i = 0; i < std::min(layout.rows.size(), first + area.rows); ++i) {
    std::size_t column = 0;
    for (const term::Glyph& glyph : layout.rows[i].glyphs) {
      const bool is_prompt = prompt_bytes > 0;
      prompt_bytes -= std::min(prompt_bytes, glyph.text.size());
      if (i < first) continue;
      column = grid.put(area, i - first, column, glyph.text, theme.style(is_prompt ? Role::prompt : Role::input));
    }
  }
  return {area.row + layout.cursor.row - first, area.column + std::min(layout.cursor.column, area.columns - 1)};
}

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
#include "term/layout.h"

#include <gtest/gtest.h>

namespace confab::term {
namespace {

/// The rows between bars, with the place of the cursor: "[> ab][c] 1:1".
std::string picture(std::string_view prompt, std::string_view text, std::size_t cursor, std::size_t columns) {
  const Layout layout = lay_out(prompt, text, cursor, columns);
  std::string result;
  for (const Row& row : layout.rows) {
    result += '[';
    for (const Glyph& glyph : row.glyphs) result += glyph.text;
    result += ']';
  }
  return result + " " + std::to_string(layout.cursor.row) + ":" + std::to_string(layout.cursor.column);
}

TEST(Layout, WrapsByCells) {
  EXPECT_EQ(picture("> ", "", 0, 4), "[> ] 0:2");
  EXPECT_EQ(picture("> ", "abc", 3, 4), "[> ab][c] 1:1");
  EXPECT_EQ(picture("> ", "a中", 1, 4), "[> a][中] 1:0") << "the cursor is where the character is";
  EXPECT_EQ(picture("", "中文", 6, 2), "[中][文][] 2:0");
}

TEST(Layout, TheCursorHasACell) {
  EXPECT_EQ(picture("> ", "ab", 2, 4), "[> ab][] 1:0");
  EXPECT_EQ(picture("> ", "ab", 1, 4), "[> ab] 0:3") << "no row that nobody needs";
  EXPECT_EQ(picture("> ", "ab\nc", 2, 4), "[> ab][c] 0:3") << "at the line feed, which has none";
  EXPECT_EQ(picture("> ", "ab\n", 3, 4), "[> ab][] 1:0");
}

TEST(Layout, WhatHasNoWidthIsDrawnOntoWhatIsBefore) {
  const Layout layout = lay_out("", "ab\u200B\nc", 0, 2);
  ASSERT_EQ(layout.rows[0].glyphs.size(), 2U);
  EXPECT_EQ(layout.rows[0].glyphs[1], (Glyph{"b\u200B", 1}));
  EXPECT_EQ(picture("> ", "\u0301x", 0, 9), "[> \u0301x] 0:2") << "the prompt's last cell too";
}

}  // namespace
}  // namespace confab::term

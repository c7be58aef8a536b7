// SPDX-License-Identifier: MIT
#include "term/painter.h"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "terminal_model.h"

namespace confab::term {
namespace {

ShownCell expected(const Grid& grid, std::size_t row, std::size_t column, const PainterOptions& options) {
  const Cell& cell = grid.at(row, column);
  ShownCell shown{cell.text, cell.style, options.links ? grid.link(cell.link) : ""};
  shown.style.foreground = reduce(shown.style.foreground, options.colors);
  shown.style.background = reduce(shown.style.background, options.colors);
  return shown;
}

struct PainterScript : ::testing::Test {
  void open(PainterOptions with = {}) {
    options = with;
    painter = Painter(options);
    terminal.write(painter.enter());
  }
  /// Paints, and looks whether the terminal shows it.
  std::string paint(const Grid& grid, std::optional<Place> cursor = std::nullopt) {
    const std::string bytes = painter.paint(grid, cursor);
    terminal.write(bytes);
    EXPECT_EQ(terminal.is_cursor_shown(), cursor.has_value());
    EXPECT_FALSE(terminal.is_updating());
    EXPECT_TRUE(!cursor || terminal.cursor() == *cursor);
    for (std::size_t row = 0; row < grid.size().rows; ++row) {
      for (std::size_t column = 0; column < grid.size().columns; ++column) {
        const ShownCell wanted = expected(grid, row, column, options);
        const ShownCell& shown = terminal.at(row, column);
        EXPECT_EQ(shown.text, wanted.text) << row << ", " << column;
        EXPECT_EQ(shown.style, wanted.style) << row << ", " << column;
        EXPECT_EQ(shown.link, wanted.link) << row << ", " << column;
        if (HasFailure()) return bytes;
      }
    }
    return bytes;
  }
  Grid row(std::string_view text, Style style = {}) const {
    Grid grid(size);
    grid.put(grid.whole(), 0, 0, text, style);
    return grid;
  }

  Size size{10, 3};
  PainterOptions options;
  Painter painter{options};
  TerminalModel terminal{size};
};

TEST_F(PainterScript, TakesTheScreenAndGivesItBack) {
  open();
  EXPECT_TRUE(terminal.is_alternate());
  paint(row("hello"));
  terminal.write(painter.leave());
  EXPECT_FALSE(terminal.is_alternate());
  EXPECT_TRUE(terminal.is_cursor_shown());
}

TEST_F(PainterScript, SendsOnlyWhatHasChanged) {
  open();
  paint(row("hello"));
  EXPECT_EQ(terminal.take_written(), 5u);
  paint(row("hallo"), Place{1, 2});
  EXPECT_EQ(terminal.take_written(), 1u);
  paint(row("hallo"));
  EXPECT_EQ(terminal.take_written(), 0u);
  const std::string bytes = paint(row("ha"));
  EXPECT_EQ(terminal.take_written(), 0u) << "the rest is erased";
  EXPECT_NE(bytes.find("\x1B[K"), std::string::npos);
}

TEST_F(PainterScript, ForgettingPaintsAll) {
  open();
  paint(row("hello"));
  terminal.resize(size);
  painter.forget();
  terminal.take_written();
  paint(row("hello"));
  EXPECT_EQ(terminal.take_written(), 5u);
}

TEST_F(PainterScript, AnotherSizePaintsAll) {
  open();
  paint(row("hello"));
  size = {4, 1};
  terminal.resize(size);
  paint(row("hello"));
  size = {200, 50};
  terminal.resize(size);
  paint(row("hello"), Place{49, 199});
}

TEST_F(PainterScript, ColorsAreReducedToWhatThereIs) {
  const Style style{.foreground = {196}, .background = {4}, .bold = true, .underline = true};
  open({.colors = ColorDepth::full});
  EXPECT_NE(paint(row("a", style)).find("\x1B[0;1;4;38;5;196;44m"), std::string::npos);
  open({.colors = ColorDepth::basic});
  EXPECT_NE(paint(row("a", style)).find("\x1B[0;1;4;91;44m"), std::string::npos);
  open({.colors = ColorDepth::none});
  EXPECT_NE(paint(row("a", style)).find("\x1B[0;1;4m"), std::string::npos);
}

TEST_F(PainterScript, LinksAreOpenedAndClosed) {
  Grid grid(size);
  grid.put(grid.whole(), 0, 0, "see ");
  grid.put(grid.whole(), 0, 4, "this", {}, grid.add_link("https://example.org"));
  open();
  EXPECT_NE(paint(grid).find("\x1B]8;;https://example.org\x1B\\this"), std::string::npos);
  Grid other(size);
  other.add_link("https://example.net");
  other.put(other.whole(), 0, 0, "see ");
  other.put(other.whole(), 0, 4, "this", {}, other.add_link("https://example.org"));
  terminal.take_written();
  paint(other);
  EXPECT_EQ(terminal.take_written(), 0u) << "its number is another one, its address the same";
  open({.links = false});
  EXPECT_EQ(paint(grid).find("\x1B]8"), std::string::npos);
}

/// Rows of what terminals find hard, over one another: after each paint the terminal shows the grid.
TEST_F(PainterScript, ShowsAnyGridAfterAnyOther) {
  static constexpr std::array<std::string_view, 9> texts = {"a", "bc",       " ",  "漢",  "👍🏽",
                                                            "é", "e\u0301x", "─┘", "שלום"};
  static constexpr std::array<std::int16_t, 5> colors = {-1, 3, 12, 130, 250};
  std::mt19937 random(5);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  open();
  for (int round = 0; round < 3000 && !HasFailure(); ++round) {
    if (below(50) == 0) {
      size = {1 + below(20), 1 + below(5)};
      terminal.resize(size);
      painter.forget();
    }
    Grid grid(size);
    if (below(20) == 0) open({.colors = static_cast<ColorDepth>(below(3)), .links = below(2) == 0});
    const LinkId link = grid.add_link("https://" + std::to_string(below(3)));
    for (std::size_t i = below(12); i > 0; --i) {
      const Style style{.foreground = {colors[below(5)]}, .background = {colors[below(5)]}, .bold = below(3) == 0};
      const Rect area{below(size.rows), below(size.columns), 1, 1 + below(size.columns)};
      if (below(8) == 0) grid.fill(area, style);
      grid.put(area, 0, below(3), texts[below(texts.size())], style, below(4) == 0 ? link : LinkId{0});
    }
    paint(grid, below(2) == 0 ? std::optional(Place{below(size.rows), below(size.columns)}) : std::nullopt);
  }
}

TEST(CopySequence, IsBase64) {
  EXPECT_EQ(copy_sequence(""), "\x1B]52;c;\x1B\\");
  EXPECT_EQ(copy_sequence("f"), "\x1B]52;c;Zg==\x1B\\");
  EXPECT_EQ(copy_sequence("fo"), "\x1B]52;c;Zm8=\x1B\\");
  EXPECT_EQ(copy_sequence("foobar"), "\x1B]52;c;Zm9vYmFy\x1B\\");
  EXPECT_EQ(copy_sequence("é漢"), "\x1B]52;c;w6nmvKI=\x1B\\");
}

}  // namespace
}  // namespace confab::term

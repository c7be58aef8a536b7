// SPDX-License-Identifier: MIT
#include "term/grid.h"

#include <gtest/gtest.h>

namespace confab::term {
namespace {

const std::string thumb = "👍🏽";       // two code points, two cells
const std::string e_acute = "e\u0301";  // two code points, one cell

TEST(Grid, BeginsBlank) {
  const Grid grid({3, 2});
  EXPECT_EQ(grid.picture(), "\n\n");
  EXPECT_EQ(grid.at(1, 2), Cell{});
}

TEST(Grid, PutsTextIntoAnAreaAndTellsWhereItEnds) {
  Grid grid({10, 3});
  const Rect area{1, 2, 2, 5};
  EXPECT_EQ(grid.put(area, 0, 1, "abc"), 4u);
  EXPECT_EQ(grid.put(area, 1, 0, "de"), 2u);
  EXPECT_EQ(grid.picture(), "\n   abc\n  de\n");
}

TEST(Grid, WhatDoesNotFitTheAreaIsLeftOut) {
  Grid grid({10, 2});
  EXPECT_EQ(grid.put({0, 2, 1, 4}, 0, 0, "abcdef"), 4u);
  EXPECT_EQ(grid.put({0, 2, 1, 4}, 1, 0, "below"), 0u) << "a row that the area has not";
  EXPECT_EQ(grid.put({1, 8, 1, 9}, 0, 0, "xyz"), 2u) << "an area beyond the grid";
  EXPECT_EQ(grid.put({1, 20, 1, 9}, 0, 0, "xyz"), 0u);
  EXPECT_EQ(grid.put({5, 0, 9, 9}, 0, 0, "xyz"), 0u);
  EXPECT_EQ(grid.picture(), "  abcd\n        xy\n");
}

TEST(Grid, NeverDrawsHalfACluster) {
  Grid grid({4, 1});
  EXPECT_EQ(grid.put(grid.whole(), 0, 0, "a漢字"), 3u);
  EXPECT_EQ(grid.picture(), "a漢\n");
  EXPECT_EQ(grid.at(0, 2).text, "") << "the right half";
  EXPECT_EQ(grid.put({0, 3, 1, 1}, 0, 0, thumb), 0u);
}

TEST(Grid, WhatIsPutOverOneHalfBlanksTheOther) {
  Grid grid({6, 1});
  grid.put(grid.whole(), 0, 0, "漢字漢");
  grid.put(grid.whole(), 0, 1, "x");
  EXPECT_EQ(grid.picture(), " x字漢\n");
  grid.put(grid.whole(), 0, 4, "y");
  EXPECT_EQ(grid.picture(), " x字y\n");
  grid.put(grid.whole(), 0, 1, thumb);
  EXPECT_EQ(grid.picture(), " " + thumb + " y\n") << "a wide one over the halves of two";
}

TEST(Grid, FillingBlanksHalvesAtBothEdges) {
  Grid grid({6, 1});
  grid.put(grid.whole(), 0, 0, "漢字漢");
  grid.fill({0, 1, 1, 4}, "-", {.bold = true});
  EXPECT_EQ(grid.picture(), " ----\n");
  EXPECT_TRUE(grid.at(0, 1).style.bold);
  EXPECT_FALSE(grid.at(0, 5).style.bold);
  grid.fill({0, 3, 9, 99});
  EXPECT_EQ(grid.picture(), " --\n") << "an area beyond the grid";
}

TEST(Grid, CombiningMarksStandOnWhatIsBeforeThem) {
  Grid grid({4, 1});
  EXPECT_EQ(grid.put(grid.whole(), 0, 0, e_acute + "漢"), 3u);
  EXPECT_EQ(grid.at(0, 0).text, e_acute);
  EXPECT_EQ(grid.put(grid.whole(), 0, 3, "\u0301"), 3u);
  EXPECT_EQ(grid.at(0, 1).text, "漢\u0301") << "a wide one is one cell further left";
  EXPECT_EQ(grid.put(grid.whole(), 0, 0, "\u0301"), 0u) << "there is nothing to stand on";
}

TEST(Grid, LinksAndStylesAreTheCells) {
  Grid grid({4, 1});
  const LinkId id = grid.add_link("https://example.org");
  const Style bold{.bold = true};
  grid.put(grid.whole(), 0, 0, "a漢", bold, id);
  EXPECT_EQ(grid.at(0, 0), (Cell{"a", bold, id}));
  EXPECT_EQ(grid.at(0, 2), (Cell{"", bold, id})) << "both halves";
  EXPECT_EQ(grid.link(id), "https://example.org");
  EXPECT_EQ(grid.link(0), "");
}

TEST(Grid, IsNeverLargerThanAScreen) {
  EXPECT_EQ(Grid({100'000, 100'000}).size(), (Size{Grid::columns_max, Grid::rows_max}));
  Grid nothing({0, 0});
  EXPECT_EQ(nothing.put(nothing.whole(), 0, 0, "a\u0301"), 0u);
  EXPECT_EQ(nothing.picture(), "");
}

}  // namespace
}  // namespace confab::term

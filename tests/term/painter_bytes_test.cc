// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "term/painter.h"

namespace confab::term {
namespace {

constexpr Size screen{.columns = 8, .rows = 1};

Grid row_of(std::string_view text) {
  Grid grid(screen);
  grid.put(grid.whole(), 0, 0, text);
  return grid;
}

/// What a painter writes that shows `before` already, without what stands around each picture.
std::string painted(std::string_view before, std::string_view after) {
  Painter painter({});
  painter.paint(row_of(before), std::nullopt);
  const std::string bytes = painter.paint(row_of(after), std::nullopt);
  const std::string_view begin = "\x1B[?2026h\x1B[?25l";
  const std::string_view end = "\x1B[?2026l";
  EXPECT_TRUE(bytes.starts_with(begin) && bytes.ends_with(end)) << bytes;
  return bytes.substr(begin.size(), bytes.size() - begin.size() - end.size());
}

TEST(PainterBytes, WritesOnlyWhatHasChanged) {
  EXPECT_EQ(painted("one two", "one two"), "");
  EXPECT_EQ(painted("one two", "one too"), "\x1B[1;6Ho");
}

TEST(PainterBytes, ErasesWhatIsNoLongerThere) { EXPECT_EQ(painted("one two", "one"), "\x1B[1;4H\x1B[K"); }

// A terminal that draws the parts of a cluster side by side writes over what stands behind it.
TEST(PainterBytes, PaintsWhatStandsBehindADoubtfulClusterAnew) {
  EXPECT_EQ(painted("..  |", "👍🏽  |"), "\x1B[1;1H\x1B[K👍🏽\x1B[1;3H\x1B[K\x1B[1;5H|");
}

TEST(PainterBytes, ErasesNothingBehindTheLastColumn) { EXPECT_EQ(painted("......  ", "......👍🏽"), "\x1B[K👍🏽"); }

TEST(PainterBytes, GivesTheScreenBackAsItWas) {
  Painter painter({});
  EXPECT_EQ(painter.enter(), "\x1B[?1049h\x1B[?2004h\x1B[?1004h\x1B[?7l\x1B[0m\x1B[2J");
  EXPECT_EQ(painter.leave(), "\x1B[0m\x1B[?2026l\x1B[?25h\x1B[?7h\x1B[?1004l\x1B[?2004l\x1B[?1049l");
}

}  // namespace
}  // namespace confab::term

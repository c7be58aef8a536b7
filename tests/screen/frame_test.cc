// SPDX-License-Identifier: MIT
#include "screen/frame.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace confab::screen {
namespace {

using Parts = std::array<std::pair<char, term::Rect>, 6>;

Parts parts_of(const Frame& frame) {
  return {{{'r', frame.rooms},
           {'t', frame.topic},
           {'.', frame.scrollback},
           {'m', frame.members},
           {'s', frame.status},
           {'>', frame.input}}};
}

/// Each cell by the part that it is of; `|` between neighbours, `!` where two overlap.
std::string picture(term::Size size, const FrameWishes& wishes = {}) {
  std::vector<std::string> rows(size.rows, std::string(size.columns, '|'));
  for (const auto& [name, rect] : parts_of(lay_out_frame(size, wishes))) {
    for (std::size_t row = rect.row; row < rect.end_row(); ++row) {
      for (std::size_t column = rect.column; column < rect.end_column(); ++column) {
        char& cell = rows.at(row).at(column);
        cell = cell == '|' ? name : '!';
      }
    }
  }
  std::string text;
  for (const std::string& row : rows) text += row + '\n';
  return text;
}

TEST(Frame, FoldsPanesAwayWhereTheTalkNeedsTheRoom) {
  const Frame wide = lay_out_frame({120, 30}, {});
  EXPECT_EQ(wide.rooms, (term::Rect{0, 0, 28, 18}));
  EXPECT_EQ(wide.topic, (term::Rect{0, 19, 1, 101}));
  EXPECT_EQ(wide.scrollback, (term::Rect{1, 19, 27, 82}));
  EXPECT_EQ(wide.members, (term::Rect{1, 102, 27, 18}));
  EXPECT_EQ(wide.status, (term::Rect{28, 0, 1, 120}));
  EXPECT_EQ(wide.input, (term::Rect{29, 0, 1, 120}));
  const Frame usual = lay_out_frame({80, 24}, {});
  EXPECT_EQ(usual.rooms.columns, 18u);
  EXPECT_EQ(usual.members.columns, 0u);
  EXPECT_EQ(lay_out_frame({60, 24}, {}).rooms.columns, 0u);
}

TEST(Frame, SmallScreensAsPictures) {
  EXPECT_EQ(picture({20, 5}),
            "....................\n....................\n....................\n"
            "ssssssssssssssssssss\n>>>>>>>>>>>>>>>>>>>>\n");
  EXPECT_EQ(picture({3, 3}), "...\nsss\n>>>\n");
  EXPECT_EQ(picture({3, 2}), "...\n>>>\n");
  EXPECT_EQ(picture({1, 1}), ">\n");
  EXPECT_EQ(picture({0, 0}), "");
  EXPECT_EQ(picture({2, 8}), "tt\n..\n..\n..\n..\n..\nss\n>>\n");
}

TEST(Frame, AWishForAPaneCountsForMore) {
  FrameWishes wishes{.rooms = PaneWish::always, .members = PaneWish::never, .rooms_columns = 4};
  EXPECT_EQ(picture({26, 3}, wishes),
            "rrrr|.....................\nssssssssssssssssssssssssss\n>>>>>>>>>>>>>>>>>>>>>>>>>>\n");
  EXPECT_EQ(lay_out_frame({24, 3}, wishes).rooms.columns, 0u) << "but not for the talk itself";
  wishes.rooms = PaneWish::never;
  EXPECT_EQ(lay_out_frame({200, 50}, wishes).rooms.columns, 0u);
}

TEST(Frame, LongInputTakesAThirdAtMost) {
  EXPECT_EQ(lay_out_frame({80, 24}, {.input_rows = 3}).input.rows, 3u);
  EXPECT_EQ(lay_out_frame({80, 24}, {.input_rows = 100}).input.rows, 8u);
  EXPECT_EQ(lay_out_frame({80, 24}, {.input_rows = 0}).input.rows, 1u);
  EXPECT_EQ(lay_out_frame({80, 2}, {.input_rows = 9}).input.rows, 1u);
}

/// Of every size and with every wish.
TEST(Frame, NothingOverlapsOrLeavesTheScreen) {
  for (const PaneWish wish : {PaneWish::fitting, PaneWish::always, PaneWish::never}) {
    for (std::size_t rows = 0; rows <= 60; rows += rows < 10 ? 1 : 7) {
      for (std::size_t columns = 0; columns <= 200; ++columns) {
        const FrameWishes wishes{.rooms = wish, .members = wish, .input_rows = columns % 5};
        const std::string shown = picture({columns, rows}, wishes);
        ASSERT_EQ(shown.find('!'), std::string::npos) << columns << "x" << rows << "\n" << shown;
        if (columns == 0) continue;
        ASSERT_EQ(shown.contains('>'), rows >= 1) << columns << "x" << rows;
        ASSERT_EQ(shown.contains('.'), rows >= 2) << columns << "x" << rows;
        ASSERT_EQ(shown.contains('s'), rows >= 3) << columns << "x" << rows;
      }
    }
  }
}

}  // namespace
}  // namespace confab::screen

// SPDX-License-Identifier: MIT
#include "term/style.h"

#include <gtest/gtest.h>

namespace confab::term {
namespace {

TEST(Style, AllColorsStayWhereThereAreAll) {
  for (std::int16_t index = Color::terminal_default; index < 256; ++index) {
    EXPECT_EQ(reduce({index}, ColorDepth::full), Color{index});
    EXPECT_EQ(reduce({index}, ColorDepth::none), Color{});
  }
}

TEST(Style, SixteenColorsAreWhatTheThemeMakesThem) {
  for (std::int16_t index = Color::terminal_default; index < 16; ++index) {
    EXPECT_EQ(reduce({index}, ColorDepth::basic), Color{index});
  }
}

TEST(Style, OtherColorsBecomeTheNearestOfSixteen) {
  for (std::int16_t index = 16; index < 256; ++index) {
    const Color reduced = reduce({index}, ColorDepth::basic);
    EXPECT_GE(reduced.index, 0) << index << ": a colour stays one";
    EXPECT_LT(reduced.index, 16) << index;
  }
  EXPECT_EQ(reduce({16}, ColorDepth::basic), Color{0}) << "black";
  EXPECT_EQ(reduce({231}, ColorDepth::basic), Color{15}) << "white";
  EXPECT_EQ(reduce({196}, ColorDepth::basic), Color{9}) << "bright red";
  EXPECT_EQ(reduce({46}, ColorDepth::basic), Color{10}) << "bright green";
  EXPECT_EQ(reduce({160}, ColorDepth::basic), Color{1}) << "red";
  EXPECT_EQ(reduce({244}, ColorDepth::basic), Color{8}) << "grey";
}

}  // namespace
}  // namespace confab::term

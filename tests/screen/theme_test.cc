// SPDX-License-Identifier: MIT
#include "screen/theme.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace confab::screen {
namespace {

using term::Color;
using term::ColorDepth;

TEST(Theme, WhatMattersIsReadableWithoutColours) {
  for (const Theme& theme : {Theme::dark(), Theme::light()}) {
    for (const Role role : {Role::mention, Role::error, Role::pending, Role::refused, Role::unread_marker,
                            Role::search_hit, Role::selected, Role::room_current, Role::room_unread, Role::room_mention,
                            Role::status_bad, Role::redacted, Role::highlight, Role::link}) {
      const term::Style style = theme.style(role);
      EXPECT_TRUE(style.bold || style.dim || style.underline || style.reverse) << to_string(role);
    }
    EXPECT_TRUE(theme.name_style("ada", ColorDepth::none).bold);
    EXPECT_EQ(theme.name_style("ada", ColorDepth::none).foreground, Color{});
  }
}

TEST(Theme, AColourIsSetAndWhatElseMakesARoleStays) {
  Theme theme = Theme::dark();
  theme.set_color(Role::pending, {3});
  EXPECT_EQ(theme.style(Role::pending).foreground, Color{3});
  EXPECT_TRUE(theme.style(Role::pending).dim);
}

TEST(Theme, ANameHasOneColourWhateverItsCase) {
  const Theme theme = Theme::dark();
  for (const ColorDepth depth : {ColorDepth::basic, ColorDepth::full}) {
    EXPECT_EQ(theme.name_style("Ada", depth), theme.name_style("aDA", depth));
    EXPECT_EQ(theme.name_style("Ärger", depth), theme.name_style("ÄRGER", depth));
  }
  // It is the same in every version, too.
  EXPECT_EQ(theme.name_style("ada", ColorDepth::full).foreground.index, 45);
}

TEST(Theme, NamesAreSpreadOverThePalette) {
  for (const Theme& theme : {Theme::dark(), Theme::light()}) {
    std::set<std::int16_t> full;
    std::set<std::int16_t> basic;
    for (int i = 0; i < 1000; ++i) {
      const std::string name = "name" + std::to_string(i);
      full.insert(theme.name_style(name, ColorDepth::full).foreground.index);
      basic.insert(theme.name_style(name, ColorDepth::basic).foreground.index);
    }
    EXPECT_GE(full.size(), 20u);
    EXPECT_GE(basic.size(), 4u);
    EXPECT_LT(*basic.rbegin(), 16);
  }
}

}  // namespace
}  // namespace confab::screen

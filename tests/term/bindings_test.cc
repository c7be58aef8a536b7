// SPDX-License-Identifier: MIT
#include "term/bindings.h"

#include <gtest/gtest.h>

namespace confab::term {
namespace {

TEST(Bindings, ChordsReadAndPrintTheSame) {
  for (const char* text : {"a", "ctrl-a", "alt-B", "ctrl-left", "ctrl-alt-shift-f12", "back-tab", "space", "ctrl-space",
                           "-", "alt--", "é", "page-up", "delete"}) {
    const auto chord = parse_chord(text);
    ASSERT_TRUE(chord) << text;
    EXPECT_EQ(to_string(*chord), text);
  }
}

TEST(Bindings, ModifiersInAnyOrder) { EXPECT_EQ(parse_chord("shift-alt-ctrl-up"), parse_chord("ctrl-alt-shift-up")); }

TEST(Bindings, WhatIsNoChord) {
  for (const char* text : {"", "ctrl-", "ab", "ctrl-lefty", "meta-a", "\xFF"}) EXPECT_FALSE(parse_chord(text)) << text;
}

TEST(Bindings, ActionsHaveNames) {
  EXPECT_EQ(to_string(Action::kill_word_left), "kill-word-left");
  EXPECT_EQ(parse_action("kill-word-left"), Action::kill_word_left);
  EXPECT_EQ(parse_action("make-coffee"), std::nullopt);
}

TEST(Bindings, EveryDefaultHasAnAction) {
  for (const auto& [chord, action] : default_bindings()) {
    EXPECT_EQ(parse_action(to_string(action)), action);
    EXPECT_EQ(parse_chord(to_string(chord)), chord);
  }
  EXPECT_EQ(default_bindings().at(*parse_chord("ctrl-w")), Action::kill_to_space);
}

}  // namespace
}  // namespace confab::term

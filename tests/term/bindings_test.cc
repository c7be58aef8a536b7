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

TEST(Bindings, AScreenHasItsOwnBesideThoseOfTheLine) {
  const auto on_screen = [](std::string_view chord) { return screen_bindings().at(*parse_chord(chord)); };
  EXPECT_EQ(default_bindings().at(*parse_chord("ctrl-n")), Action::history_newer);
  EXPECT_EQ(on_screen("ctrl-n"), Action::room_next);
  EXPECT_EQ(on_screen("alt-3"), Action::room_3);
  EXPECT_EQ(on_screen("ctrl-w"), Action::kill_to_space);
  EXPECT_FALSE(default_bindings().contains(*parse_chord("alt-3")));
  for (const std::string_view name : action_names()) EXPECT_EQ(to_string(*parse_action(name)), name);
}

}  // namespace
}  // namespace confab::term

// SPDX-License-Identifier: MIT
// Keys written as a person would say them: "hello<ctrl-a><enter>".
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "term/bindings.h"
#include "term/keys.h"
#include "term/line_editor.h"

namespace confab::term {

inline Key press(std::string_view chord) {
  const auto key = parse_chord(chord);
  EXPECT_TRUE(key) << chord;
  return key.value_or(Key{});
}

inline Key paste(std::string text) { return {.kind = Key::Kind::paste, .text = std::move(text)}; }

/// Characters stand for themselves, `<chord>` for a chord.
inline std::vector<Key> keys_of(std::string_view script) {
  std::vector<Key> keys;
  while (!script.empty()) {
    const std::size_t close = script.front() == '<' ? script.find('>') : std::string_view::npos;
    if (close != std::string_view::npos) {
      keys.push_back(press(script.substr(1, close - 1)));
      script.remove_prefix(close + 1);
    } else {
      const std::size_t next = script.find('<', 1);
      for (Key& key : KeyDecoder().feed(script.substr(0, next), base::Instant{})) keys.push_back(std::move(key));
      script.remove_prefix(std::min(script.size(), next));
    }
  }
  return keys;
}

/// Presses them all and answers what came of the last.
inline Outcome type(LineEditor& editor, std::string_view script) {
  Outcome outcome;
  for (const Key& key : keys_of(script)) outcome = editor.handle(key);
  return outcome;
}

/// The text with the cursor in it: "hel|lo".
inline std::string state(const LineEditor& editor) {
  std::string text = editor.text();
  return text.insert(editor.cursor(), "|");
}

}  // namespace confab::term

// SPDX-License-Identifier: MIT
// Which key does what to the line being typed: a map, so that it can be changed by settings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "term/keys.h"

namespace confab::term {

/// What the line editor can be asked to do. Words are runs of letters and digits; "line" is the line of the text (which
/// may have several) that the cursor is in.
enum class Action : std::uint8_t {
  submit,
  newline,
  backspace,
  delete_,
  delete_or_end,  ///< deletes, or ends the input where there is no text
  left,
  right,
  line_start,
  line_end,
  word_left,
  word_right,
  up,    ///< the line above, or the older entry of the history
  down,  ///< the line below, or the newer entry
  history_older,
  history_newer,
  history_search,
  kill_to_start,
  kill_to_end,
  kill_word_left,
  kill_word_right,
  kill_to_space,  ///< back to white space
  yank,
  transpose,
  complete,
  complete_back,
  cancel,
  interrupt,
  suspend,
  redraw,
};

/// A key with what is held down beside it. The text of a character is part of it, so `alt-b` and `alt-B` differ.
using KeyChord = Key;
using Bindings = std::map<KeyChord, Action>;

/// As readline has them, where readline has them.
const Bindings& default_bindings();

/// Names as in settings: "kill-word-left".
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view name);

/// chord = *( ( "ctrl" / "alt" / "shift" ) "-" ) ( name of a key / one character ), for instance `ctrl-left`, `alt-b`,
/// `f5`.
std::string to_string(const KeyChord& chord);
std::optional<KeyChord> parse_chord(std::string_view text);

}  // namespace confab::term

// SPDX-License-Identifier: MIT
// Which key does what to the line being typed, and to a full screen around it: a map, so that it can be changed by
// settings.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  // From here on the line editor leaves them to others (is_editing): a full screen has them.
  room_1,
  room_2,
  room_3,
  room_4,
  room_5,
  room_6,
  room_7,
  room_8,
  room_9,
  room_next,
  room_previous,
  room_active,  ///< the next room with something unread, mentions first
  scroll_up,    ///< a page
  scroll_down,
  scroll_line_up,
  scroll_line_down,
  scroll_top,
  scroll_bottom,
  jump_unread,
  jump_mention,
  jump_mention_newer,
  toggle_rooms,
  toggle_members,
  search,
  search_next,  ///< towards the newest
  search_previous,
  select_older,  ///< chooses a line, for those below and for /reply, /edit, /redact, /react, /retry, /discard
  select_newer,
  copy,
  reply,
  retry,
  discard,
};

/// Whether it is done to the line being typed.
constexpr bool is_editing(Action action) { return action <= Action::redraw; }

/// A key with what is held down beside it. The text of a character is part of it, so `alt-b` and `alt-B` differ.
using KeyChord = Key;
using Bindings = std::map<KeyChord, Action>;

/// For a line alone: as readline has them, where readline has them.
const Bindings& default_bindings();
/// For a full screen: the same, but for the keys that go from room to room there.
const Bindings& screen_bindings();

/// Names as in settings: "kill-word-left".
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view name);
/// All of them.
std::vector<std::string_view> action_names();

/// chord = *( ( "ctrl" / "alt" / "shift" ) "-" ) ( name of a key / one character ), for instance `ctrl-left`, `alt-b`,
/// `f5`.
std::string to_string(const KeyChord& chord);
std::optional<KeyChord> parse_chord(std::string_view text);

}  // namespace confab::term

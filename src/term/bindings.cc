// SPDX-License-Identifier: MIT
#include "term/bindings.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <ranges>
#include <utility>

#include "base/bytes.h"
#include "base/text.h"

namespace confab::term {

namespace {

/// One row a command: what it is called and the chords, separated by spaces, that it has by default.
struct Command {
  Action action;
  std::string_view name;
  std::string_view chords;
};

constexpr std::array commands{
    Command{Action::submit, "submit", "enter"},
    Command{Action::newline, "newline", "alt-enter shift-enter ctrl-enter"},
    Command{Action::backspace, "backspace", "backspace shift-backspace"},
    Command{Action::delete_, "delete", "delete"},
    Command{Action::delete_or_end, "delete-or-end", "ctrl-d"},
    Command{Action::left, "left", "left ctrl-b"},
    Command{Action::right, "right", "right ctrl-f"},
    Command{Action::line_start, "line-start", "home ctrl-a"},
    Command{Action::line_end, "line-end", "end ctrl-e"},
    Command{Action::word_left, "word-left", "alt-b ctrl-left alt-left"},
    Command{Action::word_right, "word-right", "alt-f ctrl-right alt-right"},
    Command{Action::up, "up", "up"},
    Command{Action::down, "down", "down"},
    Command{Action::history_older, "history-older", "ctrl-p"},
    Command{Action::history_newer, "history-newer", "ctrl-n"},
    Command{Action::history_search, "history-search", "ctrl-r"},
    Command{Action::kill_to_start, "kill-to-start", "ctrl-u"},
    Command{Action::kill_to_end, "kill-to-end", "ctrl-k"},
    Command{Action::kill_word_left, "kill-word-left", "alt-backspace ctrl-backspace"},
    Command{Action::kill_word_right, "kill-word-right", "alt-d ctrl-delete"},
    Command{Action::kill_to_space, "kill-to-space", "ctrl-w"},
    Command{Action::yank, "yank", "ctrl-y"},
    Command{Action::transpose, "transpose", "ctrl-t"},
    Command{Action::complete, "complete", "tab"},
    Command{Action::complete_back, "complete-back", "back-tab"},
    Command{Action::cancel, "cancel", "escape ctrl-g"},
    Command{Action::interrupt, "interrupt", "ctrl-c"},
    Command{Action::suspend, "suspend", "ctrl-z"},
    Command{Action::redraw, "redraw", "ctrl-l"},
    Command{Action::room_1, "room-1", "alt-1"},
    Command{Action::room_2, "room-2", "alt-2"},
    Command{Action::room_3, "room-3", "alt-3"},
    Command{Action::room_4, "room-4", "alt-4"},
    Command{Action::room_5, "room-5", "alt-5"},
    Command{Action::room_6, "room-6", "alt-6"},
    Command{Action::room_7, "room-7", "alt-7"},
    Command{Action::room_8, "room-8", "alt-8"},
    Command{Action::room_9, "room-9", "alt-9"},
    Command{Action::room_next, "room-next", "ctrl-n ctrl-page-down"},
    Command{Action::room_previous, "room-previous", "ctrl-p ctrl-page-up"},
    Command{Action::room_active, "room-active", "alt-a"},
    Command{Action::scroll_up, "scroll-up", "page-up"},
    Command{Action::scroll_down, "scroll-down", "page-down"},
    Command{Action::scroll_line_up, "scroll-line-up", "shift-up ctrl-up"},
    Command{Action::scroll_line_down, "scroll-line-down", "shift-down ctrl-down"},
    Command{Action::scroll_top, "scroll-top", "ctrl-home alt-<"},
    Command{Action::scroll_bottom, "scroll-bottom", "ctrl-end alt->"},
    Command{Action::jump_unread, "jump-unread", "alt-u f5"},
    Command{Action::jump_mention, "jump-mention", "alt-m f6"},
    Command{Action::jump_mention_newer, "jump-mention-newer", "alt-M shift-f6"},
    Command{Action::toggle_rooms, "toggle-rooms", "alt-o f2"},
    Command{Action::toggle_members, "toggle-members", "alt-i f3"},
    Command{Action::search, "search", "ctrl-s f4"},
    Command{Action::search_next, "search-next", "alt-n"},
    Command{Action::search_previous, "search-previous", "alt-p"},
    Command{Action::select_older, "select-older", "alt-up"},
    Command{Action::select_newer, "select-newer", "alt-down"},
    Command{Action::copy, "copy", "alt-c"},
    Command{Action::reply, "reply", "alt-r"},
    Command{Action::retry, "retry", "alt-t"},
    Command{Action::discard, "discard", "alt-x"},
};

/// Keys that have a name of their own. A paste is bound to nothing: its text goes into the line.
constexpr std::array<std::pair<Key::Kind, std::string_view>, 27> key_names{{
    {Key::Kind::enter, "enter"},
    {Key::Kind::tab, "tab"},
    {Key::Kind::back_tab, "back-tab"},
    {Key::Kind::backspace, "backspace"},
    {Key::Kind::delete_, "delete"},
    {Key::Kind::insert, "insert"},
    {Key::Kind::left, "left"},
    {Key::Kind::right, "right"},
    {Key::Kind::up, "up"},
    {Key::Kind::down, "down"},
    {Key::Kind::home, "home"},
    {Key::Kind::end, "end"},
    {Key::Kind::page_up, "page-up"},
    {Key::Kind::page_down, "page-down"},
    {Key::Kind::escape, "escape"},
    {Key::Kind::f1, "f1"},
    {Key::Kind::f2, "f2"},
    {Key::Kind::f3, "f3"},
    {Key::Kind::f4, "f4"},
    {Key::Kind::f5, "f5"},
    {Key::Kind::f6, "f6"},
    {Key::Kind::f7, "f7"},
    {Key::Kind::f8, "f8"},
    {Key::Kind::f9, "f9"},
    {Key::Kind::f10, "f10"},
    {Key::Kind::f11, "f11"},
    {Key::Kind::f12, "f12"},
}};

constexpr std::array<std::pair<bool Key::*, std::string_view>, 3> modifiers{
    {{&Key::ctrl, "ctrl-"}, {&Key::alt, "alt-"}, {&Key::shift, "shift-"}}};

bool take_modifier(std::string_view& text, KeyChord& chord) {
  for (const auto& [flag, prefix] : modifiers) {
    if (!text.starts_with(prefix)) continue;
    text.remove_prefix(prefix.size());
    chord.*flag = true;
    return true;
  }
  return false;
}

void bind(Bindings& bindings, const Command& command) {
  std::string_view rest = command.chords;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(' '));
    const auto chord = parse_chord(name);
    assert(chord);
    bindings.insert_or_assign(*chord, command.action);
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
}

Bindings make_bindings(bool for_screen) {
  Bindings bindings;
  for (const Command& command : commands) {
    if (for_screen || is_editing(command.action)) bind(bindings, command);
  }
  return bindings;
}

}  // namespace

const Bindings& default_bindings() {
  static const Bindings bindings = make_bindings(false);
  return bindings;
}

const Bindings& screen_bindings() {
  static const Bindings bindings = make_bindings(true);
  return bindings;
}

std::string_view to_string(Action action) { return std::ranges::find(commands, action, &Command::action)->name; }

std::optional<Action> parse_action(std::string_view name) {
  const auto command = std::ranges::find(commands, name, &Command::name);
  if (command == commands.end()) return std::nullopt;
  return command->action;
}

std::vector<std::string_view> action_names() {
  const auto names = std::views::transform(commands, &Command::name);
  return {names.begin(), names.end()};
}

std::string to_string(const KeyChord& chord) {
  std::string text;
  for (const auto& [flag, prefix] : modifiers) {
    if (chord.*flag) text += prefix;
  }
  if (chord.kind == Key::Kind::character) return text + (chord.text == " " ? "space" : chord.text);
  const auto name = std::ranges::find(key_names, chord.kind, &std::pair<Key::Kind, std::string_view>::first);
  return text.append(name == key_names.end() ? "unknown" : name->second);
}

std::optional<KeyChord> parse_chord(std::string_view text) {
  KeyChord chord;
  while (take_modifier(text, chord)) continue;
  const auto name = std::ranges::find(key_names, text, &std::pair<Key::Kind, std::string_view>::second);
  if (name != key_names.end()) {
    chord.kind = name->first;
    return chord;
  }
  if (text == "space") text = " ";
  if (!base::is_utf8(base::as_bytes(text)) || base::count_characters(text) != 1) return std::nullopt;
  chord.kind = Key::Kind::character;
  chord.text = text;
  return chord;
}

}  // namespace confab::term

// SPDX-License-Identifier: MIT
// What a typed line asks for: the one table of commands that line mode and the full screen share.
//
//   line     = text / "//" text / "/" word [ blank argument ]      ; "//x" says "/x"
//   blank    = SP / LF
//
// A word that is no command is an error and never sent as text: a slip of the finger is not to tell a room a password.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace confab::tui {

enum class Verb : std::uint8_t {
  say,  ///< no command: the argument is the text; not in the table
  join,
  part,
  nick,
  msg,
  me,
  topic,
  names,
  whois,
  away,
  back,
  ignore,
  unignore,
  list,
  search,
  history,
  reply,
  edit,
  redact,
  react,
  retry,
  discard,
  mark,
  set,
  exec,
  status,
  clear,
  help,
  quit,
};

/// One command. What a person must say stands bare in `usage`, what may be left out in brackets.
struct CommandRow {
  Verb verb;
  std::string_view name;
  std::string_view aliases;  ///< separated by spaces
  std::string_view usage;
  std::string_view help;

  bool needs_argument() const { return !usage.empty() && !(usage.starts_with('[') && usage.ends_with(']')); }
};

/// All of them, in the order of /help.
std::span<const CommandRow> command_table();
/// Not for `say`.
const CommandRow& row_of(Verb verb);

struct CommandCall {
  Verb verb = Verb::say;
  std::string argument;  ///< without blanks at its ends, save for `say`
  bool operator==(const CommandCall&) const = default;
};

/// The error is a sentence for people: no such command (and the nearest one), or how the command is used.
std::expected<CommandCall, std::string> parse_command(std::string_view line);

/// An argument `[NAME:] TEXT`, as /reply and /react take it. Names may hold blanks, hence the colon; `name` is empty
/// where there is none. It is for the caller to look whether anybody has that name, and else to take it all as text.
struct Addressed {
  std::string_view name;
  std::string_view text;
};
Addressed split_address(std::string_view argument);

/// A line a command, as /help shows it.
std::string help_line(const CommandRow& row);

}  // namespace confab::tui

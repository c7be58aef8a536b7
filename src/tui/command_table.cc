// SPDX-License-Identifier: MIT
#include "tui/command_table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace confab::tui {

namespace {

constexpr std::string_view blanks = " \n";

constexpr std::array rows{
    CommandRow{Verb::join, "join", "j", "ROOM", "enter a room and talk in it"},
    CommandRow{Verb::part, "part", "leave", "[ROOM]", "leave a room"},
    CommandRow{Verb::msg, "msg", "query w m", "NAME [TEXT]", "talk with one person alone"},
    CommandRow{Verb::me, "me", "", "TEXT", "say what you do"},
    CommandRow{Verb::reply, "reply", "r", "[NAME:] TEXT", "answer the newest message (of NAME)"},
    CommandRow{Verb::edit, "edit", "", "TEXT", "give your newest message another text"},
    CommandRow{Verb::redact, "redact", "delete", "[WHY]", "take your newest message back"},
    CommandRow{Verb::react, "react", "", "[NAME:] EMOJI", "put an emoji or :name: to the newest message (of NAME)"},
    CommandRow{Verb::topic, "topic", "t", "[TEXT]", "show the room's topic, or change it"},
    CommandRow{Verb::names, "names", "who", "[ROOM]", "who is in a room"},
    CommandRow{Verb::whois, "whois", "", "NAME", "what is known of somebody"},
    CommandRow{Verb::list, "list", "rooms", "", "the rooms of this server"},
    CommandRow{Verb::history, "history", "", "[COUNT|DATE]",
               "what was said before; on the screen also on a day, YYYY-MM-DD"},
    CommandRow{Verb::search, "search", "", "WORDS", "the messages that contain all of the words"},
    CommandRow{Verb::mark, "mark", "read", "", "count what is here as read, on your other devices, too"},
    CommandRow{Verb::retry, "retry", "", "", "send again what was refused; on the screen one line, or connect again"},
    CommandRow{Verb::discard, "discard", "", "", "give up what was refused or never sent; on the screen one line"},
    CommandRow{Verb::nick, "nick", "", "NAME", "go by another name"},
    CommandRow{Verb::away, "away", "", "[WHY]", "say that you are away"},
    CommandRow{Verb::back, "back", "", "", "say that you are back"},
    CommandRow{Verb::ignore, "ignore", "", "[NAME]",
               "hide what somebody says and does from now on; alone: who is hidden"},
    CommandRow{Verb::unignore, "unignore", "", "NAME", "hear somebody again, and what was hidden"},
    CommandRow{Verb::set, "set", "", "[KEY [VALUE]]", "show settings, or change one for this run"},
    CommandRow{Verb::exec, "exec", "", "[-o] COMMAND", "run a command here; -o says its output"},
    CommandRow{Verb::status, "status", "", "", "how the connection fares"},
    CommandRow{Verb::clear, "clear", "", "", "empty the screen"},
    CommandRow{Verb::help, "help", "h", "[COMMAND]", "this list"},
    CommandRow{Verb::quit, "quit", "q exit", "", "leave"},
};

bool has_alias(const CommandRow& row, std::string_view word) {
  std::string_view rest = row.aliases;
  while (!rest.empty()) {
    const std::string_view alias = rest.substr(0, rest.find(' '));
    if (alias == word) return true;
    rest.remove_prefix(std::min(rest.size(), alias.size() + 1));
  }
  return false;
}

const CommandRow* find_row(std::string_view word) {
  if (word.empty()) return nullptr;
  const auto* const found =
      std::ranges::find_if(rows, [&](const CommandRow& row) { return row.name == word || has_alias(row, word); });
  return found == rows.end() ? nullptr : found;
}

/// Characters to put in, take out or replace, to make one word of the other (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> costs;
  for (std::size_t j = 0; j <= right.size(); ++j) costs.push_back(j);
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(costs[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = costs[j + 1];
      costs[j + 1] = std::min({replaced, costs[j] + 1, diagonal + 1});
    }
  }
  return costs.back();
}

/// What the fingers probably meant: the beginning of a command, or one with two letters wrong at most.
const CommandRow* nearest(std::string_view word) {
  constexpr std::size_t letters_max = 20;  // beyond this it is no command that was meant
  if (word.empty() || word.size() > letters_max) return nullptr;
  const auto cost = [&](const CommandRow& row) { return row.name.starts_with(word) ? 0 : distance(word, row.name); };
  const auto* const best = std::ranges::min_element(rows, {}, cost);
  return cost(*best) <= std::min<std::size_t>(2, word.size() / 2) ? best : nullptr;
}

std::string no_such_command(std::string_view line, std::string_view word) {
  const CommandRow* near = nearest(word);
  const std::string hint = near == nullptr ? "/help lists them" : fmt::format("did you mean /{}?", near->name);
  const std::string_view first_line = line.substr(0, line.find('\n'));
  return fmt::format("there is no command /{}; nothing was sent ({}; /{} sends it as text)", word, hint,
                     base::prefix_within(first_line, 40));
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::span<const CommandRow> command_table() { return rows; }

const CommandRow& row_of(Verb verb) {
  const auto* const row = std::ranges::find(rows, verb, &CommandRow::verb);
  assert(row != rows.end());
  return *row;
}

std::expected<CommandCall, std::string> parse_command(std::string_view line) {
  if (line.starts_with("//")) return CommandCall{Verb::say, std::string(line.substr(1))};
  if (!line.starts_with('/')) return CommandCall{Verb::say, std::string(line)};
  const std::size_t end = std::min(line.find_first_of(blanks), line.size());
  const std::string word = base::fold_case(line.substr(1, end - 1));
  const CommandRow* row = find_row(word);
  if (row == nullptr) return std::unexpected(no_such_command(line, word));

  const std::string_view argument = trim(line.substr(end));
  if (argument.empty() && row->needs_argument())
    return std::unexpected(fmt::format("usage: /{} {}", row->name, row->usage));
  return CommandCall{row->verb, std::string(argument)};
}

Addressed split_address(std::string_view argument) {
  const std::size_t colon = argument.find(": ");
  if (colon == std::string_view::npos || colon == 0) return {.name = {}, .text = argument};
  return {.name = argument.substr(0, colon), .text = trim(argument.substr(colon + 1))};
}

std::string help_line(const CommandRow& row) {
  std::string also;
  for (std::string_view rest = row.aliases; !rest.empty();) {
    const std::string_view alias = rest.substr(0, rest.find(' '));
    also += fmt::format(" {}/{}", also.empty() ? "(" : "", alias);
    rest.remove_prefix(std::min(rest.size(), alias.size() + 1));
  }
  if (!also.empty()) also += ')';
  return fmt::format("/{:<22} {}{}", fmt::format("{} {}", row.name, row.usage), row.help, also);
}

}  // namespace confab::tui

// SPDX-License-Identifier: MIT
// Line mode's commands: IRC's names, one row a command.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "tui/line_mode.h"
#include "tui/status_command.h"
#include "wire/names.h"

namespace confab::tui {

namespace {

/// What /history shows where no number is given.
constexpr std::uint32_t history_lines_default = 20;
constexpr std::uint32_t history_lines_max = 10'000;

}  // namespace

struct LineMode::Command {
  std::string_view name;
  std::string_view alias;  // empty: none
  std::string_view usage;
  std::string_view help;
  void (LineMode::*handler)(std::string_view argument);
};

const LineMode::Command LineMode::commands[] = {
    {"join", "j", "ROOM", "enter a room and talk in it", &LineMode::on_join},
    {"part", "leave", "[ROOM]", "leave a room", &LineMode::on_part},
    {"nick", "", "NAME", "go by another name", &LineMode::on_nick},
    {"me", "", "TEXT", "say what you do", &LineMode::on_me},
    {"names", "who", "[ROOM]", "who is in a room", &LineMode::on_names},
    {"list", "", "", "the rooms of this server", &LineMode::on_list},
    {"history", "", "[COUNT]", "what was said before", &LineMode::on_history},
    {"away", "", "[WHY]", "say that you are away", &LineMode::on_away},
    {"back", "", "", "say that you are back", &LineMode::on_back},
    {"status", "", "", "how the connection fares", &LineMode::on_status},
    {"clear", "", "", "empty the screen", &LineMode::on_clear},
    {"help", "", "", "this list", &LineMode::on_help},
    {"quit", "q", "", "leave", &LineMode::on_quit},
};

void LineMode::run_command(std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string word = base::fold_case(line.substr(1, space == std::string_view::npos ? space : space - 1));
  std::string_view argument = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  while (argument.starts_with(' ')) argument.remove_prefix(1);
  while (argument.ends_with(' ')) argument.remove_suffix(1);

  const auto* command = std::ranges::find_if(commands, [&](const Command& each) {
    return word == each.name || (!each.alias.empty() && word == each.alias) || (word == "exit" && each.name == "quit");
  });
  if (command == std::end(commands)) {
    return note(fmt::format("there is no command /{}; nothing was sent (/help lists them; //{} sends it as text)", word,
                            line.substr(1)));
  }
  if (argument.empty() && !command->usage.empty() && !command->usage.starts_with('[')) {
    return note(fmt::format("usage: /{} {}", command->name, command->usage));
  }
  (this->*command->handler)(argument);
}

void LineMode::on_join(std::string_view argument) {
  const auto room = wire::canonical_room(argument);
  if (!room) return note(room.error());
  if (std::ranges::find(rooms_, *room) == rooms_.end()) {
    client_.join(*room, {});
    rooms_.push_back(*room);
  }
  room_ = *room;
  note(fmt::format("now in #{}", room_));
}

void LineMode::on_part(std::string_view argument) {
  const auto room = argument.empty() ? room_ : wire::canonical_room(argument).value_or(std::string(argument));
  const auto found = std::ranges::find(rooms_, room);
  if (found == rooms_.end()) return note(fmt::format("you are not in #{}", room));
  if (rooms_.size() == 1) return note("this is your last room; /quit leaves");
  client_.part(room);
  rooms_.erase(found);
  if (room_ == room) room_ = rooms_.front();
  note(fmt::format("left #{}; now in #{}", room, room_));
}

void LineMode::on_nick(std::string_view argument) {
  const auto name = wire::canonical_name(argument);
  if (!name) return note(name.error());
  name_ = *name;
  client_.retry(name_);
}

void LineMode::on_me(std::string_view argument) { say(Kind::action, std::string(argument)); }

void LineMode::on_names(std::string_view argument) {
  client_.get_members(argument.empty() ? room_ : std::string(argument));
}

void LineMode::on_list(std::string_view) { client_.get_rooms(); }

void LineMode::on_history(std::string_view argument) {
  std::uint32_t count = history_lines_default;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), count);
  const bool bad = !argument.empty() && (error != std::errc() || end != argument.data() + argument.size());
  if (bad || count == 0 || count > history_lines_max) {
    return note(fmt::format("usage: /history [COUNT], 1 to {}", history_lines_max));
  }
  client_.read({.room = room_, .start = {.seq = 0, .newest = count}, .follow = false, .count = 0});
}

void LineMode::on_away(std::string_view argument) { client_.set_presence(Presence::away, std::string(argument)); }

void LineMode::on_back(std::string_view) { client_.set_presence(Presence::here, {}); }

void LineMode::on_status(std::string_view) {
  const auto info = client_.link_info(now_);
  std::string lines = online_ && info ? link_lines(*info) : "not connected\n";
  lines += fmt::format("queue       {} message(s)\n", client_.unsettled());
  print(lines);
}

void LineMode::on_clear(std::string_view) {
  // As `clear` does: everything off, cursor home. The prompt is drawn again after the command.
  if (!options_.dumb) output_ += "\x1b[H\x1b[2J";
}

void LineMode::on_help(std::string_view) {
  std::string lines;
  for (const Command& command : commands) {
    lines += fmt::format("* /{:<22} {}\n", fmt::format("{} {}", command.name, command.usage), command.help);
  }
  print(lines + "* //TEXT                 send a line that begins with a slash\n");
}

void LineMode::on_quit(std::string_view) { quit(); }

}  // namespace confab::tui

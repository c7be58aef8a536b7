// SPDX-License-Identifier: MIT
#include "irc_dialect.h"

#include <fmt/format.h>

namespace confab::bench {

namespace {

constexpr std::string_view channel = "#bench";

std::string_view take_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

bool is_refusal(std::string_view command) {
  return command == "ERROR" || (command.size() == 3 && (command.front() == '4' || command.front() == '5') &&
                                command != "422");  // 422: there is no message of the day
}

}  // namespace

std::string IrcDialect::greet(std::size_t member) const {
  return fmt::format("NICK m{0}\r\nUSER m{0} 0 * :a member\r\n", member);
}

std::string IrcDialect::say(std::string_view text) const { return fmt::format("PRIVMSG {} :{}\r\n", channel, text); }

Dialect::Heard IrcDialect::hear(std::string_view& input) const {
  using Kind = Heard::Kind;
  std::string_view line;
  if (!take_line(input, line)) return {Kind::unfinished};
  const std::string_view whole = line;
  if (line.starts_with(':')) take_word(line);
  const std::string_view command = take_word(line);
  if (command == "PRIVMSG") {
    const std::size_t text = line.find(" :");
    return text == std::string_view::npos ? Heard{} : Heard{Kind::message, line.substr(text + 2)};
  }
  if (command == "PING") return {Kind::reply, {}, fmt::format("PONG {}\r\n", line)};
  if (command == "001") return {Kind::reply, {}, fmt::format("JOIN {}\r\n", channel)};
  if (command == "366") return {Kind::joined};  // the end of the names that answer our own JOIN
  if (is_refusal(command)) return {Kind::refusal, whole};
  return {};
}

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// The client: reads its command line and chooses between the full screen and everything else.
#include <cstdio>
#include <exception>
#include <expected>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "client_config.h"
#include "client_options.h"
#include "fail.h"
#include "io/home.h"
#include "io/terminal.h"
#include "parts.h"
#include "program.h"
#include "screen_program.h"
#include "tui/conversation.h"
#include "wire/limits.h"

namespace {

using namespace confab;
using apps::fail;
using Command = apps::ClientSettings::Command;

std::string too_long() {
  return fmt::format("the message is too long (message_bytes_max is {})", wire::limits::message_bytes_max);
}

/// `confab send` without a text: all of stdin is the message.
std::expected<std::string, std::string> read_message_from_stdin() {
  std::string text;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stdin)) {
    text.append(buffer, count);
    if (text.size() > wire::limits::message_bytes_max + 1) {
      return std::unexpected(too_long());
    }
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.empty()) return std::unexpected("there is no message: no TEXT, and nothing on stdin");
  return text;
}

/// A person at a terminal that can be drawn on, who wants no lines.
bool is_for_screen(const apps::ClientSettings& settings) {
  return settings.command == Command::chat && !settings.line && !settings.plain && !settings.json && !io::is_dumb() &&
         io::is_terminal(STDIN_FILENO) && io::is_terminal(STDOUT_FILENO);
}

int start(apps::ClientSettings settings) {
  if (settings.command == Command::send) {
    if (settings.words.empty()) {
      auto text = read_message_from_stdin();
      if (!text) return fail(tui::exit_codes::usage, text.error());
      settings.words = {std::move(*text)};
    } else {
      settings.words = {fmt::format("{}", fmt::join(settings.words, " "))};
      if (settings.words.front().size() > wire::limits::message_bytes_max) {
        return fail(tui::exit_codes::usage, too_long());
      }
    }
  }
  auto profile = runtime::Profile::open(io::Home::find(settings.home).data);
  if (!profile) return fail(tui::exit_codes::failed, profile.error());
  if (is_for_screen(settings)) return apps::run_screen(settings, std::move(*profile));
  apps::Parts parts(std::move(settings), std::move(*profile));
  if (parts.lacks_name()) return fail(tui::exit_codes::usage, "no name yet: give --name NAME once; it is remembered");
  return apps::Program(parts).run();
}

}  // namespace

int main(int argc, char** argv) {
  auto settings = apps::parse_client_options(argc, argv);
  if (!settings) {
    fmt::print(stdout, "{}", settings.error().out);
    fmt::print(stderr, "{}", settings.error().err);
    return settings.error().code;
  }
  try {
    if (settings->check_config) return apps::check_config(*settings);
    return start(std::move(*settings));
  } catch (const std::exception& error) {
    return fail(tui::exit_codes::failed, error.what());
  }
}

// SPDX-License-Identifier: MIT
#include "program.h"

#include <cerrno>
#include <csignal>
#include <tuple>
#include <utility>

#include <unistd.h>

#include "base/text.h"
#include "fail.h"
#include "io/clock.h"
#include "runtime/connect.h"
#include "tui/run.h"

namespace confab::apps {

using Command = ClientSettings::Command;

int Program::run() {
  // Whoever sits at a terminal can read and type while the network is down. A script is told at once.
  if (parts_.is_interactive() && !parts_.settings().plain) return converse(std::nullopt);
  const auto addresses = runtime::resolve(parts_.settings().server);
  return addresses ? converse(*addresses) : run_offline(addresses.error());
}

/// Without addresses they are looked for meanwhile.
int Program::converse(const std::optional<std::vector<base::Address>>& addresses) {
  parts_.open_local_store();
  parts_.make(parts_.is_interactive() && parts_.settings().name.empty());
  tui::Run machine(parts_.client(), parts_.conversation());
  io::Loop loop(machine);
  if (addresses) {
    if (const auto used = use(loop, *addresses); !used) return fail(tui::exit_codes::failed, used.error());
  }
  std::optional<io::RawTerminal> terminal;
  if (parts_.is_interactive() && parts_.draws()) {
    auto raw = io::RawTerminal::enter(STDIN_FILENO);
    if (!raw) return fail(tui::exit_codes::failed, raw.error().text);
    terminal.emplace(std::move(*raw));
  }
  watch(loop, terminal);
  if (!addresses) look_for_server(loop);
  const int code = turn_until_the_end(loop);
  terminal.reset();
  return conclude(code);
}

/// The children must not outlive the loop, whatever goes wrong.
int Program::turn_until_the_end(io::Loop& loop) {
  try {
    const int code = loop.run();
    children_.clear();
    return code;
  } catch (...) {
    children_.clear();
    throw;
  }
}

/// Where not even an address of the server is to be had: what can be done without one.
int Program::run_offline(const std::string& why) {
  const ClientSettings& settings = parts_.settings();
  parts_.open_local_store();
  if (parts_.needs_name() && !parts_.is_interactive() && !settings.plain) return queue_messages(why);
  if (settings.command != Command::status) return fail(tui::exit_codes::unreachable, why);
  parts_.make(true);
  tui::Conversation& status = parts_.conversation();
  status.hear(Link{Link::State::failed, Link::Failure::unreachable, why, {}, {}}, io::read_clocks());
  std::ignore = io::write_all(STDOUT_FILENO, status.take_output());
  return fail(tui::exit_codes::unreachable, why);
}

std::expected<void, std::string> Program::use(io::Loop& loop, const std::vector<base::Address>& addresses) {
  parts_.found(addresses);
  auto paths = runtime::open_sockets(loop, addresses);
  if (!paths) return std::unexpected(std::move(paths).error());
  parts_.client().set_paths(*std::move(paths));
  return {};
}

void Program::look_for_server(io::Loop& loop) {
  runtime::keep_resolving(loop, parts_.settings().server, [this, &loop](auto addresses) {
    if (!addresses) {
      const bool is_news = std::exchange(not_found_, addresses.error()) != addresses.error();
      if (is_news) hear_link(Link::State::offline, not_found_);
      return;
    }
    // Trying again does not mend a machine without sockets.
    if (const auto used = use(loop, *addresses); !used) hear_link(Link::State::failed, used.error());
  });
}

/// What the client cannot know of the way to the server, told as it would tell it.
void Program::hear_link(Link::State state, const std::string& why) {
  const auto failure = state == Link::State::failed ? Link::Failure::protocol : Link::Failure::none;
  parts_.conversation().hear(Link{state, failure, why, {}, {}}, io::read_clocks());
}

/// A network without an address of the server is one that is down: what is to be sent is kept.
int Program::queue_messages(const std::string& why) {
  parts_.make(true);
  tui::Run machine(parts_.client(), parts_.conversation());
  machine.wake(io::read_clocks());
  hear_link(Link::State::offline, why);
  io::Loop loop(machine);
  std::optional<io::RawTerminal> no_terminal;
  watch(loop, no_terminal);
  return conclude(loop.run());
}

void Program::watch(io::Loop& loop, std::optional<io::RawTerminal>& terminal) {
  tui::Conversation& conversation = parts_.conversation();
  if (parts_.settings().command == Command::chat) {
    loop.watch_input(STDIN_FILENO, [&conversation](base::ByteView bytes, base::Now now) {
      conversation.input(base::as_text(bytes), now);
    });
  }
  // Who only reads has nobody to say goodbye to, and must end even while nobody takes its output: as the system does
  // it.
  if (parts_.needs_name()) {
    loop.on_signal({SIGTERM, SIGINT, SIGHUP},
                   [&conversation](int signal, base::Now) { conversation.interrupt(128 + signal); });
  }
  if (tui::LineMode* const line_mode = parts_.line_mode()) {
    loop.on_signal({SIGWINCH}, [line_mode](int, base::Now) { line_mode->resize(screen_size()); });
  }
  loop.on_network_change([this](base::Now now) { parts_.client().network_changed(now); });
  loop.after_turn([this, &loop, &terminal](base::Now) { finish_turn(loop, terminal); });
}

void Program::finish_turn(io::Loop& loop, std::optional<io::RawTerminal>& terminal) {
  write_out(loop);
  if (tui::LineMode* const line_mode = parts_.line_mode()) {
    if (line_mode->take_suspend() && terminal) {
      terminal->suspend();
      line_mode->redraw();
      write_out(loop);
    }
    for (prefs::SpawnRequest& spawn : line_mode->take_spawns()) children_.start(loop, std::move(spawn));
  }
  if (parts_.conversation().wants_input()) {
    loop.resume_input();
  } else {
    loop.pause_input();
  }
  if (const auto code = parts_.conversation().exit_code(); code && !broken_) loop.stop(*code);
}

void Program::write_out(io::Loop& loop) {
  const std::string errors = parts_.conversation().take_errors();
  // Whoever closed stderr does not want to know.
  if (!errors.empty()) std::ignore = io::write_all(STDERR_FILENO, errors);
  const std::string output = parts_.conversation().take_output();
  // Nobody reads any more (`confab tail | head`): that is an end, not a failure.
  if (output.empty() || deaf_ || broken_) return;
  const auto written = io::write_all(STDOUT_FILENO, output);
  if (written) return;
  if (written.error().error != EPIPE) {
    broken_ = true;
    loop.stop(fail(tui::exit_codes::failed, written.error().text));
  } else if (parts_.settings().command == Command::chat && !parts_.is_interactive()) {
    deaf_ = true;  // but what comes in at stdin is still to be sent
  } else {
    loop.stop(tui::exit_codes::done);
  }
}

int Program::conclude(int code) {
  if (code == tui::exit_codes::untrusted) fail(code, parts_.trust_complaint());
  parts_.remember_typed();
  const bool named = code == tui::exit_codes::done || code == tui::exit_codes::queued;
  if (named && parts_.needs_name() && parts_.line_mode() == nullptr && !parts_.settings().plain) {
    parts_.remember_name(parts_.settings().name);
  }
  return code;
}

}  // namespace confab::apps

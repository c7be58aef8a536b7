// SPDX-License-Identifier: MIT
// The client: chooses the protocol (QUIC or the toy's), the conversation (line mode, filter, subcommand), and joins
// them to sockets, clocks and the terminal.
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "client/plain_client.h"
#include "client/quic_client.h"
#include "client_options.h"
#include "io/home.h"
#include "io/loop.h"
#include "io/random.h"
#include "io/terminal.h"
#include "runtime/connect.h"
#include "runtime/gatekeeper.h"
#include "runtime/profile.h"
#include "tui/commands.h"
#include "tui/filter.h"
#include "tui/line_mode.h"
#include "tui/run.h"
#include "version.h"
#include "wire/limits.h"

namespace {

using namespace confab;
using Command = apps::ClientSettings::Command;

int fail(int exit_code, std::string_view why) {
  fmt::print(stderr, "confab: {}\n", why);
  return exit_code;
}

/// The parts of one run, in the order in which they are made.
class Program {
 public:
  Program(apps::ClientSettings settings, runtime::Profile profile, std::vector<base::Address> addresses)
      : settings_(std::move(settings)),
        profile_(std::move(profile)),
        addresses_(std::move(addresses)),
        gatekeeper_(settings_.server, profile_,
                    settings_.accept_new || std::ranges::all_of(addresses_, &base::Address::is_loopback)),
        interactive_(settings_.command == Command::chat && io::is_terminal(STDIN_FILENO)) {
    if (settings_.name.empty() && needs_name()) settings_.name = profile_.name();
  }

  bool needs_name() const { return settings_.command == Command::chat || settings_.command == Command::send; }
  bool lacks_name() const { return needs_name() && settings_.name.empty() && !interactive_; }

  int run() {
    make_client();
    make_conversation();
    tui::Run machine(*client_, *conversation_);
    io::Loop loop(machine);
    const auto paths = runtime::open_sockets(loop, addresses_);
    if (!paths) return fail(tui::exit_codes::failed, paths.error());
    client_->set_paths(*paths);

    std::optional<io::RawTerminal> terminal;
    if (interactive_ && draws()) {
      auto raw = io::RawTerminal::enter(STDIN_FILENO);
      if (!raw) return fail(tui::exit_codes::failed, raw.error().text);
      terminal.emplace(std::move(*raw));
    }
    watch(loop, terminal);
    const int code = loop.run();
    terminal.reset();
    return conclude(code);
  }

 private:
  /// Whether the line being typed may be drawn: what goes into a pipe or file is lines alone.
  bool draws() const { return !io::is_dumb() && io::is_terminal(STDOUT_FILENO) && !settings_.json; }

  void make_client() {
    if (settings_.plain) {
      client_ = std::make_unique<client::PlainClient>(client::PlainClientOptions{settings_.name}, random_);
      return;
    }
    client::QuicClientOptions options;
    options.server_name = runtime::server_name(settings_.server);
    options.name = settings_.name;
    options.agent = fmt::format("confab {}", apps::version);
    options.wait_for_name = interactive_ && settings_.name.empty();
    options.reconnect = settings_.command == Command::chat || settings_.command == Command::tail;
    options.trust = [this](const net::PeerCertificate& certificate) { return gatekeeper_.trust(certificate); };
    client_ = std::make_unique<client::QuicClient>(std::move(options), profile_.key(), random_, log_);
  }

  void make_conversation() {
    switch (settings_.command) {
      case Command::chat:
        if (interactive_) return make_line_mode();
        conversation_ = std::make_unique<tui::Filter>(
            *client_, tui::FilterOptions{.rooms = settings_.rooms, .json = settings_.json});
        return;
      case Command::send:
        conversation_ =
            std::make_unique<tui::SendCommand>(*client_, settings_.rooms.front(), settings_.words, settings_.json);
        return;
      case Command::tail:
      case Command::history:
      case Command::search:
        conversation_ = std::make_unique<tui::ReadCommand>(*client_, read_options());
        return;
      case Command::rooms:
        conversation_ = std::make_unique<tui::ListCommand>(*client_, tui::ListCommand::What::rooms, "", settings_.json);
        return;
      case Command::who:
        conversation_ = std::make_unique<tui::ListCommand>(*client_, tui::ListCommand::What::members,
                                                           settings_.rooms.front(), settings_.json);
        return;
    }
  }

  tui::ReadCommandOptions read_options() const {
    tui::ReadCommandOptions options;
    options.room = settings_.rooms.front();
    options.follow = settings_.command == Command::tail;
    options.start = settings_.start.value_or(options.follow ? Start{} : Start{.seq = 1, .newest = 0});
    if (settings_.command == Command::search) options.words = settings_.words;
    options.json = settings_.json;
    return options;
  }

  void make_line_mode() {
    const io::TerminalSize size = io::terminal_size(STDOUT_FILENO);
    tui::LineModeOptions options;
    options.name = settings_.name;
    options.rooms = settings_.rooms;
    options.json = settings_.json;
    options.color = io::wants_color(STDOUT_FILENO);
    options.dumb = !draws();
    options.redirected = !io::is_terminal(STDOUT_FILENO) || settings_.json;
    options.screen = screen_size(size);
    options.judge_key = [this] { return gatekeeper_.last_answer(); };
    options.accept_key = [this] { gatekeeper_.accept(); };
    options.on_named = [this](const std::string& name) {
      if (const auto kept = profile_.remember_name(name); !kept) fail(0, kept.error());
    };
    auto line_mode = std::make_unique<tui::LineMode>(*client_, std::move(options));
    line_mode_ = line_mode.get();
    conversation_ = std::move(line_mode);
  }

  static tui::ScreenSize screen_size(const io::TerminalSize& size) {
    return {.columns = static_cast<std::size_t>(size.columns), .rows = static_cast<std::size_t>(size.rows)};
  }

  void watch(io::Loop& loop, std::optional<io::RawTerminal>& terminal) {
    if (settings_.command == Command::chat) {
      loop.watch_input(STDIN_FILENO, [this](base::ByteView bytes, base::Now now) {
        conversation_->input(base::as_text(bytes), now);
      });
    }
    // Who only reads has nobody to say goodbye to, and must end even while nobody takes its output: as the system does
    // it.
    if (needs_name()) {
      loop.on_signal({SIGTERM, SIGINT, SIGHUP}, [this, &loop](int signal, base::Now) {
        if (line_mode_ != nullptr) line_mode_->leave_screen();
        client_->quit();
        loop.stop(128 + signal);
      });
    }
    if (line_mode_ != nullptr) {
      loop.on_signal({SIGWINCH},
                     [this](int, base::Now) { line_mode_->resize(screen_size(io::terminal_size(STDOUT_FILENO))); });
    }
    loop.after_turn([this, &loop, &terminal](base::Now) {
      write_out(loop);
      if (line_mode_ != nullptr && line_mode_->take_suspend() && terminal) {
        terminal->suspend();
        line_mode_->redraw();
        write_out(loop);
      }
      if (conversation_->wants_input()) {
        loop.resume_input();
      } else {
        loop.pause_input();
      }
      if (const auto code = conversation_->exit_code(); code && !broken_) loop.stop(*code);
    });
  }

  void write_out(io::Loop& loop) {
    const std::string errors = conversation_->take_errors();
    // Whoever closed stderr does not want to know.
    if (!errors.empty()) std::ignore = io::write_all(STDERR_FILENO, errors);
    const std::string output = conversation_->take_output();
    // Nobody reads any more (`confab tail | head`): that is an end, not a failure.
    if (output.empty() || deaf_ || broken_) return;
    const auto written = io::write_all(STDOUT_FILENO, output);
    if (written) return;
    if (written.error().error != EPIPE) {
      broken_ = true;
      loop.stop(fail(tui::exit_codes::failed, written.error().text));
    } else if (settings_.command == Command::chat && !interactive_) {
      deaf_ = true;  // but what comes in at stdin is still to be sent
    } else {
      loop.stop(tui::exit_codes::done);
    }
  }

  int conclude(int code) {
    if (code == tui::exit_codes::untrusted) fail(code, gatekeeper_.complaint());
    if (code == 0 && needs_name() && line_mode_ == nullptr && !settings_.plain) {
      if (const auto kept = profile_.remember_name(settings_.name); !kept) fail(0, kept.error());
    }
    return code;
  }

  apps::ClientSettings settings_;
  runtime::Profile profile_;
  std::vector<base::Address> addresses_;
  runtime::Gatekeeper gatekeeper_;
  bool interactive_;
  io::SystemRandom random_;
  base::NullLog log_;
  std::unique_ptr<client::Client> client_;
  std::unique_ptr<tui::Conversation> conversation_;
  bool broken_ = false;                 // our stdout cannot be written: that is the run's result
  bool deaf_ = false;                   // nobody reads our stdout any more
  tui::LineMode* line_mode_ = nullptr;  // conversation_, where it is one
};

/// `confab send` without a text: all of stdin is the message.
std::expected<std::string, std::string> read_message_from_stdin() {
  std::string text;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stdin)) {
    text.append(buffer, count);
    if (text.size() > wire::limits::message_bytes_max + 1) {
      return std::unexpected(
          fmt::format("the message is too long (message_bytes_max is {})", wire::limits::message_bytes_max));
    }
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.empty()) return std::unexpected("there is no message: no TEXT, and nothing on stdin");
  return text;
}

int start(apps::ClientSettings settings) {
  if (settings.command == Command::send) {
    if (settings.words.empty()) {
      auto text = read_message_from_stdin();
      if (!text) return fail(tui::exit_codes::usage, text.error());
      settings.words = {std::move(*text)};
    } else {
      settings.words = {fmt::format("{}", fmt::join(settings.words, " "))};
    }
  }
  auto profile = runtime::Profile::open(io::Home::find(settings.home).data);
  if (!profile) return fail(tui::exit_codes::failed, profile.error());
  auto addresses = runtime::resolve(settings.server);
  if (!addresses) return fail(tui::exit_codes::unreachable, addresses.error());

  Program program(std::move(settings), std::move(*profile), std::move(*addresses));
  if (program.lacks_name()) return fail(tui::exit_codes::usage, "no name yet: give --name NAME once; it is remembered");
  return program.run();
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
    return start(std::move(*settings));
  } catch (const std::exception& error) {
    return fail(tui::exit_codes::failed, error.what());
  }
}

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
#include "children.h"
#include "client/plain_client.h"
#include "client/quic_client.h"
#include "client_config.h"
#include "client_options.h"
#include "input_history.h"
#include "io/clock.h"
#include "io/home.h"
#include "io/loop.h"
#include "io/random.h"
#include "io/terminal.h"
#include "runtime/connect.h"
#include "runtime/gatekeeper.h"
#include "runtime/local_store.h"
#include "runtime/profile.h"
#include "screen_program.h"
#include "tui/commands.h"
#include "tui/filter.h"
#include "tui/line_mode.h"
#include "tui/run.h"
#include "tui/status_command.h"
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
  Program(apps::ClientSettings settings, runtime::Profile profile)
      : settings_(std::move(settings)),
        profile_(std::move(profile)),
        interactive_(settings_.command == Command::chat && io::is_terminal(STDIN_FILENO)) {
    if (settings_.name.empty() && needs_name()) settings_.name = profile_.name();
  }

  bool needs_name() const { return settings_.command == Command::chat || settings_.command == Command::send; }
  bool lacks_name() const { return needs_name() && settings_.name.empty() && !interactive_; }

  int run() {
    // Whoever sits at a terminal can read and type while the network is down. A script is told at once.
    if (interactive_ && !settings_.plain) return converse(std::nullopt);
    const auto addresses = runtime::resolve(settings_.server);
    return addresses ? converse(*addresses) : run_offline(addresses.error());
  }

 private:
  /// Without addresses they are looked for meanwhile.
  int converse(const std::optional<std::vector<base::Address>>& addresses) {
    open_local_store();
    make_client(interactive_ && settings_.name.empty());
    make_conversation();
    tui::Run machine(*client_, *conversation_);
    io::Loop loop(machine);
    if (addresses) {
      if (const auto used = use(loop, *addresses); !used) return fail(tui::exit_codes::failed, used.error());
    }
    std::optional<io::RawTerminal> terminal;
    if (interactive_ && draws()) {
      auto raw = io::RawTerminal::enter(STDIN_FILENO);
      if (!raw) return fail(tui::exit_codes::failed, raw.error().text);
      terminal.emplace(std::move(*raw));
    }
    watch(loop, terminal);
    if (!addresses) look_for_server(loop);
    const int code = loop.run();
    children_.clear();
    terminal.reset();
    return conclude(code);
  }

  /// Where not even an address of the server is to be had: what can be done without one.
  int run_offline(const std::string& why) {
    open_local_store();
    if (needs_name() && !interactive_ && !settings_.plain) return queue_messages(why);
    if (settings_.command != Command::status) return fail(tui::exit_codes::unreachable, why);
    make_client(true);
    make_conversation();
    conversation_->hear(Link{Link::State::failed, Link::Failure::unreachable, why, {}, {}}, io::read_clocks());
    std::ignore = io::write_all(STDOUT_FILENO, conversation_->take_output());
    return fail(tui::exit_codes::unreachable, why);
  }

  std::expected<void, std::string> use(io::Loop& loop, const std::vector<base::Address>& addresses) {
    const bool near = std::ranges::all_of(addresses, &base::Address::is_loopback);
    gatekeeper_.emplace(settings_.server, profile_, settings_.accept_new || near);
    auto paths = runtime::open_sockets(loop, addresses);
    if (!paths) return std::unexpected(std::move(paths).error());
    client_->set_paths(*std::move(paths));
    return {};
  }

  void look_for_server(io::Loop& loop) {
    runtime::keep_resolving(loop, settings_.server, [this, &loop](auto addresses) {
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
  void hear_link(Link::State state, const std::string& why) {
    const auto failure = state == Link::State::failed ? Link::Failure::protocol : Link::Failure::none;
    conversation_->hear(Link{state, failure, why, {}, {}}, io::read_clocks());
  }

  /// A network without an address of the server is one that is down: what is to be sent is kept.
  int queue_messages(const std::string& why) {
    make_client(true);
    make_conversation();
    tui::Run machine(*client_, *conversation_);
    machine.wake(io::read_clocks());
    hear_link(Link::State::offline, why);
    io::Loop loop(machine);
    std::optional<io::RawTerminal> no_terminal;
    watch(loop, no_terminal);
    return conclude(loop.run());
  }

  /// Whether the line being typed may be drawn: what goes into a pipe or file is lines alone.
  bool draws() const { return !io::is_dumb() && io::is_terminal(STDOUT_FILENO) && !settings_.json; }

  /// What is sent must outlive us, and a room opens with what was seen of it. A program that cannot have that says so
  /// and chats all the same.
  void open_local_store() {
    if (settings_.plain || (!needs_name() && settings_.command != Command::status)) return;
    auto store = runtime::LocalStore::open(profile_.directory(), settings_.server.target());
    if (!store) {
      fail(0, fmt::format("what you send is not kept on this machine: {}", store.error()));
      return;
    }
    local_store_ = std::move(*store);
  }

  void make_client(bool waits) {
    if (settings_.plain) {
      client_ = std::make_unique<client::PlainClient>(client::PlainClientOptions{settings_.name}, random_);
      return;
    }
    client::QuicClientOptions options;
    options.server_name = runtime::server_name(settings_.server);
    if (needs_name()) options.name = settings_.name;
    options.agent = fmt::format("confab {}", apps::version);
    options.wait_for_name = waits;
    options.reconnect = needs_name() || settings_.command == Command::tail;
    if (local_store_ && needs_name()) options.outbox = &local_store_->outbox();
    if (local_store_ && interactive_) options.history = &local_store_->history();
    options.trust = [this](const net::PeerCertificate& certificate) { return gatekeeper_->trust(certificate); };
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
            std::make_unique<tui::SendCommand>(*client_, tui::SendCommandOptions{.room = settings_.rooms.front(),
                                                                                 .text = settings_.words.front(),
                                                                                 .id = settings_.id,
                                                                                 .json = settings_.json});
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
      case Command::status:
        conversation_ = std::make_unique<tui::StatusCommand>(*client_, status_options());
        return;
    }
  }

  tui::StatusOptions status_options() {
    tui::StatusOptions options{
        .server = settings_.server.target(), .name = settings_.name, .queue = {}, .json = settings_.json};
    if (options.name.empty()) options.name = profile_.name();
    if (!local_store_) return options;
    auto queue = local_store_->outbox().load(options.name);
    if (queue) {
      options.queue = std::move(*queue);
    } else {
      fail(0, queue.error());
    }
    return options;
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
    prefs::ParsedSettings config = apps::load_config(settings_, prefs::default_settings(prefs::Mode::line));
    options.settings = std::move(config.settings);
    for (prefs::SettingsProblem& problem : config.problems) options.complaints.push_back(std::move(problem.text));
    options.server = settings_.server.target();
    options.judge_key = [this] { return gatekeeper_->last_answer(); };
    options.accept_key = [this] { gatekeeper_->accept(); };
    if (draws()) options.history = apps::load_history(profile_);
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
      loop.on_signal({SIGTERM, SIGINT, SIGHUP},
                     [this](int signal, base::Now) { conversation_->interrupt(128 + signal); });
    }
    if (line_mode_ != nullptr) {
      loop.on_signal({SIGWINCH},
                     [this](int, base::Now) { line_mode_->resize(screen_size(io::terminal_size(STDOUT_FILENO))); });
    }
    loop.on_network_change([this](base::Now now) { client_->network_changed(now); });
    loop.after_turn([this, &loop, &terminal](base::Now) {
      write_out(loop);
      if (line_mode_ != nullptr && line_mode_->take_suspend() && terminal) {
        terminal->suspend();
        line_mode_->redraw();
        write_out(loop);
      }
      if (line_mode_ != nullptr) {
        for (prefs::SpawnRequest& spawn : line_mode_->take_spawns()) children_.start(loop, std::move(spawn));
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
    if (code == tui::exit_codes::untrusted) fail(code, gatekeeper_->complaint());
    if (line_mode_ != nullptr && draws()) {
      if (const auto kept = apps::keep_history(profile_, line_mode_->typed()); !kept) fail(0, kept.error());
    }
    const bool named = code == tui::exit_codes::done || code == tui::exit_codes::queued;
    if (named && needs_name() && line_mode_ == nullptr && !settings_.plain) {
      if (const auto kept = profile_.remember_name(settings_.name); !kept) fail(0, kept.error());
    }
    return code;
  }

  apps::ClientSettings settings_;
  runtime::Profile profile_;
  std::optional<runtime::Gatekeeper> gatekeeper_;  // once it is known where the server is
  bool interactive_;
  io::SystemRandom random_;
  base::NullLog log_;
  std::unique_ptr<runtime::LocalStore> local_store_;
  std::unique_ptr<client::Client> client_;
  std::unique_ptr<tui::Conversation> conversation_;
  std::string not_found_;               // why the server's name is none, as told last
  bool broken_ = false;                 // our stdout cannot be written: that is the run's result
  bool deaf_ = false;                   // nobody reads our stdout any more
  tui::LineMode* line_mode_ = nullptr;  // conversation_, where it is one
  apps::Children children_{
      [this](const prefs::ChildOutput& output, base::Now now) { line_mode_->hear_child(output, now); }};
};

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
  Program program(std::move(settings), std::move(*profile));
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
    if (settings->check_config) return apps::check_config(*settings);
    return start(std::move(*settings));
  } catch (const std::exception& error) {
    return fail(tui::exit_codes::failed, error.what());
  }
}

// SPDX-License-Identifier: MIT
#include "screen_program.h"

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "children.h"
#include "client_config.h"
#include "input_history.h"
#include "io/clock.h"
#include "io/fifo.h"
#include "io/home.h"
#include "io/loop.h"
#include "io/terminal.h"
#include "io/terminal_output.h"
#include "screen/fleet.h"
#include "screen/full_screen.h"
#include "screen_server.h"
#include "server_choice.h"
#include "tui/conversation.h"

namespace confab::apps {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int minutes_east(std::int64_t unix_s) {
  const auto time = static_cast<std::time_t>(unix_s);
  std::tm local{};
  return ::localtime_r(&time, &local) == nullptr ? 0 : static_cast<int>(local.tm_gmtoff / 60);
}

term::ColorDepth color_depth() {
  if (!io::wants_color(STDOUT_FILENO)) return term::ColorDepth::none;
  const int colors = io::terminal_colors();
  if (colors >= 256) return term::ColorDepth::full;
  return colors >= 8 ? term::ColorDepth::basic : term::ColorDepth::none;
}

term::Size screen_size() {
  const io::TerminalSize size = io::terminal_size(STDOUT_FILENO);
  return {.columns = static_cast<std::size_t>(size.columns), .rows = static_cast<std::size_t>(size.rows)};
}

/// The parts of one run, in the order in which they are made.
class ScreenProgram {
 public:
  ScreenProgram(const ClientSettings& settings, runtime::Profile profile)
      : profile_(std::move(profile)), config_(load_config(settings)) {
    for (ScreenServerOptions& each : choose_servers(settings, config_.settings)) {
      servers_.emplace_back(std::move(each), profile_);
    }
    make_screen();
  }

  int run() {
    auto opened = io::TerminalOutput::open(STDOUT_FILENO);
    if (!opened) return fail(opened.error().text);
    output_ = std::move(*opened);
    std::vector<screen::FleetMember> members;
    members.reserve(servers_.size());
    for (ScreenServer& server : servers_) members.push_back({.client = &server.client(), .locals = {}});
    screen::Fleet fleet(std::move(members), *screen_, [this] { write_out(); });
    io::Loop loop(fleet);
    auto raw = io::RawTerminal::enter(STDIN_FILENO);
    if (!raw) return fail(raw.error().text);
    std::optional<io::RawTerminal> terminal(std::move(*raw));
    fleet.start(io::read_clocks());
    watch(loop, fleet, terminal);
    for (std::size_t i = 0; i < servers_.size(); ++i) resolve(loop, fleet, i);
    const int code = turn_until_the_end(loop);
    stop_helpers();
    terminal.reset();
    return conclude(code);
  }

 private:
  /// On a terminal that does not read, an end does not wait for its last words either.
  static void complain(std::string_view text) {
    auto terminal = io::TerminalOutput::open(STDERR_FILENO);
    std::ignore = terminal ? terminal->write(text) : io::write_all(STDERR_FILENO, text);
  }

  static int fail(std::string_view why) {
    complain(fmt::format("confab: {}\n", why));
    return tui::exit_codes::failed;
  }

  /// They must not outlive the loop.
  void stop_helpers() {
    children_.clear();
    fifo_.reset();
  }

  /// Whatever goes wrong, the terminal is given back as it was.
  int turn_until_the_end(io::Loop& loop) {
    try {
      const int code = loop.run();
      give_back_screen();
      return code;
    } catch (...) {
      give_back_screen();
      stop_helpers();
      throw;
    }
  }

  void give_back_screen() {
    screen_->leave_screen();
    output_->write_last(screen_->take_output());
  }

  void make_screen() {
    screen::FullScreenOptions options;
    options.settings = config_.settings;
    for (const prefs::SettingsProblem& problem : config_.problems) options.complaints.push_back(problem.text);
    std::vector<screen::ServerSetup> setups;
    for (ScreenServer& server : servers_) {
      setups.push_back(server.setup());
      if (!server.complaint().empty()) options.complaints.push_back(server.complaint());
    }
    options.size = screen_size();
    options.painter = {.colors = color_depth(), .links = variable("TERM") != "linux"};
    options.terminal = {
        .term = variable("TERM"), .term_program = variable("TERM_PROGRAM"), .vte_version = variable("VTE_VERSION")};
    options.colorfgbg = variable("COLORFGBG");
    options.history = load_history(profile_);
    options.zone = minutes_east;
    screen_ = std::make_unique<screen::FullScreen>(std::move(setups), std::move(options));
  }

  void resolve(io::Loop& loop, screen::Fleet& fleet, std::size_t at) {
    servers_[at].resolve(loop, [this, &fleet, at](std::expected<std::vector<base::Address>, std::string> locals) {
      if (locals) {
        fleet.set_locals(at, *std::move(locals));
      } else {
        screen_->hear_offline(at, locals.error());
      }
    });
  }

  void watch(io::Loop& loop, screen::Fleet& fleet, std::optional<io::RawTerminal>& terminal) {
    loop.watch_input(STDIN_FILENO,
                     [this](base::ByteView bytes, base::Now now) { screen_->input(base::as_text(bytes), now); });
    loop.on_signal({SIGTERM, SIGINT, SIGHUP}, [this](int signal, base::Now) { screen_->interrupt(128 + signal); });
    loop.on_signal({SIGWINCH}, [this](int, base::Now) { screen_->resize(screen_size()); });
    loop.on_network_change([&fleet](base::Now now) { fleet.network_changed(now); });
    loop.wait_for_room(output_->fd());  // it is watched now: later there might be no descriptor left for that
    loop.after_turn([this, &loop, &terminal](base::Now) {
      if (const auto code = screen_->exit_code()) return loop.stop(*code);
      if (screen_->take_suspend()) suspend(*terminal);
      write_out();
      if (output_->is_waiting()) loop.wait_for_room(output_->fd());
      // Nobody is there to be told.
      if (is_gone_) loop.stop(tui::exit_codes::failed);
      for (prefs::SpawnRequest& spawn : screen_->take_spawns()) children_.start(loop, std::move(spawn));
      follow_fifo(loop);
      if (fifo_) screen_->takes_lines() ? fifo_->resume() : fifo_->pause();
    });
  }

  void write_out() {
    is_gone_ = !output_->write(screen_->take_output());
    screen_->hold(output_->is_waiting());
  }

  void suspend(io::RawTerminal& terminal) {
    give_back_screen();
    terminal.suspend();
    screen_->resize(screen_size());
    screen_->redraw();
  }

  /// At the start, and when /set names another one.
  void follow_fifo(io::Loop& loop) {
    if (screen_->fifo_path() == fifo_path_) return;
    fifo_path_ = screen_->fifo_path();
    fifo_.reset();
    if (fifo_path_.empty()) return;
    auto fifo = io::Fifo::open(loop, io::expand_home(fifo_path_),
                               [this](std::string_view line, base::Now now) { screen_->hear_fifo(line, now); });
    if (fifo) {
      fifo_ = std::move(*fifo);
    } else {
      loop.post([this, why = fifo.error().text](base::Now) { screen_->note(why, screen::Entry::What::error); });
    }
  }

  int conclude(int code) {
    complain(screen_->take_errors());
    if (code == tui::exit_codes::untrusted) {
      for (const ScreenServer& server : servers_) {
        if (const std::string why = server.trust_complaint(); !why.empty()) fail(why);
      }
    }
    if (const auto kept = keep_history(profile_, screen_->typed()); !kept) fail(kept.error());
    return code;
  }

  runtime::Profile profile_;
  prefs::ParsedSettings config_;
  std::deque<ScreenServer> servers_;
  std::unique_ptr<screen::FullScreen> screen_;
  std::optional<io::TerminalOutput> output_;
  bool is_gone_ = false;  // the terminal
  Children children_{[this](const prefs::ChildOutput& output, base::Now now) { screen_->hear_child(output, now); }};
  std::string fifo_path_;  // as it is set
  std::unique_ptr<io::Fifo> fifo_;
};

}  // namespace

int run_screen(const ClientSettings& settings, runtime::Profile profile) {
  return ScreenProgram(settings, std::move(profile)).run();
}

}  // namespace confab::apps

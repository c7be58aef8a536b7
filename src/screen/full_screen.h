// SPDX-License-Identifier: MIT
// The full-screen client: what clients hear and what a person presses comes in, what the terminal is to show goes out.
//
// A key's echo is painted in the turn in which it was pressed; what is heard, at most thirty times a second, so that a
// flood costs the terminal no more than a person can see. Where nothing changes, nothing is painted and nobody woken.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "prefs/hooks.h"
#include "prefs/notifier.h"
#include "prefs/settings.h"
#include "screen/frame.h"
#include "screen/local_time.h"
#include "screen/room_list.h"
#include "screen/server_view.h"
#include "screen/status_line.h"
#include "term/grid.h"
#include "term/keys.h"
#include "term/line_editor.h"
#include "term/painter.h"
#include "tui/command_table.h"

namespace confab::screen {

struct FullScreenOptions {
  prefs::Settings settings;
  std::vector<std::string> complaints;  ///< of the settings: shown at the start
  term::Size size;
  term::PainterOptions painter;
  prefs::TerminalHints terminal;
  std::string colorfgbg;  ///< of the environment
  term::History history;  ///< what was typed in earlier runs
  LocalTime::Zone zone;
};

/// Not thread-safe.
class FullScreen {
 public:
  static constexpr base::Duration paint_pause = std::chrono::milliseconds(33);
  /// A figure of the link that changes on its own is not worth more.
  static constexpr base::Duration status_pause = std::chrono::seconds(1);
  /// While somebody types, the others are told again after this.
  static constexpr base::Duration typing_again = std::chrono::seconds(4);

  /// A program writes faster than anything is stored, a person does not.
  static constexpr std::size_t lines_waiting_max = 256;

  FullScreen(std::vector<ServerSetup> servers, FullScreenOptions options);

  /// Before the first turn: opens the rooms, with what is known of them here.
  void start(base::Now now);
  void hear(std::size_t server, const Event& event, base::Now now);
  /// The server cannot be reached yet, for a reason that its client does not know.
  void hear_offline(std::size_t server, const std::string& why);
  /// Before the clients transmit, which may take the disk's time: what was pressed is painted. False: nothing was.
  bool echo(base::Now now);
  /// The turn is over: the clients have transmitted, and all they had to say was heard.
  void end_turn(base::Now now);
  /// Bytes of the terminal; an empty view is their end.
  void input(std::string_view bytes, base::Now now);
  void wake(base::Now now);
  base::Instant next_deadline() const;

  /// While the terminal has not taken what it was given, nothing is painted; then what is known by that time.
  void hold(bool held) { held_ = held; }
  void resize(term::Size size);
  /// After the program was continued.
  void redraw();
  /// Gives the screen back, for a stop or an end that comes from outside.
  void leave_screen();
  /// The system asks the program to end.
  void interrupt(int exit_code);
  void quit();

  std::string take_output() { return std::exchange(output_, {}); }
  std::string take_errors() { return std::exchange(errors_, {}); }
  /// Ctrl-Z was pressed since the last call.
  bool take_suspend() { return std::exchange(suspend_, false); }
  std::vector<prefs::SpawnRequest> take_spawns() { return std::exchange(spawns_, {}); }
  void hear_child(const prefs::ChildOutput& output, base::Now now);
  /// False: so much waits to be stored, or the run is about to end, that programs have to wait with their lines.
  bool takes_lines() const;
  /// Where programs write lines for hear_fifo(); /set may change it at any time. Empty: nowhere.
  const std::string& fifo_path() const { return settings_.hooks.fifo; }
  /// A line that a program wrote into the FIFO.
  void hear_fifo(std::string_view line, base::Now now);
  /// Something to say to the person, beside what servers say.
  void note(std::string_view text, Entry::What what = Entry::What::note);

  /// Set once the run is over.
  std::optional<int> exit_code() const { return exit_code_; }
  /// The lines that were typed in this run, oldest first.
  const std::vector<std::string>& typed() const { return typed_; }
  /// What is on the screen, for tests.
  const term::Grid& grid() const { return grid_; }

 private:
  enum class Asking { name, trust };
  struct Question {
    Asking what = Asking::name;
    std::size_t server = 0;
  };
  struct Place {
    std::size_t server = 0;
    Window* window = nullptr;
  };

  // full_screen.cc
  ServerView& server() { return servers_[current_.server]; }
  const ServerView& server() const { return servers_[current_.server]; }
  Window& window() { return *current_.window; }
  std::vector<Place> places() const;
  Window& open(std::size_t server, const std::string& room);
  void ask(Asking what, std::size_t server);
  void settle(std::size_t server);
  void hear_status(std::size_t at, const Status& status);
  void hear_link(std::size_t at, const Link& link);
  void hear_failure(std::size_t at, const Link& link);
  void hear_rooms(std::size_t at, const Rooms& rooms);
  void hear_invited(std::size_t at, const Invited& invited);
  bool is_ignored_peer(const ServerView& server, const std::string& room) const;
  void hear_message(std::size_t at, const Window& where, const Message& message, base::Now now);
  void leave();
  std::size_t unsettled() const;
  bool keeps_unsettled() const;

  // full_screen_keys.cc
  void press(const term::Key& key);
  bool run(term::Action action);
  void answer_paste(const term::Key& key);
  void edit(const term::Key& key);
  void submit(const std::string& line);
  void take_name(const std::string& line);
  void take_trust(const std::string& line);
  void go_to(Place place);
  void go_by(std::ptrdiff_t steps);
  void go_to_active();
  void toggle_pane(PaneWish& wish, term::Rect Frame::* pane);
  void copy_selected();
  void tell_typing();
  std::vector<std::string> known_rooms();
  term::Completions complete(std::string_view text, std::size_t cursor);

  // full_screen_commands.cc, full_screen_messages.cc
  struct Handler;
  static const Handler handlers[];
  void take_line(const std::string& line);
  void say(Window& window, ServerView& server, Kind kind, const std::string& text);
  void post(Window& window, ServerView& server, const Content& content);
  void say_here(Kind kind, const std::string& text);
  void post(const Content& content);
  void show_room(const std::string& room);
  std::expected<std::string, std::string> room_named(std::string_view typed) const;

  void on_join(std::string_view argument);
  void on_part(std::string_view argument);
  void on_msg(std::string_view argument);
  void on_me(std::string_view argument);
  void on_reply(std::string_view argument);
  void on_edit(std::string_view argument);
  void on_redact(std::string_view argument);
  void on_react(std::string_view argument);
  void on_topic(std::string_view argument);
  void on_names(std::string_view argument);
  void on_whois(std::string_view argument);
  void on_list(std::string_view argument);
  void on_history(std::string_view argument);
  void on_search(std::string_view argument);
  void on_mark(std::string_view argument);
  void on_retry(std::string_view argument);
  void on_discard(std::string_view argument);
  void on_nick(std::string_view argument);
  void on_away(std::string_view argument);
  void on_back(std::string_view argument);
  void on_ignore(std::string_view argument);
  void on_unignore(std::string_view argument);
  void on_set(std::string_view argument);
  void on_exec(std::string_view argument);
  void on_status(std::string_view argument);
  void on_clear(std::string_view argument);
  void on_help(std::string_view argument);
  void on_quit(std::string_view argument);

  const Entry* newest(const std::function<bool(const Entry&)>& wanted);
  const Entry* selected_or(const std::function<bool(const Entry&)>& wanted);
  const Entry* addressed(std::string_view argument, std::string_view& text);
  void retry_line(const Entry& refused);

  // full_screen_draw.cc
  void apply_settings();
  void dress(const Place& place);
  void paint(base::Now now);
  void draw_borders(const Frame& frame);
  std::string prompt() const;
  FrameWishes wishes() const;
  std::vector<RoomItem> room_items() const;
  StatusInfo status_info(base::Now now);
  bool may_paint() const { return shown_ && !held_ && stale_; }
  bool is_status_old(base::Now now);
  base::Instant status_ages_at(base::Now now) const;
  bool mark_seen();

  FullScreenOptions options_;
  prefs::Settings settings_;
  Theme theme_ = Theme::dark();
  std::deque<ServerView> servers_;
  Place current_;
  term::KeyDecoder keys_;
  term::LineEditor editor_;
  term::Painter painter_;
  term::Grid grid_;
  term::Size size_;
  prefs::Notifier notifier_;
  prefs::Hooks hooks_;
  std::vector<prefs::SpawnRequest> spawns_;
  std::map<std::string, Content::What> under_way_;  // what was said in this run and is not settled, by id

  std::deque<Question> questions_;   // about servers, one at most for each; the first is asked, in the input's place
  std::optional<term::Key> pasted_;  // and it is asked about
  std::map<std::uint64_t, std::size_t> exec_servers_;  // of the programs that run: by id, whose room it was
  std::string hint_;
  std::vector<std::string> typed_;
  base::Now now_;  // this turn's
  base::Instant painted_at_ = base::at_once;
  base::Instant typing_told_at_ = base::at_once;
  base::Instant status_due_ = base::never;  // when the status line grows old
  std::vector<std::string> shown_status_;
  std::size_t queued_ = 0;  // unsettled when the clients had transmitted last: what came since is kept nowhere yet
  std::optional<Place> typing_in_;
  bool asked_ = false;        // the clients were asked for something since they transmitted
  bool stale_ = true;         // the screen does not show what is known
  bool pressed_ = true;       // a person waits for it
  bool interrupted_ = false;  // the key before was Ctrl-C on an empty line
  bool quitting_ = false;
  bool leaving_ = false;
  bool suspend_ = false;
  bool shown_ = false;     // the screen is ours
  bool held_ = false;      // the terminal has still to take the picture before
  bool has_focus_ = true;  // as far as the terminal tells
  std::optional<int> end_code_;
  std::optional<int> exit_code_;
  std::string output_;
  std::string errors_;
};

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
// `confab` in a terminal, line by line: what others say appears above the line that is being typed and never tears it.
// No alternate screen and a real cursor: it is the screen reader's mode, too.
#pragma once

#include <chrono>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/known_hosts.h"
#include "prefs/highlight.h"
#include "prefs/hooks.h"
#include "prefs/notifier.h"
#include "prefs/set_command.h"
#include "term/history.h"
#include "term/keys.h"
#include "term/line_editor.h"
#include "tui/command_table.h"
#include "tui/completion.h"
#include "tui/conversation.h"
#include "tui/prompt_view.h"
#include "tui/recent_messages.h"

namespace confab::tui {

/// A line that was typed is stored after a round trip and a sync; what takes longer is worth a word.
inline constexpr base::Duration answer_expected = std::chrono::seconds(2);

struct LineModeOptions {
  std::string name;                ///< empty: it is asked for
  std::vector<std::string> rooms;  ///< at least one; the first is talked in
  bool json = false;
  bool color = false;
  bool redirected = false;  ///< stdout is for data alone: questions and notes go to stderr
  bool dumb = false;        ///< the terminal cannot move its cursor and edits lines itself
  ScreenSize screen;
  term::History history;  ///< what was typed in earlier runs
  prefs::Settings settings = prefs::default_settings(prefs::Mode::line);
  std::vector<std::string> complaints;  ///< of the settings: shown at the start
  std::string server;                   ///< host and port, for hooks
  /// What the key that the server showed last is to us, and how to take it for good.
  std::function<client::TrustAnswer()> judge_key;
  std::function<void()> accept_key;
  /// The server has let us in under this name.
  std::function<void(const std::string& name)> on_named;
};

class LineMode final : public Conversation {
 public:
  LineMode(client::Client& client, LineModeOptions options);

  void start() override;
  void hear(const Event& event, base::Now now) override;
  void caught_up() override;
  void input(std::string_view bytes, base::Now now) override;
  void interrupt(int exit_code) override;
  void wake(base::Now now) override;
  base::Instant next_deadline() const override {
    return std::min({keys_.next_deadline(), notifier_.next_deadline(), unanswered_due_});
  }
  bool wants_input() const override { return true; }

  void resize(ScreenSize screen);
  /// Ctrl-Z was pressed since the last call.
  bool take_suspend() { return std::exchange(suspend_, false); }
  /// After the program was continued.
  void redraw();
  /// Gives the screen back, for a stop or an end that comes from outside.
  void leave_screen();
  /// Ends as if by /quit.
  void quit();

  std::vector<prefs::SpawnRequest> take_spawns() { return std::exchange(spawns_, {}); }
  void hear_child(const prefs::ChildOutput& output, base::Now now);

  /// The lines that were typed in this run, oldest first.
  const std::vector<std::string>& typed() const { return typed_; }

 private:
  enum class Asking { nothing, name, trust };
  struct Handler;
  static const Handler handlers[];

  void leave();
  void press(const term::Key& key);
  void answer_paste(const term::Key& key);
  void edit(const term::Key& key);
  void submit(const std::string& line);
  void take_name(const std::string& line);
  void take_trust(const std::string& line);
  void take_line(const std::string& line);
  void say(const std::string& room, Kind kind, const std::string& text);
  void post(const std::string& room, const Content& content);
  void show_own(const std::string& room, const Content& content);
  void keep_line(const std::string& id, const std::string& room, Content content);
  void talk_in(const std::string& room);
  RequestId enter(const std::string& room, Start start);
  void set_name(const std::string& name);
  void take_back_name(const std::string& why);
  std::expected<std::string, std::string> room_named(std::string_view text) const;
  const Message* message_of(Addressed addressed) const;

  void on_join(std::string_view argument);
  void on_part(std::string_view argument);
  void on_nick(std::string_view argument);
  void on_msg(std::string_view argument);
  void on_me(std::string_view argument);
  void on_topic(std::string_view argument);
  void on_reply(std::string_view argument);
  void on_edit(std::string_view argument);
  void on_redact(std::string_view argument);
  void on_react(std::string_view argument);
  void on_retry(std::string_view argument);
  void on_discard(std::string_view argument);
  void on_names(std::string_view argument);
  void on_whois(std::string_view argument);
  void on_list(std::string_view argument);
  void on_history(std::string_view argument);
  void on_search(std::string_view argument);
  void on_mark(std::string_view argument);
  void on_ignore(std::string_view argument);
  void on_unignore(std::string_view argument);
  void on_set(std::string_view argument);
  void on_exec(std::string_view argument);
  void on_away(std::string_view argument);
  void on_back(std::string_view argument);
  void on_status(std::string_view argument);
  void on_clear(std::string_view argument);
  void on_help(std::string_view argument);
  void on_quit(std::string_view argument);

  // line_mode_settings.cc
  void apply_settings();
  bool is_ignored(const Event& event) const;
  void hide(const Event& event);
  void show_unhidden();
  const prefs::Highlights& highlights_in(const std::string& room);
  bool mentions_me(const Message& message);
  bool is_news(const Message& message) const;
  void tell_of(const Message& message);
  void ring(const std::string& bytes);

  void take(const Event& event);
  void show_plainly(std::string_view text);
  void hear_link(const Link& link);
  void hear_status(const Status& status);
  void hear_settled(const Status& status);
  void tell_unanswered(base::Instant typed_until);
  void hear_opened(const Opened& opened);
  void hear_direct_rooms(const Rooms& rooms);
  void hear_invited(const Invited& invited);
  void open_direct(const std::string& room, std::uint64_t news_from);
  void hear_members(const Members& members);
  void hear_end(RequestId request);
  bool is_passed_over(const Event& event) const;
  bool is_known(const Event& event);
  void learn(const Event& event);
  void learn_who_is_here(const Event& event);
  void learn_rooms(const Rooms& rooms);
  std::vector<std::string> known_rooms();
  void show_event(const Event& event);
  void show_message(const Message& message);
  std::string lines_of(const Event& event);
  void show_members(const Members& members);
  void show_member(const Members& members, const std::string& name);
  void show_rooms(const Rooms& rooms);

  std::string prompt() const;
  void show_prompt();
  void print(const std::string& lines);
  void note(std::string_view text);
  void note_lines(std::string_view text);
  /// Likewise, of what was wrong with a line that was typed, or with the settings.
  void complain(std::string_view text);
  void tell(std::string_view type, std::string_view text);

  LineModeOptions options_;
  prefs::Settings settings_;
  term::KeyDecoder keys_;
  term::LineEditor editor_;
  PromptView view_;
  std::string dumb_line_;  // dumb: the line whose end has not been read yet
  std::vector<std::string> typed_;
  std::optional<term::Key> pasted_;  // held back until the question about it is answered

  Asking asking_ = Asking::nothing;
  std::string name_;
  std::string accepted_name_;       // that the server has let us in under last
  std::string room_;                // the one that is talked in
  std::vector<std::string> rooms_;  // joined, in that order
  /// A line that was typed here and is not settled yet.
  struct Line {
    std::string room;
    Content content;
    bool queued;  // shown as such: its author is told when it is sent
    base::Instant typed_at{};
  };
  std::map<std::string, Line> lines_;           // by id
  std::size_t queued_ = 0;                      // of lines_
  std::size_t sent_late_ = 0;                   // queued lines that were stored since there was none of them
  std::size_t left_behind_ = 0;                 // lines of an earlier run that wait, not told yet
  base::Instant unanswered_due_ = base::never;  // when a line that is not answered by then is called queued
  std::string put_off_;                         // the server's reason why lines have to wait, as told last
  std::map<std::string, Line> refused_;         // by id, for /retry and /discard
  std::map<std::string, NameIndex> names_;      // by room: who is here or has spoken, for completion
  std::set<RequestId> quiet_members_;           // questions for them that nobody typed
  std::vector<std::string> known_rooms_;        // joined or listed, sorted, for completion
  bool rooms_heard_ = false;                    // the server's list of them
  std::optional<RequestId> quiet_rooms_;        // the question for it that nobody typed, under way
  RecentMessages recent_;
  /// A direct room that was opened because somebody wrote there. What was read or shown before is not shown again.
  struct DirectJoin {
    std::uint64_t news_from;    // from here on all is new
    std::uint64_t known = 0;    // so far it was read elsewhere, or seen here before
    bool undecided = false;     // the local history has told what it has, and the server nothing yet
    std::vector<Event> held{};  // undecided: what was heard since
  };
  std::map<RequestId, DirectJoin> direct_joins_;  // until something new has come
  std::optional<RequestId> direct_rooms_;         // the question for them that is under way
  std::map<std::string, std::string> topics_;     // by room
  /// By the request of a join: what comes behind this event is news. None while the local history tells what it has.
  std::map<RequestId, std::optional<std::uint64_t>> news_behind_;
  std::set<std::string> ignored_;                        // folded names
  std::deque<Event> hidden_;                             // what the ignored did, the newest of it
  std::map<std::string, prefs::Highlights> highlights_;  // by room, of those that were asked for
  prefs::Notifier notifier_{{}};
  prefs::Hooks hooks_;
  std::vector<prefs::SpawnRequest> spawns_;
  struct Search {
    std::vector<std::string> words;
    std::size_t found = 0;
  };
  std::map<RequestId, Search> searches_;    // reads whose messages are looked through
  std::map<RequestId, std::string> whois_;  // questions for members, of whom one name is meant
  base::Now now_;                           // this turn's
  bool online_ = false;
  bool offline_told_ = false;
  bool interrupted_ = false;     // the key before was Ctrl-C on an empty line
  bool quitting_ = false;        // as soon as all is stored
  bool leaving_ = false;         // when this turn is over, and with it known whether what is not stored is kept
  std::optional<int> end_code_;  // where a signal ends it and nothing is left queued
  bool suspend_ = false;
};

}  // namespace confab::tui

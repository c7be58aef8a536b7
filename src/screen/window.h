// SPDX-License-Identifier: MIT
// One room on the screen: its lines and the view of them, who is there, what is being typed in it, and the pages that
// are on their way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "client/client.h"
#include "prefs/highlight.h"
#include "screen/roster.h"
#include "screen/scroll_view.h"
#include "tui/completion.h"

namespace confab::screen {

/// Not thread-safe; stays where it is, for its view refers to its lines.
class Window {
 public:
  /// What is read at once when one scrolls beyond what is loaded: some screens.
  static constexpr std::uint32_t page_events = 200;
  /// Somebody who types says so again before this has passed.
  static constexpr base::Duration typing_shown = std::chrono::seconds(6);
  /// In rooms where joins are not announced, who is there is asked again after this.
  static constexpr base::Duration roster_age_max = std::chrono::seconds(60);

  Window(client::Client& client, std::string room);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  const std::string& room() const { return room_; }
  RoomBuffer& buffer() { return buffer_; }
  const RoomBuffer& buffer() const { return buffer_; }
  ScrollView& view() { return view_; }
  bool follows_end() const { return view_.follows_end(); }
  const Roster& roster() const { return roster_; }
  /// Who may be meant: who is here, and who has spoken.
  const tui::NameIndex& names() const { return names_; }
  const std::string& topic() const { return topic_; }
  bool is_joined() const { return join_ != 0; }

  /// Becomes a member, with what was seen of the room before.
  void join();
  void part();
  /// What counts as said to me, and whose lines are hidden. Those of others that were, come back.
  void set_me(std::string own_name, const std::vector<std::string>& highlights, std::vector<std::string> ignored);
  const prefs::Highlights& highlights() const { return highlights_; }
  bool is_ignored(std::string_view name) const;
  /// It was opened because somebody wrote: its first page brings what that was.
  void expect_news() { expects_news_ = true; }
  /// Whether a person is to be told of it: not of what was said long ago, and not of what is hidden.
  bool is_news(const Message& message) const;

  /// What waits to be sent here, of an earlier run too, is among the lines; what is there already stays as it is.
  void show_unsettled();

  /// Offline, an opened join is from the local history.
  void set_online(bool online) { online_ = online; }
  /// An event of this room, or an answer to one of this window's requests; true if it was one.
  bool hear(const Event& event, base::Now now);
  /// Asks for older lines where the view comes near the oldest; at the end of a turn. True if it did.
  bool load_older();
  /// The mention before.
  struct Mention {};
  /// The view goes to what is not loaded yet, page by page: to these words, this time, a mention, or the first unread
  /// line.
  using Target = std::variant<std::string, std::int64_t, Mention, std::monostate>;
  /// nullopt: it is found, or under way; else why not.
  std::optional<std::string> seek(Target target);
  bool is_seeking() const { return target_.has_value(); }
  /// What was sought is nowhere in the room; once.
  bool take_seek_failed() { return std::exchange(seek_failed_, false); }
  void stop_seeking() { target_.reset(); }
  /// Nothing older comes on its own until one scrolls.
  void clear();
  /// The person scrolls: what could not be had before is asked for once more.
  void allow_older();

  /// The window is looked at, to its end: what is there is read, here and on one's other devices. True if it was not.
  bool mark_read();
  /// Who is there is asked for where it may have changed unseen.
  void refresh_roster(base::Now now);

  std::vector<std::string> typing(base::Instant now) const;
  base::Instant typing_ends(base::Instant now) const;

  /// What was typed and not sent when one went to another room.
  std::string draft;

 private:
  bool hear_page(const Event& event);
  void hear_opened(const Opened& opened);
  void hear_log(const Event& event);
  void ask_older(std::uint64_t before);
  bool try_target();
  RoomBufferOptions buffer_options();

  client::Client& client_;
  std::string room_;
  std::string own_name_;
  prefs::Highlights highlights_;
  std::vector<std::string> ignored_;  // folded
  RoomBuffer buffer_;
  ScrollView view_;
  Roster roster_;
  tui::NameIndex names_;
  std::string topic_;
  std::map<std::string, base::Instant> typing_;  // by name: until when
  RequestId join_ = 0;
  RequestId members_request_ = 0;
  base::Instant roster_at_ = base::at_once;
  RequestId page_request_ = 0;
  std::uint64_t page_before_ = 0;  // what was asked for ends before this event
  std::uint64_t page_first_ = 0;   // the first that came; 0: none
  bool page_shows_ = false;        // something that came is not hidden
  std::vector<Event> page_;
  std::uint64_t exhausted_before_ = 0;  // nothing came from before this event
  bool expects_news_ = false;
  std::optional<Target> target_;
  bool seek_failed_ = false;
  std::uint64_t opened_end_ = 0;  // of the log, when the server opened it first
  std::uint64_t told_read_ = 0;
  bool cleared_ = false;
  bool online_ = true;
  bool opened_ = false;  // by the server: how far this name has read is known
};

}  // namespace confab::screen

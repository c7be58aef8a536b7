// SPDX-License-Identifier: MIT
// What one room's window knows: the room's log as far as it was loaded, with what was said on this screen alone in
// between, and one's own lines on their way behind it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "confab/types.h"
#include "screen/entry.h"
#include "screen/entry_from.h"
#include "screen/message_change.h"
#include "screen/speakers.h"

namespace confab::screen {

struct RoomBufferOptions {
  /// Whether somebody else's message calls for me. Empty: none does.
  std::function<bool(const Message&)> mentions_me = {};
  /// Whether what somebody says and does is not to be shown, for now. Empty: nobody's.
  std::function<bool(std::string_view name)> is_hidden = {};
  /// Whether I wrote it on another device. Empty: only what was typed here is mine.
  std::function<bool(const Message&)> is_mine = {};
  /// What is kept in memory. Beyond it the oldest lines go; they can be loaded again.
  std::size_t entries_max = 200'000;
  std::size_t bytes_max = std::size_t{64} * 1024 * 1024;
};

/// Not thread-safe. Lines are looked at by index, 0 for the oldest; an index holds until the buffer changes, a key for
/// as long as the line is there. To append is O(1), to find a line by key, id or seq O(log n).
///
/// Invariants: 1. lines are in the log's order; one made here stands where the log ended then; 2. one's own lines that
/// are not in the log yet are behind all others, in the order in which they were sent; 3. a seq and a message's id are
/// there at most once, whichever way and however often they come.
class RoomBuffer {
 public:
  /// Of what is hidden so much is kept; beyond it the oldest goes, and comes back with a page or not at all.
  static constexpr std::size_t hidden_max = 10'000;
  static constexpr std::size_t hidden_bytes_max = std::size_t{4} * 1024 * 1024;

  explicit RoomBuffer(RoomBufferOptions options = {});

  /// What the client heard of this room, as it comes. What is known is left out, and what is no event of a log.
  void add(const Event& event);
  /// A page that was read: the newest events before oldest_seq(), or before the end of what was skipped; whatever it
  /// leaves out up to there is not to be shown. It may begin with what is known, or before another gap.
  void add_older(std::span<const Event> events);

  /// is_hidden() says something else by now: what it no longer holds back comes where it stands in the log. What is
  /// shown stays.
  void show_unhidden();

  /// A message that is being sent, or sent once more: a line at the end until its own event comes. Other contents have
  /// no line; what they do is seen when their event comes.
  void add_own(const std::string& id, const Content& content, const std::string& name, std::int64_t now_ms);
  void on_status(const Status& status);
  /// One's own line is given up; false: it is no longer there, or in the log.
  bool discard(const std::string& id);

  /// Nothing of the log is here any more, but all of it can be loaded; one's own lines on their way stay.
  void clear();

  /// What Confab says, on this screen alone. `what` is note or error.
  void add_note(const std::string& text, std::int64_t now_ms, Entry::What what = Entry::What::note);

  std::size_t size() const { return lines_.size() + waiting_.size(); }
  const Entry& at(std::size_t index) const { return line(index).entry; }
  std::optional<std::size_t> index_of(EntryKey key) const;
  std::optional<std::size_t> find_id(const std::string& id) const;
  /// The first line of the log from this event on; size() if there is none.
  std::size_t index_from(std::uint64_t seq) const;
  /// The first line said at that time or later, as far as the log's times go up; size() if there is none.
  std::size_t index_from_time(std::int64_t unix_ms) const;

  /// 0: nothing of the log is known.
  std::uint64_t oldest_seq() const { return oldest_seq_; }
  std::uint64_t newest_seq() const { return newest_seq_; }
  /// The log has older events, and there is room for them.
  bool has_more_before() const;

  /// Messages of others behind the read position, and those of them that mention me.
  std::size_t unread() const { return unread_; }
  std::size_t mentions() const { return mentions_; }
  std::uint64_t read_seq() const { return read_seq_; }
  /// Everything up to there was seen, here or on another device. It never goes back.
  void mark_read(std::uint64_t seq);
  /// What is unread now, or comes from now on, begins at a marker that stays: for when one looks away.
  void place_marker();
  void drop_marker();
  /// The line that the marker stands above; 0: there is none.
  EntryKey marker() const { return marker_; }

  /// The cells of the longest name that stands before a message; it only grows.
  std::size_t name_cells() const { return name_cells_; }
  /// Grows whenever lines have changed that were there before, other than by lines behind them.
  std::uint64_t changes() const { return changes_; }

 private:
  /// Where a line stands: at its seq; or, with a part, behind the one with that seq, which was the log's last when the
  /// line was made.
  struct Place {
    std::uint64_t seq = 0;
    std::uint64_t part = 0;
    auto operator<=>(const Place&) const = default;
  };
  static constexpr std::uint64_t waiting_seq = ~std::uint64_t{0};  // of the places in waiting_
  struct Line {
    Place place;
    Entry entry;
  };
  /// Lines that go in together.
  struct Page {
    LogRange range;
    std::vector<Line> lines;
    std::vector<MessageChange> changes;
  };

  const Line& line(std::size_t index) const {
    return index < lines_.size() ? lines_[index] : waiting_[index - lines_.size()];
  }
  Entry* find(const std::string& id);
  Entry* find_waiting(const std::string& id);
  std::size_t lower_bound(Place place) const;
  std::optional<LogRange> gap_at(std::uint64_t seq) const;

  void append(const Event& event, LogRange range);
  void push_back(Line line);
  void begin_log(std::uint64_t seq);
  std::optional<LogRange> missing(LogRange range) const;
  void add_to_page(Page& page, const Event& event, LogRange range, Speakers& speakers);
  void insert(Page page);
  void end_gap(std::uint64_t seq);

  std::optional<Entry> take(const Event& event, Speakers& speakers);
  bool hide(const Event& event, std::uint64_t seq);
  void show_lines(std::vector<Line> shown);
  void forget_hidden(std::map<std::uint64_t, Event>::iterator end);
  bool claim(Entry& entry);
  void change(MessageChange change);
  void enter(const Line& line);
  void forget(const Line& line);
  void count(const Line& line);
  void settle_before(std::uint64_t seq);
  void find_marker();
  bool is_full() const { return lines_.size() >= options_.entries_max || bytes_ >= options_.bytes_max; }
  void trim();
  void drop_front();

  RoomBufferOptions options_;
  std::deque<Line> lines_;
  std::deque<Line> waiting_;  // one's own, not in the log yet; their places end in a part, too
  std::unordered_map<EntryKey, Place> places_;
  std::unordered_map<std::string, EntryKey> by_id_;
  std::map<std::uint64_t, EntryKey> gaps_;  // lines for skipped events, by the first of these
  std::map<std::uint64_t, Event> hidden_;   // by seq
  std::size_t hidden_bytes_ = 0;            // of their texts
  WaitingChanges late_;
  Speakers speakers_;
  EntryKey next_key_ = 1;
  std::uint64_t next_part_ = 1;
  std::uint64_t oldest_seq_ = 0;
  std::uint64_t newest_seq_ = 0;
  std::size_t bytes_ = 0;

  std::uint64_t read_seq_ = 0;
  std::size_t unread_ = 0;
  std::size_t mentions_ = 0;
  std::optional<Place> marker_after_;
  EntryKey marker_ = 0;

  std::size_t stored_waiting_ = 0;  // of waiting_, those that the server has stored
  std::size_t name_cells_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace confab::screen

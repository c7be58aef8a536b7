// SPDX-License-Identifier: MIT
// The local history as the client uses it: opens a joined room with what was seen of it before, and keeps what is seen.
#pragma once

#include <chrono>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "client/history_store.h"
#include "confab/types.h"

namespace confab::client {

/// A piece of a room's log that ends before a given place.
struct Page {
  base::Seq end = 0;             ///< where `known` begins, or would begin
  std::vector<Event> known;      ///< its newest events, as far as they are kept here
  std::vector<KeptEvent> heard;  ///< what the server has told of what stands in front of them, without gaps
};

/// Not thread-safe. A store that fails costs nothing but the copy: it is told by a Warning, once until it works again,
/// and tried again after a pause.
class LocalLog {
 public:
  /// A room opens with so many of its last events: some screens full.
  static constexpr std::size_t events_shown_max = 100;
  /// Each try may take a quarter of a second of the program's time.
  static constexpr base::Duration store_pause = std::chrono::seconds(5);
  /// Of a room, so many events wait for a store that fails.
  static constexpr std::size_t waiting_max = 1000;

  /// `store` (nullptr: nothing is kept) and `events` must outlive it.
  LocalLog(HistoryStore* store, std::deque<Event>& events) : store_(store), events_(events) {}

  /// Tells the last events of a room, if any are kept, as those of `request`. Answers the very last one: the server's
  /// log goes on behind it, if it is still the same log.
  std::optional<KeptEvent> open(const std::string& room, RequestId request);

  /// The newest events of a room before `seq`, at most `count_max`, told as those of `request`.
  Page before(const std::string& room, base::Seq seq, std::size_t count_max, RequestId request);

  void add(const std::string& room, base::Seq seq, base::ByteView bytes);
  /// Keeps what was heard of a page, if it joins on to what is kept: scrolled back once, it is here.
  void prepend(const std::string& room, std::vector<KeptEvent> events);
  /// At the end of a turn: what was added is kept in one go.
  void flush(base::Now now);
  void forget_from(const std::string& room, base::Seq first);
  base::Instant next_deadline() const { return works_ || changes_.empty() ? base::never : retry_at_; }

 private:
  /// Of a room, since the last flush; in this order.
  struct Changes {
    std::optional<base::Seq> forget_from;
    std::vector<KeptEvent> added;
    std::vector<std::vector<KeptEvent>> pages;  // newest first, as they are asked for
  };

  std::expected<void, std::string> keep(const std::string& room, const Changes& changes);
  void warn(const std::string& why);

  HistoryStore* store_;
  std::deque<Event>& events_;
  std::map<std::string, Changes> changes_;  // by room
  bool works_ = true;
  base::Instant retry_at_ = base::at_once;
};

}  // namespace confab::client

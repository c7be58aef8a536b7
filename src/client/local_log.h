// SPDX-License-Identifier: MIT
// The local history as the client uses it: opens a joined room with what was seen of it before, and keeps what is seen.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "client/history_store.h"
#include "confab/types.h"

namespace confab::client {

/// Not thread-safe. A store that fails costs nothing but the copy: it is told by a Warning, once, and left alone.
class LocalLog {
 public:
  /// A room opens with so many of its last events: some screens full.
  static constexpr std::size_t events_shown_max = 100;

  /// `store` (nullptr: nothing is kept) and `events` must outlive it.
  LocalLog(HistoryStore* store, std::deque<Event>& events) : store_(store), events_(events) {}

  /// Tells the last events of a room, if any are kept, as those of `request`. Answers the very last one: the server's
  /// log goes on behind it, if it is still the same log.
  std::optional<KeptEvent> open(const std::string& room, RequestId request);

  void add(const std::string& room, base::Seq seq, base::ByteView bytes);
  /// At the end of a turn: what was added is kept in one go.
  void flush();
  void forget_from(const std::string& room, base::Seq first);

 private:
  void give_up(const std::string& why);

  HistoryStore* store_;
  std::deque<Event>& events_;
  std::map<std::string, std::vector<KeptEvent>> added_;  // by room, since the last flush
};

}  // namespace confab::client

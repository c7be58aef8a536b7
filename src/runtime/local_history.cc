// SPDX-License-Identifier: MIT
#include "runtime/local_history.h"

#include <algorithm>
#include <limits>

#include "runtime/guarded.h"

namespace confab::runtime {

LocalHistory::LocalHistory(log::Connection& connection, std::string server)
    : connection_(connection),
      server_(std::move(server)),
      insert_log_(connection, "INSERT INTO logs (server, room) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      find_log_(connection, "SELECT key FROM logs WHERE server = ?1 AND room = ?2"),
      before_(connection,
              "SELECT seq, bytes FROM events WHERE log = (SELECT key FROM logs WHERE server = ?1 AND room = ?2) "
              "AND seq < ?3 ORDER BY seq DESC LIMIT ?4"),
      end_if_has_(
          connection,
          "SELECT max(seq) FROM events WHERE log = ?1 AND EXISTS (SELECT 1 FROM events WHERE log = ?1 AND seq = ?2)"),
      insert_event_(connection, "INSERT INTO events (log, seq, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
      delete_old_(connection, "DELETE FROM events WHERE log = ?1 AND seq <= ?2"),
      delete_from_(connection,
                   "DELETE FROM events WHERE log = (SELECT key FROM logs WHERE server = ?1 AND room = ?2) "
                   "AND seq >= ?3") {}

std::expected<std::vector<client::KeptEvent>, std::string> LocalHistory::newest(const std::string& room,
                                                                                std::size_t count_max) {
  return guarded([&] { return read(room, std::numeric_limits<base::Seq>::max(), count_max, std::nullopt); });
}

std::expected<std::vector<client::KeptEvent>, std::string> LocalHistory::before(const std::string& room, base::Seq seq,
                                                                                std::size_t count_max) {
  return guarded([&] { return read(room, seq, count_max, seq); });
}

/// What stands right before `next`, if that is given.
std::vector<client::KeptEvent> LocalHistory::read(const std::string& room, base::Seq below, std::size_t count_max,
                                                  std::optional<base::Seq> next) {
  std::vector<client::KeptEvent> found;
  for (log::Rows rows = before_.rows(server_, room, log::to_number(below), log::to_number(count_max)); rows.next();) {
    // Behind a gap stands what was seen before more was missed than anybody wants to read at once.
    if (next && rows.count(0) + 1 != *next) break;
    next = rows.count(0);
    const base::ByteView bytes = rows.bytes(1);
    found.push_back({.seq = *next, .bytes = base::Bytes(bytes.begin(), bytes.end())});
  }
  std::ranges::reverse(found);
  return found;
}

std::expected<void, std::string> LocalHistory::append(const std::string& room,
                                                      std::span<const client::KeptEvent> events) {
  if (events.empty()) return {};
  return guarded([&] {
    connection_.execute("PRAGMA synchronous = NORMAL");
    log::Transaction transaction(connection_);
    insert_log_.run(server_, room);
    const std::int64_t key = key_of(room);
    for (const client::KeptEvent& event : events) {
      insert_event_.run(key, log::to_number(event.seq), base::ByteView(event.bytes));
    }
    const base::Seq end = events.back().seq;
    if (end > events_max && events.front().seq / trim_batch != (end + 1) / trim_batch) {
      delete_old_.run(key, log::to_number(end - events_max));
    }
    transaction.commit();
  });
}

std::expected<void, std::string> LocalHistory::prepend(const std::string& room,
                                                       std::span<const client::KeptEvent> events) {
  if (events.empty()) return {};
  return guarded([&] {
    connection_.execute("PRAGMA synchronous = NORMAL");
    log::Transaction transaction(connection_);
    insert_log_.run(server_, room);
    const std::int64_t key = key_of(room);
    const base::Seq end = end_behind(key, events.back().seq);
    for (const client::KeptEvent& event : events) {
      // Older ones the next trimming would take, and whoever scrolls that far asks the server as well.
      if (event.seq + events_max > end && end > 0)
        insert_event_.run(key, log::to_number(event.seq), base::ByteView(event.bytes));
    }
    transaction.commit();
  });
}

/// The newest event, if the one behind `seq` is kept; else 0.
base::Seq LocalHistory::end_behind(std::int64_t key, base::Seq seq) {
  log::Rows rows = end_if_has_.rows(key, log::to_number(seq + 1));
  return rows.next() ? rows.count(0) : 0;
}

std::expected<void, std::string> LocalHistory::forget_from(const std::string& room, base::Seq first) {
  return guarded([&] {
    log::Transaction transaction(connection_);
    delete_from_.run(server_, room, log::to_number(first));
    transaction.commit();
  });
}

std::int64_t LocalHistory::key_of(const std::string& room) {
  log::Rows rows = find_log_.rows(server_, room);
  rows.next();
  return rows.number(0);
}

}  // namespace confab::runtime

// SPDX-License-Identifier: MIT
#include "runtime/local_history.h"

#include <algorithm>

#include "runtime/guarded.h"

namespace confab::runtime {

LocalHistory::LocalHistory(log::Connection& connection, std::string server)
    : connection_(connection),
      server_(std::move(server)),
      insert_log_(connection, "INSERT INTO logs (server, room) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      find_log_(connection, "SELECT key FROM logs WHERE server = ?1 AND room = ?2"),
      newest_(connection,
              "SELECT seq, bytes FROM events WHERE log = (SELECT key FROM logs WHERE server = ?1 AND room = ?2) "
              "ORDER BY seq DESC LIMIT ?3"),
      insert_event_(connection, "INSERT INTO events (log, seq, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
      delete_old_(connection, "DELETE FROM events WHERE log = ?1 AND seq <= ?2"),
      delete_from_(connection,
                   "DELETE FROM events WHERE log = (SELECT key FROM logs WHERE server = ?1 AND room = ?2) "
                   "AND seq >= ?3") {}

std::expected<std::vector<client::KeptEvent>, std::string> LocalHistory::newest(const std::string& room,
                                                                                std::size_t count_max) {
  return guarded([&] {
    std::vector<client::KeptEvent> found;
    for (log::Rows rows = newest_.rows(server_, room, log::to_number(count_max)); rows.next();) {
      // Behind a gap stands what was seen before more was missed than anybody wants to read at once.
      if (!found.empty() && rows.count(0) + 1 != found.back().seq) break;
      const base::ByteView bytes = rows.bytes(1);
      found.push_back({.seq = rows.count(0), .bytes = base::Bytes(bytes.begin(), bytes.end())});
    }
    std::ranges::reverse(found);
    return found;
  });
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

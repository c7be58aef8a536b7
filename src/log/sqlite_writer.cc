// SPDX-License-Identifier: MIT
#include "log/sqlite_writer.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "log/sqlite_schema.h"

namespace confab::log {

namespace {

/// Four megabytes: what a start after a crash reads, and what the disk is spared, which gets a page that many
/// transactions change only once.
constexpr int log_pages_max = 1000;

}  // namespace

SqliteWriter::SqliteWriter(Connection connection)
    : connection_(std::move(connection)),
      insert_room_(connection_, "INSERT INTO rooms (name, first_seq, end_seq) VALUES (?1, 1, 0)"),
      update_room_(
          connection_,
          "UPDATE rooms SET first_seq = ?2, end_seq = ?3 WHERE id = ?1 AND (first_seq <> ?2 OR end_seq <> ?3)"),
      // An id that is there is a duplicate; a seq that is there is damage, and stays an error.
      insert_event_(connection_,
                    "INSERT INTO events (room, seq, id, time_ms, body) VALUES (?1, ?2, ?3, ?4, ?5) "
                    "ON CONFLICT (room, id) DO NOTHING"),
      find_event_(connection_, "SELECT seq FROM events WHERE room = ?1 AND id = ?2"),
      find_removed_(connection_, "SELECT seq FROM removed WHERE room = ?1 AND id = ?2"),
      set_member_(connection_,
                  "INSERT INTO members (room, folded, origin, name) VALUES (?1, ?2, ?3, ?4) "
                  "ON CONFLICT DO UPDATE SET name = excluded.name"),
      remove_member_(connection_, "DELETE FROM members WHERE room = ?1 AND folded = ?2 AND origin = ?3"),
      insert_claim_(connection_, "INSERT INTO names (folded, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      set_topic_(connection_,
                 "INSERT INTO topics (room, text) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET text = excluded.text"),
      remove_topic_(connection_, "DELETE FROM topics WHERE room = ?1"),
      move_marker_(connection_,
                   "INSERT INTO markers (folded, room, seq) SELECT ?1, id, ?3 FROM rooms WHERE name = ?2 "
                   "ON CONFLICT DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq"),
      oldest_events_(connection_, "SELECT time_ms FROM events WHERE room = ?1 AND seq >= ?2 ORDER BY seq"),
      remember_(connection_,
                "INSERT INTO removed (room, seq, id, time_ms) "
                "SELECT room, seq, id, time_ms FROM events WHERE room = ?1 AND seq < ?2"),
      remove_events_(connection_, "DELETE FROM events WHERE room = ?1 AND seq < ?2"),
      oldest_removed_(connection_, "SELECT seq, time_ms FROM removed WHERE room = ?1 ORDER BY seq"),
      forget_removed_(connection_, "DELETE FROM removed WHERE room = ?1 AND seq <= ?2") {
  const auto count_pages = [](void* log_pages, sqlite3*, const char*, int pages) {
    *static_cast<int*>(log_pages) = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.handle(), count_pages, &log_pages_);
  load_rooms();
}

void SqliteWriter::load_rooms() {
  Statement all_rooms(connection_,
                      "SELECT name, id, first_seq, end_seq, "
                      "(SELECT time_ms FROM events WHERE room = rooms.id AND seq = end_seq) FROM rooms");
  for (Rows rows = all_rooms.rows(); rows.next();) {
    rooms_[std::string(rows.text(0))] = {
        .key = rows.number(1), .first_seq = rows.count(2), .end_seq = rows.count(3), .newest_ms = rows.count(4)};
  }
}

std::vector<Outcome> SqliteWriter::append(const Batch& batch) {
  Transaction transaction(connection_);
  std::map<std::string_view, Room> changed;  // the batch's rooms, as it leaves them
  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.drafts.size());
  for (const Draft& draft : batch.drafts) {
    auto room = changed.find(draft.room);
    if (room == changed.end()) room = changed.emplace(draft.room, room_for(draft.room)).first;
    outcomes.push_back(insert(room->second, draft));
  }
  for (const auto& [name, room] : changed) {
    update_room_.run(room.key, to_number(room.first_seq), to_number(room.end_seq));
  }
  for (const NameClaim& claim : batch.claims) insert_claim_.run(claim.folded_name, base::ByteView(claim.key));
  for (const ReadMarker& each : batch.markers) move_marker_.run(each.folded_name, each.room, to_number(each.up_to));
  commit(transaction);
  for (const auto& [name, room] : changed) rooms_[std::string(name)] = room;
  return outcomes;
}

void SqliteWriter::commit(Transaction& transaction) {
  transaction.commit();
  if (log_pages_ >= log_pages_max) fold_in();
}

/// Waits for nobody: what a reader still needs stays in the log until the next time. An error takes nothing back, the
/// log has it all.
void SqliteWriter::fold_in() {
  const int result =
      sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if ((result & 0xFF) == SQLITE_IOERR) in_doubt_ = true;
}

void SqliteWriter::cover_failed() {
  Transaction transaction(connection_);
  sign(connection_);  // writes its page, whatever stands there
  transaction.commit();
}

SqliteWriter::Room SqliteWriter::room_for(const std::string& name) {
  if (const auto known = rooms_.find(name); known != rooms_.end()) return known->second;
  insert_room_.run(name);
  return {.key = connection_.last_key()};
}

Outcome SqliteWriter::insert(Room& room, const Draft& draft) {
  // Only a room that has lost events has any to remember.
  if (room.first_seq > 1) {
    if (const base::Seq seq = find(find_removed_, room, draft.id); seq > 0) return {.seq = seq, .duplicate = true};
  }
  const std::uint64_t time_ms = std::max(draft.time_ms, room.newest_ms);
  insert_event_.run(room.key, to_number(room.end_seq + 1), base::ByteView(draft.id.bytes), to_number(time_ms),
                    base::ByteView(draft.body));
  if (connection_.rows_changed() == 0) return {.seq = find(find_event_, room, draft.id), .duplicate = true};
  room.newest_ms = time_ms;
  if (draft.member) change_member(room, *draft.member);
  if (draft.topic) change_topic(room, *draft.topic);
  return {.seq = ++room.end_seq, .duplicate = false};
}

/// 0: the room has no event with this id.
base::Seq SqliteWriter::find(Statement& statement, const Room& room, const base::MessageId& id) {
  Rows rows = statement.rows(room.key, base::ByteView(id.bytes));
  return rows.next() ? rows.count(0) : 0;
}

void SqliteWriter::change_member(const Room& room, const MemberChange& change) {
  const std::int64_t origin = change.origin;
  if (change.present) {
    set_member_.run(room.key, change.folded_name, origin, change.name);
  } else {
    remove_member_.run(room.key, change.folded_name, origin);
  }
}

void SqliteWriter::change_topic(const Room& room, const std::string& topic) {
  if (topic.empty()) {
    remove_topic_.run(room.key);
  } else {
    set_topic_.run(room.key, topic);
  }
}

TrimResult SqliteWriter::trim(const TrimRequest& request) {
  const auto known = rooms_.find(request.room);
  if (known == rooms_.end()) return {};
  Room room = known->second;
  TrimResult result;
  for (Rows oldest = oldest_events_.rows(room.key, to_number(room.first_seq)); oldest.next();) {
    result.oldest_ms = oldest.count(0);
    if (room.first_seq >= room.end_seq) break;
    if (room.first_seq >= request.keep_seq && result.oldest_ms >= request.keep_ms) break;
    result.more = result.removed == request.count_max;
    if (result.more) break;
    ++room.first_seq;
    ++result.removed;
  }
  result.first_seq = room.first_seq;

  Transaction transaction(connection_);
  if (result.removed > 0) {
    remember_.run(room.key, to_number(room.first_seq));
    remove_events_.run(room.key, to_number(room.first_seq));
    update_room_.run(room.key, to_number(room.first_seq), to_number(room.end_seq));
  }
  forget(room, request.count_max);
  commit(transaction);
  known->second = room;
  return result;
}

/// Twice as many as a trim removes: what has piled up grows less.
void SqliteWriter::forget(const Room& room, std::size_t count_max) {
  std::int64_t last = 0;
  {
    Rows oldest = oldest_removed_.rows(room.key);
    for (std::size_t i = 0; i / 2 < count_max && oldest.next(); ++i) {
      if (room.newest_ms - oldest.count(1) <= removed_ids_kept_ms) break;
      last = oldest.number(0);
    }
  }
  if (last > 0) forget_removed_.run(room.key, last);
}

}  // namespace confab::log

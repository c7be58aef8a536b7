// SPDX-License-Identifier: MIT
#include "log/check.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "log/sqlite_schema.h"
#include "wire/framing.h"
#include "wire/limits.h"
#include "wire/names.h"

namespace confab::log {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = std::tuple_size_v<decltype(NameClaim::key)>;

/// Damaged text goes to a terminal.
std::string shown(std::string_view text) { return base::clean_line(text); }

/// Goes through one database, in one read transaction, so that a server may write meanwhile.
class Checker {
 public:
  explicit Checker(Connection& database) : database_(database) {}

  CheckReport run() {
    database_.execute("BEGIN");
    if (!check_version()) return std::move(report_);
    check_pages();
    check_rooms();
    check_events();
    check_removed();
    check_members();
    check_names();
    check_topics();
    check_markers();
    return std::move(report_);
  }

 private:
  struct Room {
    std::string name;
    base::Seq first_seq = 0;
    base::Seq end_seq = 0;
    base::Seq next_seq = 0;  // that its events should go on with
    std::uint64_t newest_ms = 0;
  };

  template <typename... Args>
  void find(fmt::format_string<Args...> format, Args&&... args) {
    ++report_.finding_count;
    if (report_.findings.size() < CheckReport::findings_max) {
      report_.findings.push_back(fmt::format(format, std::forward<Args>(args)...));
    }
  }

  /// False where nothing further can be said.
  bool check_version() {
    if (database_.number("PRAGMA application_id") != application_id) {
      find("it is a database of another program");
      return false;
    }
    const std::int64_t version = database_.number("PRAGMA user_version");
    if (version != schema_version) {
      find("it has schema version {}, this confabd checks version {}", version, schema_version);
      return false;
    }
    if (tables_of(database_) == tables_of_new()) return true;
    find("its tables are not those of version {}", schema_version);
    return false;
  }

  void check_pages() {
    Statement statement(database_, "PRAGMA integrity_check");
    for (Rows rows = statement.rows(); rows.next();) {
      if (rows.text(0) != "ok") find("{}", shown(rows.text(0)));
    }
  }

  void check_rooms() {
    Statement statement(database_, "SELECT id, name, first_seq, end_seq FROM rooms");
    for (Rows rows = statement.rows(); rows.next(); ++report_.rooms) {
      const std::string name(rows.text(1));
      if (wire::canonical_room(name) != name) find("room {}: this is no room's name", shown(name));
      const base::Seq first = rows.count(2);
      const base::Seq end = rows.count(3);
      if (first < 1 || end < first) find("room {}: it says that it has events {} to {}", shown(name), first, end);
      rooms_.emplace(rows.number(0), Room{.name = shown(name), .first_seq = first, .end_seq = end, .next_seq = first});
    }
  }

  void check_events() {
    Statement statement(database_, "SELECT room, seq, id, time_ms, body FROM events ORDER BY room, seq");
    for (Rows rows = statement.rows(); rows.next(); ++report_.events) {
      const auto room = rooms_.find(rows.number(0));
      if (room == rooms_.end()) {
        find("event {} of a room that there is not (number {})", rows.number(1), rows.number(0));
      } else {
        check_place(room->second, rows.count(1), rows.count(3));
        check_event(room->second, rows);
      }
    }
    for (const auto& [key, room] : rooms_) {
      if (room.next_seq <= room.end_seq)
        find("room {}: events {} to {} are missing", room.name, room.next_seq, room.end_seq);
    }
  }

  void check_place(Room& room, base::Seq seq, std::uint64_t time_ms) {
    if (seq > room.next_seq) find("room {}: events {} to {} are missing", room.name, room.next_seq, seq - 1);
    if (seq < room.first_seq || seq > room.end_seq) {
      find("room {}: event {} is not one of {} to {}", room.name, seq, room.first_seq, room.end_seq);
    }
    room.next_seq = seq + 1;
    if (time_ms < room.newest_ms) find("room {}: event {} is older than the one before it", room.name, seq);
    room.newest_ms = std::max(room.newest_ms, time_ms);
  }

  void check_event(const Room& room, const Rows& rows) {
    const base::Seq seq = rows.count(1);
    const auto id = base::MessageId::from(rows.bytes(2));
    if (!id) find("room {}: the id of event {} has {} bytes", room.name, seq, rows.bytes(2).size());
    const base::ByteView body = rows.bytes(4);
    wire::pb::Event event;
    if (!wire::decode(body, event)) return find("room {}: event {} has a body that is none", room.name, seq);
    if (event.seq() != 0) find("room {}: event {} has a number in its body, too", room.name, seq);
    if (!event.id().empty() && event.id() != base::as_text(rows.bytes(2))) {
      find("room {}: event {} has another id in its body", room.name, seq);
    }
    if (event.has_gone()) find("room {}: event {} is of a kind that is never stored", room.name, seq);
    if (wire::event_frame_size(seq, body.size()) > wire::limits::frame_bytes_max) {
      find("room {}: event {} is too large to be sent", room.name, seq);
    }
  }

  void check_removed() {
    Statement statement(database_,
                        "SELECT room, seq, id, "
                        "EXISTS (SELECT 1 FROM events WHERE events.room = removed.room AND events.id = removed.id) "
                        "FROM removed ORDER BY room, seq");
    for (Rows rows = statement.rows(); rows.next();) {
      const auto room = rooms_.find(rows.number(0));
      if (room == rooms_.end()) {
        find("removed event {} of a room that there is not (number {})", rows.number(1), rows.number(0));
        continue;
      }
      const std::string& name = room->second.name;
      if (rows.count(1) >= room->second.first_seq)
        find("room {}: event {} is removed, but there", name, rows.number(1));
      if (!base::MessageId::from(rows.bytes(2))) {
        find("room {}: the id of removed event {} has {} bytes", name, rows.number(1), rows.bytes(2).size());
      }
      if (rows.number(3) != 0) find("room {}: removed event {} has the id of another one", name, rows.number(1));
    }
  }

  void check_members() {
    Statement statement(database_, "SELECT room, folded, origin, name FROM members ORDER BY room, folded, origin");
    for (Rows rows = statement.rows(); rows.next(); ++report_.members) {
      const std::string name(rows.text(3));
      if (!rooms_.contains(rows.number(0))) {
        find("member {} of a room that there is not (number {})", shown(name), rows.number(0));
      }
      if (wire::canonical_name(name) != name || base::fold_case(name) != rows.text(1)) {
        find("member {}: this is no member's name, or not sorted in under it", shown(name));
      }
      if (!wire::pb::Origin_IsValid(static_cast<int>(rows.number(2)))) {
        find("member {}: there is no origin {}", shown(name), rows.number(2));
      }
    }
  }

  void check_names() {
    Statement statement(database_, "SELECT folded, key FROM names ORDER BY folded");
    for (Rows rows = statement.rows(); rows.next(); ++report_.names) {
      const std::string folded(rows.text(0));
      if (folded.empty() || base::fold_case(folded) != folded) find("name {}: this is no name's key", shown(folded));
      if (rows.bytes(1).size() != key_bytes) {
        find("name {}: its owner's key has {} bytes", shown(folded), rows.bytes(1).size());
      }
    }
  }

  void check_topics() {
    Statement statement(database_, "SELECT room, text FROM topics ORDER BY room");
    for (Rows rows = statement.rows(); rows.next();) {
      const std::string text(rows.text(1));
      if (!rooms_.contains(rows.number(0))) find("a topic of a room that there is not (number {})", rows.number(0));
      if (text.empty() || text.size() > wire::limits::topic_bytes_max || base::clean_line(text) != text) {
        find("topic {}: this is no room's topic", shown(base::prefix_within(text, wire::limits::topic_bytes_max)));
      }
    }
  }

  void check_markers() {
    Statement statement(database_, "SELECT folded, room, seq FROM markers ORDER BY folded, room");
    for (Rows rows = statement.rows(); rows.next();) {
      const std::string folded(rows.text(0));
      const auto room = rooms_.find(rows.number(1));
      if (folded.empty() || base::fold_case(folded) != folded) find("marker of {}: this is no name", shown(folded));
      if (room == rooms_.end()) {
        find("marker of {} in a room that there is not (number {})", shown(folded), rows.number(1));
      } else if (rows.number(2) < 1 || rows.count(2) > room->second.end_seq) {
        find("room {}: {} has read up to event {}, which there is not", room->second.name, shown(folded),
             rows.number(2));
      }
    }
  }

  Connection& database_;
  std::map<std::int64_t, Room> rooms_;  // by the number that the other tables use
  CheckReport report_;
};

CheckReport check_as(const fs::path& file, Connection::Access access) {
  Connection database(file, access);
  return Checker(database).run();
}

bool has_write_ahead_log(const fs::path& file) {
  std::error_code missing;
  return fs::exists(file.native() + "-wal", missing);
}

}  // namespace

std::expected<CheckReport, StoreError> check(const fs::path& file) {
  return guarded([&file] {
    // To open a database that nobody uses would put files beside it, and so it is only looked at. If somebody has come
    // to use it meanwhile, what was seen may be of two moments.
    if (!has_write_ahead_log(file)) {
      CheckReport report = check_as(file, Connection::Access::untouched);
      if (!has_write_ahead_log(file)) return report;
    }
    return check_as(file, Connection::Access::read_only);
  });
}

}  // namespace confab::log

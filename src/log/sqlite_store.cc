// SPDX-License-Identifier: MIT
#include "log/sqlite_store.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace confab::log {

namespace {

constexpr char file_name[] = "confab.db";
constexpr std::int64_t application_id = 0x436F6E66;  // "Conf"
constexpr std::int64_t schema_version = 1;

// events WITHOUT ROWID: the log is stored in its own order, and reading history is one walk along the leaves. (As fast
// to write as a table with rowids: what an insert costs is the random place of its id in the unique index.)
constexpr char create_schema[] = R"(
  PRAGMA application_id = 0x436F6E66;
  PRAGMA user_version = 1;
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    end_seq INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (room, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE names (
    folded TEXT PRIMARY KEY,
    key BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
)";

/// Runs `work` and turns what SQLite threw into the store's answer.
template <typename Work>
auto guarded(Work work) -> std::expected<decltype(work()), StoreError> {
  try {
    return work();
  } catch (const SqliteFailure& failure) {
    return std::unexpected(failure.error);
  }
}

[[noreturn]] void fail(StoreError::Code code, const std::filesystem::path& file, std::string_view what) {
  throw SqliteFailure(StoreError{code, fmt::format("{}: {}", file.native(), what)});
}

/// SQLite's integers have a sign; no log is long enough to need the upper half.
std::int64_t to_number(std::uint64_t value) {
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  return value > static_cast<std::uint64_t>(max) ? max : static_cast<std::int64_t>(value);
}

/// Makes the file, readable for its owner alone (SQLite gives the files it puts beside it the same rights). Must not be
/// called while a connection of this process has the file open: closing a descriptor drops the process's locks on it.
void ensure_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) {
    fail(StoreError::Code::unavailable, file,
         fmt::format("cannot be opened: {}; check its permissions", std::generic_category().message(errno)));
  }
  ::close(descriptor);
}

/// SQLite takes a database of no bytes for a new one and drops the write-ahead log beside it, which may be all that is
/// left.
void refuse_lost_database(const std::filesystem::path& file) {
  std::filesystem::path write_ahead_log = file;
  write_ahead_log += "-wal";
  std::error_code missing;
  const auto size = std::filesystem::file_size(write_ahead_log, missing);
  if (missing || size == 0 || std::filesystem::file_size(file, missing) > 0) return;
  fail(StoreError::Code::damaged, file,
       fmt::format("is empty, but {} is not; restore a backup, or move both away to start empty",
                   write_ahead_log.filename().native()));
}

/// Makes the schema in an empty file, all of it or nothing; refuses what somebody else or a later version made.
void create_or_check_schema(Connection& writer, const std::filesystem::path& file) {
  if (writer.number("PRAGMA page_count") == 0) {
    Transaction transaction(writer);
    writer.execute(create_schema);
    transaction.commit();
    return;
  }
  if (writer.number("PRAGMA application_id") != application_id) {
    fail(StoreError::Code::damaged, file,
         "is a database of another program; move it away or choose another data directory");
  }
  const std::int64_t version = writer.number("PRAGMA user_version");
  if (version != schema_version) {
    fail(StoreError::Code::unavailable, file,
         fmt::format("has schema version {}, this confabd reads version {}; use the confabd that wrote it", version,
                     schema_version));
  }
}

void check_ends(Connection& writer, const std::filesystem::path& file) {
  Statement statement(writer,
                      "SELECT name, end_seq FROM rooms WHERE end_seq IS NOT "
                      "(SELECT max(seq) FROM events WHERE events.room = rooms.id) ORDER BY id LIMIT 1");
  Rows rows = statement.rows();
  if (!rows.next()) return;
  fail(
      StoreError::Code::damaged, file,
      fmt::format("the log of room {} does not end at event {}; restore a backup, or move the file away to start empty",
                  rows.text(0), rows.number(1)));
}

/// In WAL mode readers do not stand in the writer's way. Where it cannot be had, SQLite keeps the old mode and says
/// nothing.
void use_write_ahead_log(Connection& writer, const std::filesystem::path& file) {
  Statement statement(writer, "PRAGMA journal_mode = WAL");
  Rows rows = statement.rows();
  if (rows.next() && rows.text(0) == "wal") return;
  fail(StoreError::Code::unavailable, file,
       "its file system cannot hold a write-ahead log; choose a data directory on a local disk");
}

Connection open_writer(const std::filesystem::path& file) {
  ensure_file(file);
  refuse_lost_database(file);
  Connection writer(file, Connection::Access::read_write);
  create_or_check_schema(writer, file);
  use_write_ahead_log(writer, file);
  // cell_size_check: find damage as pages are read, not when it has been built upon.
  writer.execute("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON");
  check_ends(writer, file);
  return writer;
}

}  // namespace

std::expected<std::unique_ptr<SqliteStore>, StoreError> SqliteStore::open(const std::filesystem::path& data_dir) {
  auto held = DataDir::hold(data_dir);
  if (!held) return std::unexpected(std::move(held).error());
  return guarded([&held, &data_dir] {
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(*held), data_dir / file_name));
  });
}

SqliteStore::SqliteStore(DataDir data_dir, const std::filesystem::path& file)
    : data_dir_(std::move(data_dir)),
      writer_(open_writer(file)),
      insert_room_(writer_, "INSERT INTO rooms (name, end_seq) VALUES (?1, 0)"),
      update_room_(writer_, "UPDATE rooms SET end_seq = ?2 WHERE id = ?1 AND end_seq <> ?2"),
      // An id that is there is a duplicate; a seq that is there is damage, and stays an error.
      insert_event_(
          writer_,
          "INSERT INTO events (room, seq, id, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (room, id) DO NOTHING"),
      find_event_(writer_, "SELECT seq FROM events WHERE room = ?1 AND id = ?2"),
      insert_claim_(writer_, "INSERT INTO names (folded, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      reader_(file, Connection::Access::read_only),
      read_events_(reader_,
                   "SELECT seq, body FROM events WHERE room = (SELECT id FROM rooms WHERE name = ?1) AND seq >= ?2 "
                   "ORDER BY seq LIMIT ?3") {
  reader_.execute("PRAGMA cell_size_check = ON");
  Statement all_rooms(writer_, "SELECT name, id, end_seq FROM rooms");
  for (Rows rows = all_rooms.rows(); rows.next();) {
    rooms_[std::string(rows.text(0))] = {.key = rows.number(1), .end_seq = static_cast<base::Seq>(rows.number(2))};
  }
}

std::expected<std::vector<Outcome>, StoreError> SqliteStore::append(const Batch& batch) {
  if (batch.drafts.empty() && batch.claims.empty()) return {};
  return guarded([this, &batch] { return write(batch); });
}

std::vector<Outcome> SqliteStore::write(const Batch& batch) {
  Transaction transaction(writer_);
  std::map<std::string_view, Room> changed;  // the batch's rooms, as it leaves them
  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.drafts.size());
  for (const Draft& draft : batch.drafts) {
    auto room = changed.find(draft.room);
    if (room == changed.end()) room = changed.emplace(draft.room, room_for(draft.room)).first;
    outcomes.push_back(insert(room->second, draft));
  }
  for (const auto& [name, room] : changed) update_room_.run(room.key, to_number(room.end_seq));
  for (const NameClaim& claim : batch.claims) insert_claim_.run(claim.folded_name, base::ByteView(claim.key));
  transaction.commit();
  for (const auto& [name, room] : changed) rooms_[std::string(name)] = room;
  return outcomes;
}

SqliteStore::Room SqliteStore::room_for(const std::string& name) {
  if (const auto known = rooms_.find(name); known != rooms_.end()) return known->second;
  insert_room_.run(name);
  return {.key = writer_.last_key(), .end_seq = 0};
}

Outcome SqliteStore::insert(Room& room, const Draft& draft) {
  const base::ByteView id = draft.id.bytes;
  insert_event_.run(room.key, to_number(room.end_seq + 1), id, base::ByteView(draft.body));
  if (writer_.rows_changed() > 0) return {.seq = ++room.end_seq, .duplicate = false};
  Rows rows = find_event_.rows(room.key, id);
  rows.next();
  return {.seq = static_cast<base::Seq>(rows.number(0)), .duplicate = true};
}

std::expected<std::vector<Record>, StoreError> SqliteStore::read(const std::string& room, base::Seq first,
                                                                 std::size_t count_max, std::size_t bytes_max) {
  return guarded([&] {
    std::vector<Record> records;
    std::size_t bytes = 0;
    base::Seq expected = std::max<base::Seq>(first, 1);
    for (Rows rows = read_events_.rows(room, to_number(expected), to_number(count_max)); rows.next(); ++expected) {
      if (static_cast<base::Seq>(rows.number(0)) != expected) {
        fail(StoreError::Code::damaged, data_dir_.path() / file_name,
             fmt::format("event {} of room {} is missing; restore a backup", expected, room));
      }
      const base::ByteView body = rows.bytes(1);
      bytes += body.size();
      if (bytes > bytes_max && !records.empty()) break;
      records.push_back({.seq = expected, .body = base::Bytes(body.begin(), body.end())});
    }
    return records;
  });
}

std::expected<std::vector<RoomSummary>, StoreError> SqliteStore::rooms() {
  return guarded([this] {
    std::vector<RoomSummary> summaries;
    Statement statement(writer_, "SELECT name, end_seq FROM rooms ORDER BY name");
    for (Rows rows = statement.rows(); rows.next();) {
      summaries.push_back({.room = std::string(rows.text(0)), .end_seq = static_cast<base::Seq>(rows.number(1))});
    }
    return summaries;
  });
}

std::expected<std::vector<NameClaim>, StoreError> SqliteStore::claims() {
  return guarded([this] {
    std::vector<NameClaim> claims;
    Statement statement(writer_, "SELECT folded, key FROM names ORDER BY folded");
    for (Rows rows = statement.rows(); rows.next();) {
      NameClaim& claim = claims.emplace_back(NameClaim{.folded_name = std::string(rows.text(0)), .key = {}});
      const base::ByteView key = rows.bytes(1);
      if (key.size() != claim.key.size()) {
        fail(StoreError::Code::damaged, data_dir_.path() / file_name,
             fmt::format("the key of name {} has {} bytes; restore a backup", claim.folded_name, key.size()));
      }
      std::ranges::copy(key, claim.key.begin());
    }
    return claims;
  });
}

}  // namespace confab::log

// SPDX-License-Identifier: MIT
#include "log/sqlite_schema.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/backup.h"
#include "wire/framing.h"

namespace confab::log {

namespace {

// events WITHOUT ROWID: the log is stored in its own order, and reading history is one walk along the leaves. (As fast
// to write as a table with rowids: what an insert costs is the random place of its id in the unique index.)
constexpr char create_logs[] = R"(
  CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    first_seq INTEGER NOT NULL,
    end_seq INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (room, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE removed (
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (room, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE members (
    room INTEGER NOT NULL,
    folded TEXT NOT NULL,
    origin INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (room, folded, origin)
  ) STRICT, WITHOUT ROWID;
)";

constexpr char create_names[] = R"(
  CREATE TABLE names (
    folded TEXT PRIMARY KEY,
    key BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
)";

// Tables of their own, which an older database is given as they are.
constexpr char create_topics_and_markers[] = R"(
  CREATE TABLE topics (
    room INTEGER PRIMARY KEY,
    text TEXT NOT NULL
  ) STRICT;
  CREATE TABLE markers (
    folded TEXT NOT NULL,
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (folded, room)
  ) STRICT, WITHOUT ROWID;
)";

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

/// What each room's row says of its log must be so, which costs the oldest and the newest leaf of each.
void check_ends(Connection& writer, const std::filesystem::path& file) {
  Statement statement(writer,
                      "SELECT name, first_seq, end_seq FROM rooms "
                      "WHERE first_seq IS NOT (SELECT min(seq) FROM events WHERE room = rooms.id) "
                      "OR end_seq IS NOT (SELECT max(seq) FROM events WHERE room = rooms.id) ORDER BY id LIMIT 1");
  Rows rows = statement.rows();
  if (!rows.next()) return;
  fail(StoreError::Code::damaged, file,
       fmt::format("the log of room {} is not events {} to {}; restore a backup, or move the file away to start empty",
                   rows.text(0), rows.number(1), rows.number(2)));
}

/// Version 1 had neither times (they stood in the bodies alone) nor members nor any way to remove an event.
void move_logs_from_1(Connection& writer) {
  writer.execute("ALTER TABLE rooms RENAME TO rooms_1; ALTER TABLE events RENAME TO events_1");
  writer.execute(create_logs);
  writer.execute("INSERT INTO rooms (id, name, first_seq, end_seq) SELECT id, name, 1, end_seq FROM rooms_1");
  Statement insert(writer, "INSERT INTO events (room, seq, id, time_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)");
  Statement all(writer, "SELECT room, seq, id, body FROM events_1 ORDER BY room, seq");
  std::int64_t room = 0;
  std::uint64_t time_ms = 0;
  for (Rows rows = all.rows(); rows.next();) {
    if (std::exchange(room, rows.number(0)) != rows.number(0)) time_ms = 0;
    // A body that is none, which is for `confabd check` to find, gets the time of the one before it.
    const auto event = wire::decode_event(rows.count(1), rows.bytes(3));
    if (event) time_ms = std::max<std::uint64_t>(time_ms, event->time_ms());
    insert.run(rows.number(0), rows.number(1), rows.bytes(2), to_number(time_ms), rows.bytes(3));
  }
  writer.execute("DROP TABLE events_1; DROP TABLE rooms_1");
}

/// `confab.db.v1-backup`, or the next such name that is free: what an earlier attempt has saved is not to be lost.
std::filesystem::path free_backup_name(const std::filesystem::path& file, std::int64_t version) {
  const std::string first = fmt::format("{}.v{}-backup", file.native(), version);
  std::filesystem::path name = first;
  std::error_code unreadable;  // then the backup says why
  for (int i = 2; std::filesystem::exists(std::filesystem::symlink_status(name, unreadable)); ++i) {
    name = fmt::format("{}.{}", first, i);
  }
  return name;
}

/// All of it or nothing, and a whole copy of the old file before any of it.
void upgrade(Connection& writer, const std::filesystem::path& file, std::int64_t version) {
  if (const auto saved = back_up(file, free_backup_name(file, version)); !saved) throw SqliteFailure(saved.error());
  Transaction transaction(writer);
  if (version == 1) move_logs_from_1(writer);
  writer.execute(create_topics_and_markers);
  sign(writer);
  check_ends(writer, file);
  transaction.commit();
}

void create_schema(Connection& writer) {
  writer.execute(create_logs);
  writer.execute(create_names);
  writer.execute(create_topics_and_markers);
  sign(writer);
}

/// Makes the schema in an empty file, all of it or nothing, and brings an earlier version's up to date; refuses what
/// somebody else or a later version made.
void create_or_check_schema(Connection& writer, const std::filesystem::path& file) {
  if (writer.number("PRAGMA page_count") == 0) {
    Transaction transaction(writer);
    create_schema(writer);
    transaction.commit();
    return;
  }
  if (writer.number("PRAGMA application_id") != application_id) {
    fail(StoreError::Code::damaged, file,
         "is a database of another program; move it away or choose another data directory");
  }
  const std::int64_t version = writer.number("PRAGMA user_version");
  if (version >= 1 && version < schema_version) {
    upgrade(writer, file, version);
  } else if (version != schema_version) {
    fail(StoreError::Code::unavailable, file,
         fmt::format("has schema version {}, this confabd reads version {}; use the confabd that wrote it", version,
                     schema_version));
  }
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

}  // namespace

void sign(Connection& writer) {
  writer.execute(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version).c_str());
}

std::string tables_of(Connection& database) {
  std::string tables;
  Statement statement(database, "SELECT name, sql FROM sqlite_schema ORDER BY name");
  for (Rows rows = statement.rows(); rows.next();) tables += fmt::format("{}: {}\n", rows.text(0), rows.text(1));
  return tables;
}

std::string tables_of_new() {
  Connection memory(":memory:", Connection::Access::read_write);
  create_schema(memory);
  return tables_of(memory);
}

Connection open_writer(const std::filesystem::path& file) {
  ensure_file(file);
  refuse_lost_database(file);
  Connection writer(file, Connection::Access::read_write);
  create_or_check_schema(writer, file);
  use_write_ahead_log(writer, file);
  // cell_size_check: find damage as pages are read, not when it has been built upon.
  // wal_autocheckpoint: SqliteWriter folds the log in by itself, because SQLite would keep an error to itself.
  writer.execute("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = 0");
  check_ends(writer, file);
  return writer;
}

void fold_in_alone(const std::filesystem::path& file) {
  Connection alone(file, Connection::Access::read_write);
  alone.close_as_it_is();
  // The mode before anything that looks at the file: only then the look takes the lock, and the index of the log is
  // made anew, in memory.
  alone.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL");
  alone.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Connection open_reader(const std::filesystem::path& file) {
  Connection reader(file, Connection::Access::read_only);
  reader.execute("PRAGMA cell_size_check = ON");
  return reader;
}

}  // namespace confab::log

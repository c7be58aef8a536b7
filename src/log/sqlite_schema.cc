// SPDX-License-Identifier: MIT
#include "log/sqlite_schema.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace confab::log {

namespace {

// events WITHOUT ROWID: the log is stored in its own order, and reading history is one walk along the leaves. (As fast
// to write as a table with rowids: what an insert costs is the random place of its id in the unique index.)
constexpr char create_schema[] = R"(
  PRAGMA application_id = 0x436F6E66;
  PRAGMA user_version = 2;
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
  CREATE TABLE names (
    folded TEXT PRIMARY KEY,
    key BLOB NOT NULL
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

Connection open_reader(const std::filesystem::path& file) {
  Connection reader(file, Connection::Access::read_only);
  reader.execute("PRAGMA cell_size_check = ON");
  return reader;
}

}  // namespace confab::log

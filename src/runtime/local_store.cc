// SPDX-License-Identifier: MIT
#include "runtime/local_store.h"

#include <cerrno>

#include <fmt/format.h>

#include "io/files.h"
#include "runtime/guarded.h"

namespace confab::runtime {

namespace {

constexpr std::int64_t application_id = 0x436F6E4C;  // "ConL"
constexpr std::int64_t schema_version = 2;

constexpr char create_schema[] = R"(
  PRAGMA application_id = 0x436F6E4C;
  PRAGMA user_version = 2;
  CREATE TABLE outbox_2 (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    server TEXT NOT NULL,
    name TEXT NOT NULL,
    id BLOB NOT NULL,
    room TEXT NOT NULL,
    kind INTEGER NOT NULL,
    text TEXT NOT NULL,
    typed_ms INTEGER NOT NULL,
    what INTEGER NOT NULL DEFAULT 0,
    target TEXT NOT NULL DEFAULT '',
    withdrawn INTEGER NOT NULL DEFAULT 0,
    UNIQUE (server, id)
  ) STRICT;
  CREATE TABLE logs (
    key INTEGER PRIMARY KEY,
    server TEXT NOT NULL,
    room TEXT NOT NULL,
    UNIQUE (server, room)
  ) STRICT;
  CREATE TABLE events (
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (log, seq)
  ) STRICT, WITHOUT ROWID;
)";

/// A program of version 1 that still runs would send edits and reactions as messages: it is not to find its table any
/// more, and says that what it sends is not kept.
constexpr char upgrade_from_1[] = R"(
  ALTER TABLE outbox RENAME TO outbox_2;
  ALTER TABLE outbox_2 ADD COLUMN what INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outbox_2 ADD COLUMN target TEXT NOT NULL DEFAULT '';
  ALTER TABLE outbox_2 ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
  PRAGMA user_version = 2;
)";

/// Of two programs that start for the first time at once, one makes the schema and the other finds it.
void create_or_check_schema(log::Connection& connection, const std::string& file) {
  if (connection.number("PRAGMA application_id") != application_id) {
    log::Transaction transaction(connection);
    if (connection.number("SELECT count(*) FROM sqlite_schema") == 0) connection.execute(create_schema);
    transaction.commit();
  }
  if (connection.number("PRAGMA application_id") != application_id) {
    log::fail(log::StoreError::Code::damaged, file, "is a database of another program; move it away to start empty");
  }
  if (connection.number("PRAGMA user_version") == 1) {
    log::Transaction transaction(connection);
    if (connection.number("PRAGMA user_version") == 1) connection.execute(upgrade_from_1);
    transaction.commit();
  }
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (version == schema_version) return;
  log::fail(log::StoreError::Code::unavailable, file,
            fmt::format("has schema version {}, this confab reads version {}; use the confab that wrote it, or move "
                        "the file away to start empty (it holds what was not sent yet, and the local history)",
                        version, schema_version));
}

log::Connection connect(const std::string& file) {
  log::Connection connection(file, log::Connection::Access::read_write);
  // Another program of the user's may be in the middle of a commit, on a slow disk.
  connection.execute("PRAGMA busy_timeout = 5000");
  connection.execute("PRAGMA journal_mode = WAL");
  connection.execute("PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON");
  create_or_check_schema(connection, file);
  // From here on somebody's typing waits for it. What could not be done is tried again later.
  connection.execute("PRAGMA busy_timeout = 250");
  return connection;
}

}  // namespace

std::expected<std::unique_ptr<LocalStore>, std::string> LocalStore::open(const std::string& directory,
                                                                         const std::string& server) {
  const std::string file = directory + "/" + file_name;
  const auto made = io::create_file(file, "");
  if (!made && made.error().error != EEXIST) return std::unexpected(made.error().text);
  return guarded([&] { return std::unique_ptr<LocalStore>(new LocalStore(connect(file), server)); });
}

}  // namespace confab::runtime

// SPDX-License-Identifier: MIT
// A database of an earlier version in front of a server of today.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "log/faulty_vfs.h"
#include "log/sqlite_schema.h"
#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"
#include "wire/framing.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

/// As the first version wrote it.
constexpr char schema_1[] = R"(
  PRAGMA journal_mode = WAL;
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

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class SqliteUpgrade : public testing::Test {
 protected:
  SqliteUpgrade() {
    std::ofstream(file()).flush();
    Connection old(file(), Connection::Access::read_write);
    old.execute(schema_1);
    old.execute("INSERT INTO rooms VALUES (1, 'lobby', 3), (7, 'tea', 1)");
    Statement insert(old, "INSERT INTO events VALUES (?1, ?2, ?3, ?4)");
    const auto store = [&insert](std::int64_t room, std::int64_t seq, std::string_view id, base::Bytes body) {
      insert.run(room, seq, base::ByteView(id_of(id).bytes), base::ByteView(body));
    };
    store(1, 1, "a", body_at(100, "one"));
    store(1, 2, "b", body_at(90, "the clock was set back"));
    store(1, 3, "c", body_at(120, "three"));
    store(7, 1, "d", bytes_of("\xFF no event"));
    Statement(old, "INSERT INTO names VALUES ('ada', ?1)").run(base::ByteView(claim("ada", 4).key));
  }

  static base::Bytes body_at(std::uint64_t time_ms, const std::string& text) {
    wire::pb::Event event;
    event.set_time_ms(time_ms);
    event.set_name("Ada");
    event.mutable_message()->set_text(text);
    return wire::encode_event_body(event);
  }

  fs::path data() const { return dir_.path(); }
  fs::path file() const { return data() / "confab.db"; }
  fs::path saved(const char* further = "") const { return data() / ("confab.db.v1-backup" + std::string(further)); }
  std::int64_t version(const fs::path& of) {
    return Connection(of, Connection::Access::read_only).number("PRAGMA user_version");
  }

 private:
  TempDir dir_;
};

TEST_F(SqliteUpgrade, KeepsEverything) {
  const auto store = open_store(data());
  EXPECT_EQ(ends(*store), "lobby:1-3@120 tea:1-1@0");
  EXPECT_EQ(claims(*store), "ada:4");
  EXPECT_EQ(members(*store), "");
  const auto records = store->read("lobby", 1, no_limit, no_limit);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 3U);
  EXPECT_EQ(records->at(1).body, body_at(90, "the clock was set back"));
  EXPECT_EQ(append(*store, {draft("lobby", "b"), draft("lobby", "e"), draft("tea", "d")}), "2d 4 1d");
}

TEST_F(SqliteUpgrade, FillsTimesThatDoNotFall) {
  const auto store = open_store(data());
  EXPECT_EQ(trim(*store, {.room = "lobby", .keep_ms = 100, .count_max = 9}), "0 removed, kept from 1@100");
  EXPECT_EQ(trim(*store, {.room = "lobby", .keep_ms = 101, .count_max = 9}), "2 removed, kept from 3@120");
}

TEST_F(SqliteUpgrade, MakesTheSameTablesAsANewStart) {
  open_store(data());
  Connection upgraded(file(), Connection::Access::read_only);
  EXPECT_EQ(tables_of(upgraded), tables_of_new());
}

TEST_F(SqliteUpgrade, SavesTheOldFileFirst) {
  open_store(data());
  EXPECT_EQ(version(file()), schema_version);
  EXPECT_EQ(version(saved()), 1);
  Connection old(saved(), Connection::Access::read_only);
  EXPECT_EQ(old.number("SELECT count(*) FROM events"), 4);
  EXPECT_EQ(fs::status(saved()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SqliteUpgrade, KeepsWhatWasSavedBefore) {
  std::ofstream(saved()) << "saved before";
  std::ofstream(saved(".2")) << "and once more";
  open_store(data());
  EXPECT_EQ(contents(saved()), "saved before");
  EXPECT_EQ(contents(saved(".2")), "and once more");
  EXPECT_EQ(version(saved(".3")), 1);
}

TEST_F(SqliteUpgrade, IsMadeOnce) {
  open_store(data());
  open_store(data());
  EXPECT_FALSE(fs::exists(saved(".2")));
}

TEST_F(SqliteUpgrade, ChangesNothingWhereTheOldFileCannotBeSaved) {
  fs::create_directory(saved().native() + ".part");
  const std::string before = contents(file());
  EXPECT_EQ(open_error(data()).code, StoreError::Code::unavailable);
  EXPECT_EQ(contents(file()), before);
}

TEST_F(SqliteUpgrade, ChangesNothingOfADamagedDatabase) {
  Connection(file(), Connection::Access::read_write).execute("UPDATE rooms SET end_seq = 9 WHERE id = 7");
  const std::string before = contents(file());
  const StoreError error = open_error(data());
  EXPECT_NE(error.text.find("the log of room tea is not events 1 to 9"), std::string::npos) << error.text;
  EXPECT_EQ(contents(file()), before);
  EXPECT_EQ(version(file()), 1);
}

/// Version 2 is today's without topics and markers.
class SqliteUpgradeFrom2 : public testing::Test {
 protected:
  SqliteUpgradeFrom2() {
    const auto store = open_store(dir_.path());
    append(*store, {joins(draft("lobby", "a"), "Ada"), at(7, draft("lobby", "b"))}, {claim("ada", 4)});
    trim(*store, {.room = "lobby", .keep_seq = 2, .count_max = 9});
  }
  void SetUp() override {
    Connection(file(), Connection::Access::read_write)
        .execute("DROP TABLE topics; DROP TABLE markers; PRAGMA user_version = 2");
  }

  fs::path file() const { return dir_.path() / "confab.db"; }

  TempDir dir_;
};

TEST_F(SqliteUpgradeFrom2, KeepsEverythingAndTakesTopicsAndMarkers) {
  const auto store = open_store(dir_.path());
  EXPECT_EQ(ends(*store), "lobby:2-2@7");
  EXPECT_EQ(members(*store), "lobby/Ada");
  EXPECT_EQ(claims(*store), "ada:4");
  EXPECT_EQ(append(*store, {draft("lobby", "a"), sets(draft("lobby", "c"), "hello")}), "1d 3");
  ASSERT_TRUE(store->append({.drafts = {}, .claims = {}, .markers = {{"ada", "lobby", 3}}}));
  EXPECT_EQ(topics(*store), "lobby=hello");
  EXPECT_EQ(markers(*store), "ada/lobby:3");
}

TEST_F(SqliteUpgradeFrom2, MakesTheSameTablesAsANewStart) {
  open_store(dir_.path());
  Connection upgraded(file(), Connection::Access::read_only);
  EXPECT_EQ(tables_of(upgraded), tables_of_new());
}

TEST_F(SqliteUpgradeFrom2, SavesTheOldFileFirst) {
  open_store(dir_.path());
  Connection saved(dir_.path() / "confab.db.v2-backup", Connection::Access::read_only);
  EXPECT_EQ(saved.number("PRAGMA user_version"), 2);
  EXPECT_EQ(saved.number("SELECT count(*) FROM events"), 1);
}

TEST_F(SqliteUpgrade, HappensAsAWholeWhereverTheDiskFails) {
  for (int failing_write = 0;; ++failing_write) {
    StoreError error;
    {
      FaultyDisk disk;
      disk.fail_writes(SQLITE_IOERR_WRITE, "confab.db-wal", failing_write);
      auto store = SqliteStore::open(data());
      if (disk.failures() == 0) break;
      ASSERT_FALSE(store);
    }
    ASSERT_EQ(version(file()), 1) << "write " << failing_write;
    ASSERT_EQ(Connection(file(), Connection::Access::read_only).number("SELECT count(*) FROM events"), 4);
  }
  EXPECT_EQ(ends(*open_store(data())), "lobby:1-3@120 tea:1-1@0");
}

}  // namespace
}  // namespace confab::log

// SPDX-License-Identifier: MIT
// The store on a disk that fails: what is answered holds, what is refused is not there, and it goes on when the disk
// does.
#include <gtest/gtest.h>

#include "log/faulty_vfs.h"
#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

class SqliteFault : public testing::Test {
 protected:
  std::string try_append(const std::string& id) { return append(*store_, {draft("lobby", id)}); }

  /// What a start after a crash of this moment would find. The files are copied as the kernel shows them.
  std::string after_a_crash() {
    TempDir crashed;
    for (const char* name : {"confab.db", "confab.db-wal"}) {
      if (fs::exists(dir_.path() / name)) fs::copy_file(dir_.path() / name, crashed.path() / name);
    }
    return read(*open_store(crashed.path()), "lobby");
  }

  void expect_refused(const std::string& id) {
    const auto outcomes = store_->append({.drafts = {draft("lobby", id)}, .claims = {claim(id, 1)}});
    ASSERT_FALSE(outcomes);
    EXPECT_TRUE(outcomes.error().code == StoreError::Code::io || outcomes.error().code == StoreError::Code::full);
    EXPECT_TRUE(is_helpful(outcomes.error(), fs::canonical(dir_.path()) / "confab.db")) << outcomes.error().text;
  }

  FaultyDisk disk_;
  TempDir dir_;
  std::unique_ptr<SqliteStore> store_ = open_store(dir_.path());
};

struct Trouble {
  const char* name;
  int write_code;
  int sync_code;
  friend void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }
};

class EveryTrouble : public SqliteFault, public testing::WithParamInterface<Trouble> {};

TEST_P(EveryTrouble, CostsNothingThatWasAnswered) {
  EXPECT_EQ(try_append("a"), "1");
  disk_.fail_writes(GetParam().write_code);
  disk_.fail_syncs(GetParam().sync_code);
  for (const char* id : {"b", "c"}) {
    expect_refused(id);
    EXPECT_EQ(read(*store_, "lobby"), "1=a") << "reading goes on, and nothing of the batch is there";
  }
  EXPECT_GT(disk_.failures(), 0);
  disk_.get_well();
  EXPECT_EQ(try_append("b"), "2");
  EXPECT_EQ(try_append("a"), "1d");
  EXPECT_EQ(after_a_crash(), "1=a 2=b");
  store_.reset();
  store_ = open_store(dir_.path());
  EXPECT_EQ(read(*store_, "lobby"), "1=a 2=b");
  EXPECT_EQ(rooms(*store_), "lobby:2");
  EXPECT_EQ(claims(*store_), "");
}

TEST_P(EveryTrouble, IsSurvivedByATrim) {
  for (const char* id : {"a", "b", "c"}) try_append(id);
  disk_.fail_writes(GetParam().write_code);
  disk_.fail_syncs(GetParam().sync_code);
  EXPECT_FALSE(store_->trim({.room = "lobby", .keep_seq = 3, .count_max = 9}));
  EXPECT_EQ(read(*store_, "lobby"), "1=a 2=b 3=c");
  disk_.get_well();
  EXPECT_EQ(trim(*store_, {.room = "lobby", .keep_seq = 2, .count_max = 9}), "1 removed, kept from 2@0");
  EXPECT_EQ(try_append("a"), "1d");
  EXPECT_EQ(after_a_crash(), "2=b 3=c");
}

INSTANTIATE_TEST_SUITE_P(Disk, EveryTrouble,
                         testing::Values(Trouble{"write", SQLITE_IOERR_WRITE, SQLITE_OK},
                                         Trouble{"full", SQLITE_FULL, SQLITE_OK},
                                         Trouble{"sync", SQLITE_OK, SQLITE_IOERR_FSYNC},
                                         Trouble{"both", SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(SqliteFault, AtWhicheverWriteABatchIsWholeOrNotThere) {
  std::string stored;
  for (int number = 1, failing_write = 0; number <= 3; ++failing_write) {
    disk_.fail_writes(SQLITE_IOERR_WRITE, "-wal", failing_write);
    Batch batch;
    for (const char* part : {"x", "y"}) {
      batch.drafts.push_back(draft("lobby", fmt::format("{}{}", number, part), base::Bytes(9000, 'z')));
    }
    const bool refused = !store_->append(batch);
    disk_.get_well();
    const auto records = store_->read("lobby", 1, no_limit, no_limit);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), static_cast<std::size_t>(2 * (refused ? number - 1 : number)));
    if (refused) continue;
    failing_write = -1;
    ++number;
  }
}

TEST_F(SqliteFault, WhatWasRefusedForItsSyncDoesNotComeBackAfterACrash) {
  try_append("a");
  disk_.fail_syncs(SQLITE_IOERR_FSYNC, "-wal");
  expect_refused("b");
  EXPECT_EQ(after_a_crash(), "1=a") << "its frames were whole in the log";
}

TEST_F(SqliteFault, PagesThatTheKernelDroppedAreWrittenAnew) {
  store_.reset();
  disk_.drop_unsynced();
  store_ = open_store(dir_.path());
  const auto fill = [this](int from, int to) {
    for (int i = from; i <= to; ++i) {
      ASSERT_TRUE(
          store_->append({.drafts = {draft("lobby", std::to_string(i), base::Bytes(64'000, 'x'))}, .claims = {}}))
          << i;
    }
  };
  fill(1, 40);
  {
    // While somebody reads what was there a while ago, the log can be folded in up to there, which is not synced yet.
    Connection snapshot(dir_.path() / "confab.db", Connection::Access::read_only);
    snapshot.execute("BEGIN");
    snapshot.number("SELECT count(*) FROM events");
    fill(41, 60);
  }
  disk_.fail_syncs(SQLITE_IOERR_FSYNC, "confab.db");
  fill(61, 61);  // folds in the rest; the log has it all, so that this is no error
  EXPECT_EQ(disk_.failures(), 1);
  disk_.get_well();
  fill(62, 130);
  store_.reset();
  const auto records = open_store(dir_.path())->read("lobby", 1, no_limit, no_limit);
  ASSERT_TRUE(records) << records.error().text;
  EXPECT_EQ(records->size(), 130U);
}

TEST_F(SqliteFault, WhoeverElseReadsMustEndBeforeTheLogIsReadAnew) {
  try_append("a");
  Connection other(dir_.path() / "confab.db", Connection::Access::read_only);
  EXPECT_EQ(other.number("SELECT count(*) FROM events"), 1);
  disk_.fail_syncs(SQLITE_IOERR_FSYNC);
  expect_refused("b");
  disk_.get_well();
  const std::string locked = try_append("b");
  EXPECT_NE(locked.find("database is locked; check its permissions and what else has it open"), std::string::npos)
      << locked;
  EXPECT_EQ(read(*store_, "lobby"), "1=a");
  {
    const Connection closed = std::move(other);
  }
  EXPECT_EQ(try_append("b"), "2");
}

}  // namespace
}  // namespace confab::log

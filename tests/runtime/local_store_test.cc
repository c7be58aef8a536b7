// SPDX-License-Identifier: MIT
#include "runtime/local_store.h"

#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/outbox_store_contract.h"
#include "io/clock.h"
#include "io/files.h"
#include "temp_home.h"

namespace confab::runtime {
namespace {

using client::KeptEvent;
using client::StoredEntry;

constexpr char server[] = "chat.example:2209";

struct DiskStage final : client::OutboxStage {
  client::OutboxStore& store() override { return local->outbox(); }
  TempHome home;
  std::unique_ptr<LocalStore> local = *LocalStore::open(home.path, server);
};

StoredEntry entry(std::uint8_t number) { return client::OutboxStoreContract::entry(number); }

KeptEvent event(base::Seq seq) {
  const std::string text = fmt::format("event {}", seq);
  return {.seq = seq, .bytes = base::Bytes(text.begin(), text.end())};
}

std::vector<KeptEvent> events(base::Seq first, base::Seq last) {
  std::vector<KeptEvent> result;
  for (base::Seq seq = first; seq <= last; ++seq) result.push_back(event(seq));
  return result;
}

struct LocalStoreScript : ::testing::Test {
  std::unique_ptr<LocalStore> open(const std::string& which = server) const {
    auto store = LocalStore::open(home.path, which);
    EXPECT_TRUE(store) << store.error();
    return std::move(*store);
  }
  std::string file() const { return home.path + "/local.db"; }

  TempHome home;
};

}  // namespace
}  // namespace confab::runtime

namespace confab::client {
INSTANTIATE_TEST_SUITE_P(Disk, OutboxStoreContract,
                         ::testing::Values([] { return std::make_unique<runtime::DiskStage>(); }));
}  // namespace confab::client

namespace confab::runtime {
namespace {

TEST_F(LocalStoreScript, OutlivesTheProgramAndIsItsOwnersAlone) {
  ASSERT_TRUE(open()->outbox().save("Ada", std::vector{entry(1)}, client::Durability::process));
  EXPECT_EQ(open()->outbox().load("Ada"), std::vector{entry(1)});
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(LocalStoreScript, ServersAreApartAndNamesAreComparedAsTheServerDoes) {
  const auto here = open();
  const auto there = open("other.example:1");
  ASSERT_TRUE(here->outbox().save("Ada", std::vector{entry(1)}, client::Durability::process));
  ASSERT_TRUE(there->outbox().save("Ada", std::vector{entry(1), entry(2)}, client::Durability::process));
  ASSERT_TRUE(there->outbox().erase(std::vector{entry(1).id}, client::Durability::process));
  EXPECT_EQ(here->outbox().load("aDA"), std::vector{entry(1)});
  EXPECT_EQ(there->outbox().load("Ada"), std::vector{entry(2)});
}

TEST_F(LocalStoreScript, ManyProgramsAtOnceFromTheFirstStartOn) {
  constexpr int programs = 8;
  std::vector<std::thread> threads;
  std::atomic<int> kept = 0;
  for (std::uint8_t number = 1; number <= programs; ++number) {
    threads.emplace_back([&, number] {
      const auto store = LocalStore::open(home.path, server);
      if (!store) return;
      for (int round = 0; round < 20; ++round) {
        StoredEntry one = entry(number);
        one.id.bytes[0] = static_cast<std::uint8_t>(round);
        while (!(*store)->outbox().save("Ada", std::vector{one}, client::Durability::machine))
          std::this_thread::yield();
        ++kept;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, programs * 20);
  EXPECT_EQ(open()->outbox().load("Ada")->size(), programs * 20U);
}

TEST_F(LocalStoreScript, AFileThatAnotherProgramHoldsIsNotWaitedForLong) {
  const auto store = open();
  log::Connection other(file(), log::Connection::Access::read_write);
  other.execute("BEGIN IMMEDIATE");
  const auto begin = io::read_clocks().instant;
  EXPECT_FALSE(store->outbox().save("Ada", std::vector{entry(1)}, client::Durability::process));
  EXPECT_LT(io::read_clocks().instant - begin, std::chrono::seconds(3));
  other.execute("ROLLBACK");
  EXPECT_TRUE(store->outbox().save("Ada", std::vector{entry(1)}, client::Durability::process));
}

TEST_F(LocalStoreScript, WhatIsNoDatabaseOrALaterOneIsNamedAndLeftAsItIs) {
  open();
  log::Connection(file(), log::Connection::Access::read_write).execute("PRAGMA user_version = 3");
  auto later = LocalStore::open(home.path, server);
  ASSERT_FALSE(later);
  EXPECT_NE(later.error().find("/local.db: has schema version 3"), std::string::npos) << later.error();

  log::Connection(file(), log::Connection::Access::read_write).execute("PRAGMA application_id = 5");
  EXPECT_NE(LocalStore::open(home.path, server).error().find("another program"), std::string::npos);

  std::ofstream(file()) << std::string(5000, 'x');
  const auto damaged = LocalStore::open(home.path, server);
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().find("/local.db: "), std::string::npos) << damaged.error();
  EXPECT_NE(damaged.error().find("move the file away"), std::string::npos) << damaged.error();
}

/// A local.db of version 1, and the program that has made it.
struct VersionOneScript : LocalStoreScript {
  VersionOneScript() {
    old.execute(R"(
      PRAGMA application_id = 0x436F6E4C;
      PRAGMA user_version = 1;
      CREATE TABLE outbox (n INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, name TEXT NOT NULL,
        id BLOB NOT NULL, room TEXT NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL, typed_ms INTEGER NOT NULL,
        UNIQUE (server, id)) STRICT;
      CREATE TABLE logs (key INTEGER PRIMARY KEY, server TEXT NOT NULL, room TEXT NOT NULL, UNIQUE (server, room)) STRICT;
      CREATE TABLE events (log INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (log, seq)) STRICT, WITHOUT ROWID;
      INSERT INTO outbox (server, name, id, room, kind, text, typed_ms)
        VALUES ('chat.example:2209', 'ada', x'01010101010101010101010101010101', 'lobby', 1, 'Hii', 1700000000001);
    )");
  }

  bool is_made = io::create_file(file(), "").has_value();
  log::Connection old{file(), log::Connection::Access::read_write};
};

TEST_F(VersionOneScript, WhatAnEarlierVersionLeftBehindIsStillSent) {
  ASSERT_TRUE(is_made);
  EXPECT_EQ(open()->outbox().load("Ada"), std::vector{entry(1)});
  StoredEntry edit = entry(2);
  edit.content = {.what = Content::What::edit, .text = "Hi", .target = "01010101010101010101010101010101"};
  ASSERT_TRUE(open()->outbox().save("Ada", std::vector{edit}, client::Durability::machine));
  EXPECT_EQ(open()->outbox().load("Ada"), (std::vector{entry(1), edit}));
}

TEST_F(VersionOneScript, AnEarlierVersionThatStillRunsFindsNoEditToSendAsAMessage) {
  log::Statement load(old,
                      "SELECT id, room, kind, text, typed_ms FROM outbox WHERE server = ?1 AND name = ?2 ORDER BY n");
  log::Statement erase(old, "DELETE FROM outbox WHERE server = ?1 AND id = ?2");
  EXPECT_TRUE(load.rows(server, "ada").next());
  open();
  EXPECT_THROW(load.rows(server, "ada").next(), log::SqliteFailure);
  EXPECT_THROW(erase.run(server, base::ByteView(entry(1).id.bytes)), log::SqliteFailure);
  EXPECT_EQ(open()->outbox().load("Ada"), std::vector{entry(1)});
}

TEST_F(LocalStoreScript, HistoryComesBackNewestInOrder) {
  {
    const auto store = open();
    ASSERT_TRUE(store->history().append("lobby", events(5, 9)));
    ASSERT_TRUE(store->history().append("lobby", events(8, 12))) << "another program has seen them too";
    ASSERT_TRUE(store->history().append("dev", events(1, 1)));
  }
  EXPECT_EQ(open()->history().newest("lobby", 3), events(10, 12));
  EXPECT_EQ(open()->history().newest("lobby", 100), events(5, 12));
  EXPECT_EQ(open()->history().newest("nowhere", 100), events(1, 0));
  EXPECT_EQ(open("other.example:1")->history().newest("lobby", 100), events(1, 0));
}

TEST_F(LocalStoreScript, HistoryEndsAtAGapAndWhereItIsForgotten) {
  const auto store = open();
  ASSERT_TRUE(store->history().append("lobby", events(1, 5)));
  ASSERT_TRUE(store->history().append("lobby", events(8, 12)));
  EXPECT_EQ(store->history().newest("lobby", 100), events(8, 12));
  ASSERT_TRUE(store->history().forget_from("lobby", 10));
  EXPECT_EQ(store->history().newest("lobby", 100), events(8, 9));
  ASSERT_TRUE(store->history().forget_from("lobby", 1));
  EXPECT_EQ(store->history().newest("lobby", 100), events(1, 0));
}

TEST_F(LocalStoreScript, HistoryIsPagedBackToItsFirstGap) {
  const auto store = open();
  ASSERT_TRUE(store->history().append("lobby", events(1, 5)));
  ASSERT_TRUE(store->history().append("lobby", events(8, 12)));
  EXPECT_EQ(store->history().before("lobby", 13, 2), events(11, 12));
  EXPECT_EQ(store->history().before("lobby", 11, 100), events(8, 10));
  EXPECT_EQ(store->history().before("lobby", 8, 100), events(1, 0)) << "7 is missing";
  EXPECT_EQ(store->history().before("lobby", 100, 100), events(1, 0)) << "99 is missing";
  EXPECT_EQ(store->history().before("lobby", 6, 100), events(1, 5));
  EXPECT_EQ(store->history().before("lobby", 1, 100), events(1, 0));
  EXPECT_EQ(store->history().before("nowhere", 5, 100), events(1, 0));
}

TEST_F(LocalStoreScript, WhatStandsRightBeforeIsKeptToo) {
  const auto store = open();
  ASSERT_TRUE(store->history().append("lobby", events(8, 12)));
  ASSERT_TRUE(store->history().prepend("lobby", events(3, 5)));
  EXPECT_EQ(store->history().before("lobby", 13, 100), events(8, 12)) << "of what is not right before, nothing";
  EXPECT_EQ(store->history().before("lobby", 6, 100), events(1, 0));
  ASSERT_TRUE(store->history().prepend("lobby", events(6, 7)));
  EXPECT_EQ(store->history().before("lobby", 13, 100), events(6, 12));
  ASSERT_TRUE(store->history().prepend("nowhere", events(6, 7)));
  EXPECT_EQ(store->history().newest("nowhere", 100), events(1, 0));
}

TEST_F(LocalStoreScript, WhatWouldSoonBeTrimmedIsNotKept) {
  const auto store = open();
  const base::Seq end = 2 * LocalHistory::events_max;
  const base::Seq oldest = end - LocalHistory::events_max + 1;
  ASSERT_TRUE(store->history().append("lobby", events(oldest + 10, end)));
  ASSERT_TRUE(store->history().prepend("lobby", events(oldest - 5, oldest + 9)));
  EXPECT_EQ(store->history().before("lobby", oldest + 20, 100), events(oldest, oldest + 19));
}

TEST_F(LocalStoreScript, HistoryIsBounded) {
  const auto store = open();
  const base::Seq end = LocalHistory::events_max + 3 * LocalHistory::trim_batch;
  for (base::Seq seq = 1; seq <= end; seq += 100) ASSERT_TRUE(store->history().append("lobby", events(seq, seq + 99)));
  const auto kept = store->history().newest("lobby", 100'000);
  EXPECT_EQ(kept->back(), event(end));
  EXPECT_GE(kept->size(), LocalHistory::events_max);
  EXPECT_LE(kept->size(), LocalHistory::events_max + LocalHistory::trim_batch);
}

}  // namespace
}  // namespace confab::runtime

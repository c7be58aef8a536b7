// SPDX-License-Identifier: MIT
#include "log/backup.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "log/faulty_vfs.h"
#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

class Backup : public testing::Test {
 protected:
  fs::path database() const { return dir_.path() / "confab.db"; }
  fs::path target() const { return dir_.path() / "copy.db"; }

  std::string back_up() {
    const auto done = log::back_up(database(), target());
    return done ? "done" : done.error().text;
  }

  /// A server's data directory made from the copy alone.
  std::unique_ptr<SqliteStore> restore() {
    fs::copy_file(target(), restored_.path() / "confab.db");
    return open_store(restored_.path());
  }

  static std::string contents(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TempDir dir_;
  TempDir restored_;
};

TEST_F(Backup, HasEverythingThatWasAnsweredBeforeIt) {
  const auto store = open_store(dir_.path());
  append(*store, {at(5, joins(draft("lobby", "a"), "ada")), draft("tea", "b")}, {claim("ada", 1)});
  append(*store, {draft("lobby", "c")});
  trim(*store, {.room = "lobby", .keep_seq = 2, .count_max = 9});
  EXPECT_EQ(back_up(), "done");
  append(*store, {draft("lobby", "later")});

  const auto restored = restore();
  EXPECT_EQ(ends(*restored), "lobby:2-2@5 tea:1-1@0");
  EXPECT_EQ(read(*restored, "lobby"), "2=c");
  EXPECT_EQ(members(*restored), "lobby/ada");
  EXPECT_EQ(claims(*restored), "ada:1");
  EXPECT_EQ(append(*restored, {draft("lobby", "a")}), "1d") << "what was removed is known, too";
}

TEST_F(Backup, IsOneFileForItsOwnerAlone) {
  const auto store = open_store(dir_.path());
  append(*store, {draft("lobby", "a")});
  EXPECT_EQ(back_up(), "done");
  EXPECT_EQ(fs::status(target()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  for (const char* further : {".part", "-wal", "-shm", "-journal", ".part-wal", ".part-shm", ".part-journal"}) {
    EXPECT_FALSE(fs::exists(target().native() + further)) << further;
  }
  Connection copy(target(), Connection::Access::read_only);
  EXPECT_EQ(copy.number("SELECT count(*) FROM events"), 1);
  EXPECT_FALSE(fs::exists(target().native() + "-wal")) << "it can be read where nothing can be written";
}

TEST_F(Backup, OverwritesNothing) {
  open_store(dir_.path());
  std::ofstream(target()) << "mine";
  EXPECT_EQ(back_up(), target().native() + ": is there already; choose another name");
  EXPECT_EQ(contents(target()), "mine");
  fs::remove(target());
  fs::create_symlink("nowhere", target());
  EXPECT_EQ(back_up(), target().native() + ": is there already; choose another name");
}

TEST_F(Backup, TakesThePlaceOfOneThatWasBrokenOff) {
  append(*open_store(dir_.path()), {draft("lobby", "a")});
  std::ofstream(target().native() + ".part") << std::string(100'000, 'x');
  EXPECT_EQ(back_up(), "done");
  EXPECT_EQ(read(*restore(), "lobby"), "1=a");
}

TEST_F(Backup, LeavesNoTargetWhenTheDiskFails) {
  FaultyDisk disk;
  append(*open_store(dir_.path()), {draft("lobby", "a")});
  disk.fail_writes(SQLITE_FULL, ".part", 3);
  EXPECT_NE(back_up().find("full"), std::string::npos);
  EXPECT_FALSE(fs::exists(target()));
  disk.get_well();
  EXPECT_EQ(back_up(), "done");
}

TEST_F(Backup, SaysWhatIsNoDatabaseOfOurs) {
  EXPECT_NE(back_up().find("unable to open database file"), std::string::npos) << back_up();
  std::ofstream(database()) << "Dear diary\n";
  EXPECT_NE(back_up().find("not a database"), std::string::npos);
  EXPECT_FALSE(fs::exists(target()));
}

TEST_F(Backup, OfABusyServerIsOneMomentOfIt) {
  const auto store = open_store(dir_.path());
  std::atomic<bool> done = false;
  std::atomic<int> batches = 0;
  std::thread writer([&] {
    // Two rooms that grow by the same batches: in every moment they are equally long.
    for (int i = 0; !done; ++i) {
      const std::string id = std::to_string(i);
      ASSERT_TRUE(store->append(
          {.drafts = {draft("lobby", id, base::Bytes(3000, 'x')), draft("tea", id, base::Bytes(3000, 'y'))},
           .claims = {}}));
      ++batches;
    }
  });
  for (int round = 0; round < 5; ++round) {
    while (batches < 40 * (round + 1)) std::this_thread::yield();
    const int answered = batches;
    ASSERT_EQ(back_up(), "done");
    TempDir elsewhere;
    fs::rename(target(), elsewhere.path() / "confab.db");
    const auto restored = open_store(elsewhere.path());
    const auto lobby = restored->read("lobby", 1, no_limit, no_limit);
    const auto tea = restored->read("tea", 1, no_limit, no_limit);
    ASSERT_TRUE(lobby && tea);
    EXPECT_EQ(lobby->size(), tea->size());
    EXPECT_GE(lobby->size(), static_cast<std::size_t>(answered)) << "what was answered before it began";
  }
  done = true;
  writer.join();
}

}  // namespace
}  // namespace confab::log

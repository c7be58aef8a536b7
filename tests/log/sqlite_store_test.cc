// SPDX-License-Identifier: MIT
// The store on disk while all is well, after a crash, and on a disk that is full. Broken files: sqlite_damage_test.cc.
#include "log/sqlite_store.h"

#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/sqlite_script.h"
#include "log/store_contract.h"
#include "log/temp_dir.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

struct SqliteBackend {
  Store& store() { return *sqlite; }
  TempDir dir;
  std::unique_ptr<SqliteStore> sqlite = open_store(dir.path());
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StoreContract, SqliteBackend);

TEST(SqliteStore, ShowsEverythingWhenItIsOpenedAgain) {
  TempDir dir;
  {
    const auto store = open_store(dir.path());
    append(*store, {draft("lobby", "a"), draft("tea", "b")}, {claim("ada", 1)});
    append(*store, {draft("lobby", "c")});
  }
  const auto store = open_store(dir.path());
  EXPECT_EQ(rooms(*store), "lobby:2 tea:1");
  EXPECT_EQ(claims(*store), "ada:1");
  EXPECT_EQ(read(*store, "lobby"), "1=a 2=c");
  EXPECT_EQ(append(*store, {draft("lobby", "a"), draft("lobby", "d"), draft("new", "e")}), "1d 3 1");
  EXPECT_EQ(read(*store, "lobby"), "1=a 2=c 3=d");
}

TEST(SqliteStore, IsOneFileWhenItIsClosed) {
  TempDir dir;
  append(*open_store(dir.path()), {draft("lobby", "a")});
  EXPECT_TRUE(fs::exists(dir.path() / "confab.db"));
  EXPECT_FALSE(fs::exists(dir.path() / "confab.db-wal"));
}

/// What a crash of this moment would leave on the disk.
void copy_as_after_a_crash(const fs::path& from, const fs::path& to) {
  for (const char* name : {"confab.db", "confab.db-wal"}) {
    fs::copy_file(from / name, to / name, fs::copy_options::overwrite_existing);
  }
}

TEST(SqliteStore, HasAfterACrashWhateverWasAnswered) {
  TempDir dir;
  const auto store = open_store(dir.path());
  for (int answered = 1; answered <= 40; ++answered) {
    ASSERT_EQ(append(*store, {draft("lobby", std::to_string(answered))}), std::to_string(answered));
    TempDir crashed;
    copy_as_after_a_crash(dir.path(), crashed.path());
    const auto survivor = open_store(crashed.path());
    ASSERT_EQ(rooms(*survivor), fmt::format("lobby:{}", answered));
    ASSERT_EQ(append(*survivor, {draft("lobby", std::to_string(answered)), draft("lobby", "next")}),
              fmt::format("{}d {}", answered, answered + 1));
  }
}

TEST(SqliteStore, LosesOnlyTheUnansweredTailOfATornWriteAheadLog) {
  TempDir dir;
  const auto store = open_store(dir.path());
  append(*store, {draft("lobby", "a")});
  const auto answered_size = fs::file_size(dir.path() / "confab.db-wal");
  append(*store, {draft("lobby", "b")});

  TempDir crashed;
  copy_as_after_a_crash(dir.path(), crashed.path());
  fs::resize_file(crashed.path() / "confab.db-wal", answered_size + 5000);
  const auto survivor = open_store(crashed.path());
  EXPECT_EQ(read(*survivor, "lobby"), "1=a");
  EXPECT_EQ(append(*survivor, {draft("lobby", "b")}), "2");
}

TEST(SqliteStore, MakesItsDirectoryForItsOwnerAlone) {
  TempDir dir;
  const fs::path data = dir.path() / "state" / "confab";
  const auto store = open_store(data);
  EXPECT_EQ(fs::status(data).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(data.parent_path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(data / "confab.db").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(SqliteStore, IsRefusedToASecondServer) {
  TempDir dir;
  auto first = open_store(dir.path());
  append(*first, {draft("lobby", "a")});

  const StoreError refused = open_error(dir.path());
  EXPECT_EQ(refused.code, StoreError::Code::unavailable);
  EXPECT_NE(refused.text.find("another confabd uses it"), std::string::npos) << refused.text;
  EXPECT_TRUE(is_helpful(refused, dir.path()));
  EXPECT_EQ(append(*first, {draft("lobby", "b")}), "2") << "the first one is none the worse";

  first.reset();
  EXPECT_EQ(rooms(*open_store(dir.path())), "lobby:2");
}

TEST(SqliteStore, LetsOneThreadReadWhileAnotherAppends) {
  TempDir dir;
  const auto store = open_store(dir.path());
  std::thread writer([&store] {
    for (int i = 1; i <= 300; ++i) EXPECT_EQ(append(*store, {draft("lobby", std::to_string(i))}), std::to_string(i));
  });
  std::size_t seen = 0;
  while (seen < 300 && !HasFailure()) {
    const auto records = store->read("lobby", 1, no_limit, no_limit);
    ASSERT_TRUE(records) << records.error().text;
    EXPECT_GE(records->size(), seen);
    seen = records->size();
  }
  writer.join();
}

TEST(SqliteStore, TakesBackABatchThatFailsHalfWay) {
  TempDir dir;
  const auto store = open_store(dir.path());
  append(*store, {draft("lobby", "a")});
  // Somebody meddles: the place of the second draft below is taken.
  Connection meddler(dir.path() / "confab.db", Connection::Access::read_write);
  meddler.execute("INSERT INTO events VALUES (1, 3, x'00', 0, x'00')");

  const auto outcomes = store->append({.drafts = {draft("lobby", "b"), draft("lobby", "c")}, .claims = {}});
  ASSERT_FALSE(outcomes);
  EXPECT_EQ(outcomes.error().code, StoreError::Code::damaged);

  meddler.execute("DELETE FROM events WHERE seq = 3");
  EXPECT_EQ(read(*store, "lobby"), "1=a");
  EXPECT_EQ(append(*store, {draft("lobby", "b"), draft("lobby", "c")}), "2 3");
}

/// While it lives no file of this process can grow beyond `bytes_max`: the nearest thing to a full disk that needs no
/// disk.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes_max) : on_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, on_signal_);
  }

 private:
  void (*on_signal_)(int);
  rlimit before_{};
};

TEST(SqliteStore, TakesNothingOnAFullDiskAndGoesOnWhenThereIsRoom) {
  TempDir dir;
  const auto store = open_store(dir.path());
  append(*store, {draft("lobby", "a")});
  {
    const FullDisk full(fs::file_size(dir.path() / "confab.db-wal") + 20'000);
    Batch batch{.drafts = {draft("lobby", "b"), draft("tea", "c", base::Bytes(64 * 1024))},
                .claims = {claim("ada", 1)}};
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto outcomes = store->append(batch);
      ASSERT_FALSE(outcomes);
      EXPECT_EQ(outcomes.error().code, StoreError::Code::full) << outcomes.error().text;
      EXPECT_TRUE(is_helpful(outcomes.error(), fs::canonical(dir.path()) / "confab.db"));
    }
    EXPECT_EQ(read(*store, "lobby"), "1=a") << "nothing of the batch";
    EXPECT_EQ(rooms(*store), "lobby:1");
    EXPECT_EQ(claims(*store), "");
    EXPECT_EQ(append(*store, {draft("lobby", "small")}), "2") << "what fits is taken";
  }
  EXPECT_EQ(append(*store, {draft("lobby", "b"), draft("tea", "c")}, {claim("ada", 1)}), "3 1");

  TempDir crashed;
  copy_as_after_a_crash(dir.path(), crashed.path());
  const auto survivor = open_store(crashed.path());
  EXPECT_EQ(read(*survivor, "lobby"), "1=a 2=small 3=b");
  EXPECT_EQ(read(*survivor, "tea"), "1=c");
  EXPECT_EQ(claims(*survivor), "ada:1");
}

TEST(SqliteStore, StartsOnceThereIsRoom) {
  TempDir dir;
  {
    const FullDisk full(0);
    const StoreError error = open_error(dir.path());
    EXPECT_EQ(error.code, StoreError::Code::full) << error.text;
  }
  EXPECT_EQ(append(*open_store(dir.path()), {draft("lobby", "a")}), "1");
}

}  // namespace
}  // namespace confab::log

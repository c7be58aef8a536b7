// SPDX-License-Identifier: MIT
// What stands where the database should be and is none of ours: refused with a helpful line, and left as it was.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void overwrite(const fs::path& file, std::streamoff at, const std::string& bytes) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(at);
  stream << bytes;
}

class SqliteDamage : public testing::Test {
 protected:
  /// A closed store with `count` events in the lobby.
  void make_store(int count) {
    const auto store = open_store(data());
    Batch batch;
    for (int i = 1; i <= count; ++i) batch.drafts.push_back(draft("lobby", std::to_string(i), base::Bytes(200, 'x')));
    ASSERT_TRUE(store->append(batch));
  }

  void run_sql(const char* sql) { Connection(file(), Connection::Access::read_write).execute(sql); }

  /// Opening fails as `code`, says why in a line with `words`, and changes no byte.
  void expect_refused(StoreError::Code code, const std::string& words) {
    const std::string before = contents(file());
    const StoreError error = open_error(data());
    EXPECT_EQ(error.code, code) << error.text;
    EXPECT_NE(error.text.find(words), std::string::npos) << error.text;
    EXPECT_TRUE(is_helpful(error, file()));
    EXPECT_EQ(contents(file()), before);
  }

  fs::path data() const { return fs::canonical(dir_.path()); }
  fs::path file() const { return data() / "confab.db"; }

 private:
  TempDir dir_;
};

TEST_F(SqliteDamage, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file()) << "Dear diary, today I was not a database.\n";
  expect_refused(StoreError::Code::damaged, "not a database");
  std::ofstream(file()) << std::string(100'000, 'z');
  expect_refused(StoreError::Code::damaged, "not a database");
}

TEST_F(SqliteDamage, RefusesADamagedHeader) {
  make_store(10);
  overwrite(file(), 0, std::string(100, '\xAA'));
  expect_refused(StoreError::Code::damaged, "not a database");
}

TEST_F(SqliteDamage, RefusesADatabaseThatWasCutShort) {
  make_store(100);
  fs::resize_file(file(), fs::file_size(file()) / 2);
  expect_refused(StoreError::Code::damaged, "malformed");
}

TEST_F(SqliteDamage, RefusesADamagedSchema) {
  make_store(10);
  overwrite(file(), 100, std::string(3000, '\xAA'));
  expect_refused(StoreError::Code::damaged, "malformed");
}

TEST_F(SqliteDamage, RefusesADatabaseWithoutOurTables) {
  make_store(10);
  run_sql("DROP TABLE names");
  expect_refused(StoreError::Code::damaged, "no such table");
}

TEST_F(SqliteDamage, RefusesALogThatLostItsEnd) {
  make_store(10);
  run_sql("DELETE FROM events WHERE seq = 10");
  expect_refused(StoreError::Code::damaged, "the log of room lobby is not events 1 to 10");
}

TEST_F(SqliteDamage, RefusesALogThatLostItsBeginning) {
  make_store(10);
  run_sql("DELETE FROM events WHERE seq = 1");
  expect_refused(StoreError::Code::damaged, "is not events 1 to 10");
}

TEST_F(SqliteDamage, RefusesALogThatLostItsRow) {
  make_store(10);
  run_sql("UPDATE rooms SET end_seq = 9");
  expect_refused(StoreError::Code::damaged, "is not events 1 to 9");
}

TEST_F(SqliteDamage, FindsAHoleInALogWhenItIsRead) {
  make_store(10);
  run_sql("DELETE FROM events WHERE seq = 5");
  const auto store = open_store(data());
  EXPECT_TRUE(store->read("lobby", 6, no_limit, no_limit));
  const auto records = store->read("lobby", 4, no_limit, no_limit);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().code, StoreError::Code::damaged);
  EXPECT_NE(records.error().text.find("event 5 of room lobby is missing"), std::string::npos) << records.error().text;
  EXPECT_TRUE(is_helpful(records.error(), file()));
}

TEST_F(SqliteDamage, FindsABrokenPageWhenItIsReadAndKeepsTheRest) {
  make_store(1000);
  const std::string whole = contents(file());
  // The page in the middle of the file that holds events of the middle of the log.
  const std::size_t page = whole.find(std::string(200, 'x'), whole.size() / 2) / 4096 * 4096;
  overwrite(file(), static_cast<std::streamoff>(page), std::string(4096, '\xAA'));

  const auto store = open_store(data());
  const auto all = store->read("lobby", 1, no_limit, no_limit);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, StoreError::Code::damaged);
  EXPECT_TRUE(is_helpful(all.error(), file()));
  EXPECT_TRUE(store->read("lobby", 990, no_limit, no_limit));
}

TEST_F(SqliteDamage, RefusesAKeyOfAnotherLength) {
  make_store(1);
  run_sql("INSERT INTO names VALUES ('ada', x'0102')");
  const auto store = open_store(data());
  const auto all = store->claims();
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, StoreError::Code::damaged);
  EXPECT_TRUE(is_helpful(all.error(), file()));
}

TEST_F(SqliteDamage, RefusesTheDatabaseOfAnotherProgram) {
  make_store(1);
  run_sql("PRAGMA application_id = 252006673");
  expect_refused(StoreError::Code::damaged, "another program");
}

TEST_F(SqliteDamage, RefusesADatabaseThatNobodySigned) {
  std::ofstream(file()).flush();
  run_sql("CREATE TABLE recipes (text)");
  expect_refused(StoreError::Code::damaged, "another program");
}

TEST_F(SqliteDamage, RefusesANewerSchema) {
  make_store(1);
  run_sql("PRAGMA user_version = 4");
  expect_refused(StoreError::Code::unavailable, "has schema version 4");
}

TEST_F(SqliteDamage, KeepsAWriteAheadLogWhoseDatabaseIsGone) {
  fs::path write_ahead_log = data() / "confab.db-wal";
  std::ofstream(write_ahead_log) << "all that is left";
  expect_refused(StoreError::Code::damaged, "confab.db-wal is not");
  EXPECT_EQ(contents(write_ahead_log), "all that is left");
}

TEST_F(SqliteDamage, TakesAnEmptyFileForANewDatabase) {
  // What is left of a first start that ended before its first transaction.
  std::ofstream(file()).flush();
  EXPECT_EQ(append(*open_store(data()), {draft("lobby", "a")}), "1");
}

TEST_F(SqliteDamage, RefusesADirectoryInPlaceOfTheDatabase) {
  fs::create_directory(file());
  const StoreError error = open_error(data());
  EXPECT_EQ(error.code, StoreError::Code::unavailable);
  EXPECT_TRUE(is_helpful(error, file()));
}

TEST_F(SqliteDamage, RefusesAFileInPlaceOfTheDirectory) {
  std::ofstream(data() / "occupied") << "mine";
  for (const fs::path& path : {data() / "occupied", data() / "occupied" / "below"}) {
    const StoreError error = open_error(path);
    EXPECT_EQ(error.code, StoreError::Code::unavailable);
    EXPECT_TRUE(is_helpful(error, path));
  }
  EXPECT_EQ(contents(data() / "occupied"), "mine");
}

/// Root may write everywhere: while this lives, the process is nobody.
class Unprivileged {
 public:
  Unprivileged() {
    if (was_root_ && ::seteuid(65534) != 0) throw std::runtime_error("seteuid");
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() {
    if (was_root_) was_root_ = ::seteuid(0) == 0;
  }

 private:
  bool was_root_ = ::geteuid() == 0;
};

TEST_F(SqliteDamage, RefusesADirectoryItMayNotWriteTo) {
  fs::permissions(data(), fs::perms(0755));
  const fs::path read_only = data() / "read-only";
  fs::create_directory(read_only);
  fs::permissions(read_only, fs::perms(0555));
  const Unprivileged nobody;
  for (const fs::path& path : {read_only, read_only / "below"}) {
    const StoreError error = open_error(path);
    EXPECT_EQ(error.code, StoreError::Code::unavailable);
    EXPECT_NE(error.text.find("Permission denied"), std::string::npos) << error.text;
    EXPECT_TRUE(is_helpful(error, path));
  }
}

TEST_F(SqliteDamage, RefusesADatabaseItMayNotWriteTo) {
  make_store(1);
  fs::permissions(data(), fs::perms(0777));
  fs::permissions(data() / "lock", fs::perms(0666));
  fs::permissions(file(), fs::perms(0444));
  const Unprivileged nobody;
  const StoreError error = open_error(data());
  EXPECT_EQ(error.code, StoreError::Code::unavailable);
  EXPECT_TRUE(is_helpful(error, file()));
}

}  // namespace
}  // namespace confab::log

// SPDX-License-Identifier: MIT
#include "log/check.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "log/backup.h"
#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"
#include "wire/framing.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Check : public testing::Test {
 protected:
  Check() {
    const auto store = open_store(dir_.path());
    fill(*store);
  }

  /// Lobby: events 3 to 9, and 1 and 2 removed; tea: event 1.
  static void fill(Store& store) {
    Batch batch{.drafts = {}, .claims = {claim("ada", 1), claim("bob", 2)}};
    for (int i = 1; i <= 9; ++i) batch.drafts.push_back(message("lobby", i));
    batch.drafts[0] = joins(batch.drafts[0], "Ada");
    batch.drafts[1].topic = "tea time";
    batch.markers = {{.folded_name = "ada", .room = "lobby", .up_to = 8}};
    batch.drafts.push_back(joins(message("tea", 1), "Bob", 1));
    ASSERT_TRUE(store.append(batch));
    ASSERT_TRUE(store.trim({.room = "lobby", .keep_seq = 3, .count_max = 9}));
  }

  static Draft message(const std::string& room, int number) {
    wire::pb::Event event;
    event.set_name("Ada");
    event.mutable_message()->set_text(std::to_string(number));
    return at(static_cast<std::uint64_t>(100 * number),
              draft(room, std::to_string(number), wire::encode_event_body(event)));
  }

  void run_sql(const char* sql) { Connection(file(), Connection::Access::read_write).execute(sql); }

  /// All findings, a line each; "good" where there are none.
  static std::string report(const fs::path& file) {
    const auto checked = check(file);
    if (!checked) return "error: " + checked.error().text;
    std::string text;
    for (const std::string& finding : checked->findings) text += (text.empty() ? "" : "\n") + finding;
    return text.empty() ? "good" : text;
  }
  std::string report() const { return report(file()); }

  fs::path file() const { return dir_.path() / "confab.db"; }

  TempDir dir_;
};

TEST_F(Check, FindsNothingInAGoodDatabase) {
  const auto checked = check(file());
  ASSERT_TRUE(checked);
  EXPECT_EQ(report(), "good");
  EXPECT_EQ(checked->rooms, 2U);
  EXPECT_EQ(checked->events, 8U);
  EXPECT_EQ(checked->members, 2U);
  EXPECT_EQ(checked->names, 2U);
}

TEST_F(Check, FindsNothingWhereATopicWasTakenBack) {
  ASSERT_TRUE(open_store(dir_.path())->append({.drafts = {sets(message("lobby", 10), "")}, .claims = {}}));
  EXPECT_EQ(report(), "good");
}

TEST_F(Check, ChangesNothing) {
  const std::string before = contents(file());
  EXPECT_EQ(report(), "good");
  EXPECT_EQ(contents(file()), before);
  const auto entries = std::distance(fs::directory_iterator(dir_.path()), fs::directory_iterator());
  EXPECT_EQ(entries, 2) << "the database and the lock, and nothing beside them";
}

TEST_F(Check, LooksAtARunningServersDatabase) {
  const auto store = open_store(dir_.path());
  ASSERT_TRUE(store->append({.drafts = {message("lobby", 10)}, .claims = {}}));
  const auto checked = check(file());
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->finding_count, 0U);
  EXPECT_EQ(checked->events, 9U) << "with what stands in the write-ahead log";
  EXPECT_EQ(append(*store, {draft("lobby", "next")}), "11");
}

TEST_F(Check, LooksAtWhatACrashHasLeft) {
  TempDir crashed;
  {
    const auto store = open_store(dir_.path());
    ASSERT_TRUE(store->append({.drafts = {message("lobby", 10)}, .claims = {}}));
    for (const char* name : {"confab.db", "confab.db-wal"}) fs::copy_file(dir_.path() / name, crashed.path() / name);
  }
  const std::string before = contents(crashed.path() / "confab.db-wal");
  const auto checked = check(crashed.path() / "confab.db");
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->events, 9U);
  EXPECT_EQ(contents(crashed.path() / "confab.db-wal"), before);
}

TEST_F(Check, LooksAtABackup) {
  const fs::path odd = dir_.path() / "50% ? #1.db";
  ASSERT_TRUE(back_up(file(), odd));
  EXPECT_EQ(report(odd), "good");
}

TEST_F(Check, SaysWhatCannotBeRead) {
  EXPECT_NE(report(dir_.path() / "nothing.db").find("error: "), std::string::npos);
  std::ofstream(dir_.path() / "diary.db") << "Dear diary, today I was not a database.\n";
  EXPECT_NE(report(dir_.path() / "diary.db").find("not a database"), std::string::npos);
}

struct Damage {
  const char* sql;
  const char* finding;
  friend void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.sql; }
};

class CheckFinds : public Check, public testing::WithParamInterface<Damage> {};

TEST_P(CheckFinds, TheDamage) {
  run_sql(GetParam().sql);
  EXPECT_EQ(report(), GetParam().finding);
}

INSTANTIATE_TEST_SUITE_P(
    Each, CheckFinds,
    testing::Values(
        Damage{"PRAGMA application_id = 7", "it is a database of another program"},
        Damage{"PRAGMA user_version = 4", "it has schema version 4, this confabd checks version 3"},
        Damage{"CREATE TABLE recipes (text)", "its tables are not those of version 3"},
        Damage{"DELETE FROM events WHERE room = 1 AND seq = 5", "room lobby: events 5 to 5 are missing"},
        Damage{"DELETE FROM events WHERE room = 1 AND seq > 6", "room lobby: events 7 to 9 are missing"},
        Damage{"DELETE FROM events WHERE room = 1 AND seq < 5", "room lobby: events 3 to 4 are missing"},
        Damage{"UPDATE rooms SET first_seq = 4 WHERE id = 1", "room lobby: event 3 is not one of 4 to 9"},
        Damage{"UPDATE rooms SET end_seq = 8 WHERE id = 1", "room lobby: event 9 is not one of 3 to 8"},
        Damage{"UPDATE rooms SET name = 'a room' WHERE id = 1", "room a room: this is no room's name"},
        Damage{"INSERT INTO rooms VALUES (9, 'empty', 1, 0)", "room empty: it says that it has events 1 to 0"},
        Damage{"UPDATE events SET room = 4 WHERE room = 2; DELETE FROM rooms WHERE id = 2; DELETE FROM members",
               "event 1 of a room that there is not (number 4)"},
        Damage{"UPDATE events SET id = x'0102' WHERE room = 1 AND seq = 4",
               "room lobby: the id of event 4 has 2 bytes"},
        Damage{"UPDATE events SET body = x'FF' WHERE room = 1 AND seq = 4",
               "room lobby: event 4 has a body that is none"},
        Damage{"UPDATE events SET body = x'0805' WHERE room = 2", "room tea: event 1 has a number in its body, too"},
        Damage{"UPDATE events SET body = x'C201020805' WHERE room = 2",
               "room tea: event 1 is of a kind that is never stored"},
        Damage{"UPDATE events SET body = x'1A0101' WHERE room = 2", "room tea: event 1 has another id in its body"},
        Damage{"UPDATE events SET time_ms = 1 WHERE room = 1 AND seq = 4",
               "room lobby: event 4 is older than the one before it"},
        Damage{"UPDATE removed SET seq = 5 WHERE seq = 2", "room lobby: event 5 is removed, but there"},
        Damage{"UPDATE removed SET id = x'01' WHERE seq = 2", "room lobby: the id of removed event 2 has 1 bytes"},
        Damage{"UPDATE removed SET id = (SELECT id FROM events WHERE room = 1 AND seq = 7) WHERE seq = 2",
               "room lobby: removed event 2 has the id of another one"},
        Damage{"UPDATE members SET room = 9 WHERE room = 2", "member Bob of a room that there is not (number 9)"},
        Damage{"UPDATE members SET name = 'Eve' WHERE room = 2",
               "member Eve: this is no member's name, or not sorted in under it"},
        Damage{"UPDATE members SET origin = 7 WHERE room = 2", "member Bob: there is no origin 7"},
        Damage{"UPDATE names SET folded = 'ADA' WHERE folded = 'ada'", "name ADA: this is no name's key"},
        Damage{"UPDATE names SET key = x'01' WHERE folded = 'ada'", "name ada: its owner's key has 1 bytes"},
        Damage{"UPDATE topics SET room = 9", "a topic of a room that there is not (number 9)"},
        Damage{"UPDATE topics SET text = 'a' || char(27) || 'b'", "topic a\uFFFDb: this is no room's topic"},
        Damage{"UPDATE topics SET text = ''", "topic : this is no room's topic"},
        Damage{"UPDATE markers SET room = 9", "marker of ada in a room that there is not (number 9)"},
        Damage{"UPDATE markers SET folded = 'ADA'", "marker of ADA: this is no name"},
        Damage{"UPDATE markers SET seq = 10", "room lobby: ada has read up to event 10, which there is not"}));

TEST_F(Check, FindsABrokenPage) {
  {
    const auto store = open_store(dir_.path());
    Batch batch;
    for (int i = 0; i < 300; ++i) batch.drafts.push_back(draft("big", std::to_string(i), base::Bytes(200, 'x')));
    ASSERT_TRUE(store->append(batch));
  }
  std::fstream stream(file(), std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(contents(file()).rfind(std::string(200, 'x')) / 4096 * 4096));
  stream << std::string(4096, '\xAA');
  stream.close();
  EXPECT_NE(report(), "good");
}

TEST_F(Check, NamesTheFirstOfManyFindingsAndCountsAll) {
  {
    const auto store = open_store(dir_.path());
    Batch batch;
    for (int i = 0; i < 150; ++i) batch.drafts.push_back(draft("big", std::to_string(i), bytes_of("\xFF")));
    ASSERT_TRUE(store->append(batch));
  }
  const auto checked = check(file());
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->findings.size(), CheckReport::findings_max);
  EXPECT_EQ(checked->finding_count, 150U);
}

}  // namespace
}  // namespace confab::log

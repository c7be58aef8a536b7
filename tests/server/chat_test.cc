// SPDX-License-Identifier: MIT
#include "town.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(Town, TwoPeopleChat) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 2 Hilmi joined"}));
  ryo.client->send("lobby", Kind::text, "Hii");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"stored 3", "#lobby 3 Ryo: Hii"}));
  EXPECT_EQ(hilmi.hear(), (Lines{"#lobby 3 Ryo: Hii"}));
  EXPECT_EQ(stdout_lines_, (Lines{"Ryo : Hii"}));
}

TEST_F(Town, AcceptedMeansStoredAndNobodySeesItBefore) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  store_.holding = true;
  ryo.client->send("lobby", Kind::text, "Hii");
  wire_.pass(5s);
  EXPECT_EQ(ryo.hear(), (Lines{}));
  EXPECT_EQ(hilmi.hear(), (Lines{}));
  EXPECT_EQ(stdout_lines_, (Lines{}));
  EXPECT_EQ(wire_.unclaimed(address_of(1, 7000)), 0U);
  store_.holding = false;
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"stored 3", "#lobby 3 Ryo: Hii"}));
  EXPECT_EQ(hilmi.hear(), (Lines{"#lobby 3 Ryo: Hii"}));
}

TEST_F(Town, WhatTheDiskRefusesIsSentAgainInOrderAndTheServerLivesOn) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  store_.failing = true;
  ryo.client->send("lobby", Kind::text, "lost?");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"queued 0not stored: the server's disk is full"}));
  store_.failing = false;
  ryo.client->send("lobby", Kind::text, "again");
  wire_.pass(1s);
  EXPECT_EQ(hilmi.hear(), (Lines{"#lobby 3 Ryo: lost?", "#lobby 4 Ryo: again"}));
}

TEST_F(Town, OneTurnIsOneBatch) {
  Person& ryo = member("Ryo");
  const int before = store_.appends;
  for (int i = 0; i < 20; ++i) ryo.client->send("lobby", Kind::text, fmt::format("{}", i));
  wire_.settle();
  EXPECT_LE(store_.appends - before, 3) << "20 messages in a few packets";
  EXPECT_EQ(store_.store.read("lobby", 1, 100, 100'000)->size(), 21U);
}

TEST_F(Town, WhoComesLateReadsFromTheBeginning) {
  Person& ryo = member("Ryo");
  for (const char* text : {"one", "two", "three"}) ryo.client->send("lobby", Kind::text, text);
  wire_.settle();
  Person& late = person("Late");
  late.client->join("lobby", {.seq = 1, .newest = 0});
  wire_.settle();
  EXPECT_EQ(late.hear(), (Lines{"link online", "#lobby 1 Ryo joined", "#lobby 2 Ryo: one", "#lobby 3 Ryo: two",
                                "#lobby 4 Ryo: three", "#lobby 5 Late joined"}));
}

TEST_F(Town, HistoryIsReadWithoutJoining) {
  Person& ryo = member("Ryo");
  for (const char* text : {"one", "two", "three"}) ryo.client->send("lobby", Kind::text, text);
  wire_.settle();
  Person& reader = person("");
  reader.client->read({.room = "lobby", .start = {.seq = 0, .newest = 2}, .follow = false, .count = 0});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"link online", "#lobby 3 Ryo: two", "#lobby 4 Ryo: three", "end of #lobby"}));
  reader.client->read({.room = "lobby", .start = {.seq = 2, .newest = 0}, .follow = true, .count = 1});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"#lobby 2 Ryo: one", "end of #lobby"}));
  reader.client->read({.room = "nowhere", .start = {}, .follow = false, .count = 0});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"refused: there is no room #nowhere"}));
}

TEST_F(Town, WhoFollowsMayBeThereBeforeTheFirstWord) {
  Person& watcher = person("");
  watcher.client->read({.room = "builds", .start = {}, .follow = true, .count = 0});
  wire_.settle();
  Person& bot = person("bot");
  bot.client->send("builds", Kind::text, "done");
  wire_.settle();
  EXPECT_EQ(watcher.hear(), (Lines{"link online", "#builds 1 bot: done"}));
}

TEST_F(Town, WhatMemoryHasDroppedComesFromTheStore) {
  Person& ryo = member("Ryo");
  const std::string long_text(16'000, 'x');
  for (int i = 0; i < 200; ++i) ryo.client->send("lobby", Kind::text, long_text);
  wire_.pass(5s);
  ryo.hear();
  const int before = store_.reads;
  Person& late = person("Late");
  late.client->join("lobby", {.seq = 1, .newest = 0});
  wire_.pass(5s);
  const Lines heard = late.hear();
  ASSERT_EQ(heard.size(), 203U) << "link, a join, 200 messages, a join";
  EXPECT_EQ(heard[201].substr(0, 15), "#lobby 201 Ryo:");
  EXPECT_GT(store_.reads, before);
}

TEST_F(Town, ManyRoomsHoldNoMoreMemoryThanTheyMay) {
  log_memory_bytes_max_ = 1024 * 1024;
  restart();
  Person& ryo = person("Ryo");
  for (int room = 0; room < 100; ++room) {
    for (int i = 0; i < 4; ++i) ryo.client->send(fmt::format("room{}", room), Kind::text, std::string(16'000, 'x'));
    wire_.pass(100ms);
    EXPECT_LE(server_->stats().log_bytes, log_memory_bytes_max_);
  }
  EXPECT_GT(server_->stats().log_bytes, log_memory_bytes_max_ / 2);
  ryo.hear();
  ryo.client->read({.room = "room0", .start = {.seq = 1, .newest = 0}});
  wire_.settle();
  EXPECT_EQ(ryo.hear().size(), 5U) << "four messages, from the store, and the end";
}

TEST_F(Town, RoomsAreApart) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  ryo.client->join("#Dev", {});
  wire_.settle();
  ryo.client->send("dev", Kind::text, "only here");
  wire_.settle();
  EXPECT_EQ(hilmi.hear(), (Lines{}));
  hilmi.client->get_rooms();
  hilmi.client->get_members("dev");
  wire_.settle();
  EXPECT_EQ(hilmi.hear(), (Lines{"rooms: dev(1,2) lobby(2,2)", "members: Ryo"}));
  ryo.client->part("dev");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"#dev 1 Ryo joined", "stored 2", "#dev 2 Ryo: only here", "end of #dev"}));
}

TEST_F(Town, ANameBelongsToItsKey) {
  member("Ryo");
  Person& impostor = person("ryo");
  wire_.settle();
  EXPECT_EQ(impostor.hear(), (Lines{"link failed: the name \"ryo\" belongs to another key; choose another name"}));
  impostor.client->retry("Oyr");
  wire_.settle();
  EXPECT_EQ(impostor.hear(), (Lines{"link online"}));
}

TEST_F(Town, NamesAreOwnedOverARestart) {
  Person& ryo = member("Ryo");
  wire_.detach(ryo.address);
  restart();
  Person& impostor = person("Ryo");
  wire_.settle();
  EXPECT_EQ(impostor.hear(), (Lines{"link failed: the name \"Ryo\" belongs to another key; choose another name"}));
}

TEST_F(Town, AfterARestartEverybodyResumesWhereTheyWere) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.client->send("lobby", Kind::text, "before");
  wire_.settle();
  ryo.hear();
  hilmi.hear();
  restart();
  ryo.client->send("lobby", Kind::text, "after");
  // A reset tells them at the first packet; nobody waits for the idle timeout. (Hilmi's is the keep-alive, after 10 s.)
  wire_.pass(12s);
  const Lines heard = hilmi.hear();
  EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](const auto& line) { return line.ends_with("Ryo: after"); }),
            1);
  EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](const auto& line) { return line.ends_with("Ryo: before"); }),
            0);
}

TEST_F(Town, ALostMemberLeavesWhenTheGraceIsOver) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  wire_.detach(hilmi.address);
  wire_.pass(31s);
  EXPECT_EQ(ryo.hear(), (Lines{"Hilmi is lost"})) << "the idle timeout has passed, the grace has not";
  wire_.pass(wire::limits::presence_grace);
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 3 Hilmi left"}));
}

TEST_F(Town, AGoodbyeIsSeenAtOnce) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  hilmi.client->quit();
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 3 Hilmi left"}));
}

TEST_F(Town, TypingAndAbsenceAreHints) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  hilmi.client->set_typing("lobby", true);
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"Hilmi types in #lobby"}));
  hilmi.client->set_presence(Presence::away, "lunch");
  wire_.settle();
  EXPECT_EQ(ryo.hear(), (Lines{"Hilmi is away"}));
  EXPECT_EQ(hilmi.hear(), (Lines{})) << "one's own hints do not come back";
}

TEST_F(Town, DrainingStoresWhatWasAcceptedAndSaysGoodbye) {
  Person& ryo = member("Ryo");
  store_.holding = true;
  ryo.client->send("lobby", Kind::text, "last words");
  wire_.settle();
  server_->drain(wire_.now());
  ryo.client->send("lobby", Kind::text, "too late");
  wire_.pass(5s);
  EXPECT_FALSE(drained_) << "the store has not answered";
  EXPECT_EQ(ryo.hear(), (Lines{"queued 0the server is stopping"}));
  store_.holding = false;
  wire_.pass(250ms);
  EXPECT_TRUE(drained_);
  EXPECT_EQ(ryo.hear(), (Lines{"stored 2", "#lobby 2 Ryo: last words", "link offline"}));
  Person& late = person("Late");
  wire_.settle();
  for (const std::string& line : late.hear()) EXPECT_EQ(line, "link offline") << "nobody new is let in";
}

}  // namespace
}  // namespace confab::server::testing

// SPDX-License-Identifier: MIT
#include "server/retention.h"

#include <gtest/gtest.h>

#include "log/direct_store.h"
#include "log/memory_store.h"
#include "town.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t start_ms = 1'700'000'000'000;

/// A retention over a store in memory, a clock that the test moves, and what the store was asked.
class RetentionTest : public ::testing::Test {
 protected:
  void keep(RetentionRule all, std::map<std::string, RetentionRule> rooms = {}) {
    retention_.emplace(RetentionOptions{.all = all, .rooms = std::move(rooms)}, store_);
    const auto summaries = memory_.rooms();
    for (const log::RoomSummary& each : *summaries) retention_->restore(each);
    turn();
  }

  void store_events(const std::string& room, int count, bool is_told = true) {
    for (int i = 0; i < count; ++i) {
      const auto time_ms = static_cast<std::uint64_t>(now_.wall.unix_ms);
      const auto stored =
          memory_.append({.drafts = {{room, base::MessageId::make(random_), {}, time_ms}}, .claims = {}});
      if (is_told) retention_->append(room, stored->front().seq, time_ms);
    }
  }

  /// One turn of the loop; true if a step's answer came in it.
  bool turn() {
    bool stepped = false;
    for (const log::StoreAnswer& answer : store_.poll()) {
      stepped = true;
      ++steps_;
      const auto trimmed = retention_->on_trim(std::get<log::TrimAnswer>(answer.result), now_);
      if (trimmed) told_[trimmed->room] = trimmed->first_seq;
    }
    retention_->run(now_);
    return stepped;
  }

  /// Lets time pass, stopping at each deadline on the way.
  void pass(base::Duration span) {
    const base::Instant end = now_.instant + span;
    while (turn()) continue;
    while (retention_->next_deadline() <= end) {
      move_to(std::max(retention_->next_deadline(), now_.instant));
      while (turn()) continue;
    }
    move_to(end);
    while (turn()) continue;
  }

  /// `lobby:3-10`: what each room keeps.
  std::string kept() {
    std::string text;
    const auto summaries = memory_.rooms();
    for (const log::RoomSummary& each : *summaries) {
      text += fmt::format("{}{}:{}-{}", text.empty() ? "" : " ", each.room, each.first_seq, each.end_seq);
    }
    return text;
  }

  void move_to(base::Instant instant) {
    now_.wall.unix_ms += (instant - now_.instant) / 1ms;
    now_.instant = instant;
  }

  base::SeededRandom random_{1};
  log::MemoryStore memory_;
  log::DirectStore store_{memory_};
  std::optional<Retention> retention_;
  base::Now now_{base::Instant(1h), {static_cast<std::int64_t>(start_ms)}};
  std::map<std::string, base::Seq> told_;
  int steps_ = 0;
};

TEST_F(RetentionTest, WithoutRulesEverythingStays) {
  keep({});
  store_events("lobby", 2000);
  pass(24h);
  EXPECT_EQ(kept(), "lobby:1-2000");
  EXPECT_EQ(steps_, 0);
  EXPECT_EQ(retention_->next_deadline(), base::never);
}

TEST_F(RetentionTest, ACountIsKeptWithinAMinute) {
  keep({.age_max = 0s, .count_max = 10});
  store_events("lobby", 25);
  store_events("tea", 10);
  pass(59s);
  EXPECT_EQ(kept(), "lobby:1-25 tea:1-10") << "a step for each event would cost as much as the events";
  pass(1s);
  EXPECT_EQ(kept(), "lobby:16-25 tea:1-10");
  EXPECT_EQ(told_, (std::map<std::string, base::Seq>{{"lobby", 16}}));
  EXPECT_EQ(steps_, 1);
  EXPECT_EQ(retention_->next_deadline(), base::never) << "a room within its limit costs nothing";
}

TEST_F(RetentionTest, AMinuteIsNotPutOffByFurtherEvents) {
  keep({.age_max = 0s, .count_max = 10});
  for (int i = 0; i < 70; ++i) {
    store_events("lobby", 1);
    pass(1s);
  }
  EXPECT_EQ(told_["lobby"], 70 - 10 + 1U) << "a minute after the eleventh";
}

TEST_F(RetentionTest, AGreatExcessGoesAtOnceInSmallSteps) {
  keep({.age_max = 0s, .count_max = 100});
  store_events("lobby", 450);
  turn();
  EXPECT_EQ(kept(), "lobby:101-450");
  turn();
  EXPECT_EQ(kept(), "lobby:201-450");
  pass(0s);
  EXPECT_EQ(kept(), "lobby:351-450");
  EXPECT_EQ(steps_, 4);
}

TEST_F(RetentionTest, OneStepIsOpenAtATime) {
  keep({.age_max = 0s, .count_max = 1});
  store_events("a", 600);
  store_events("b", 600);
  retention_->run(now_);
  retention_->run(now_);
  EXPECT_EQ(store_.poll().size(), 1U);
  EXPECT_EQ(kept(), "a:101-600 b:1-600");
}

TEST_F(RetentionTest, AnAgeIsKept) {
  keep({.age_max = 1h, .count_max = 0});
  store_events("lobby", 2);
  pass(30min);
  store_events("lobby", 2);
  pass(30min);
  EXPECT_EQ(kept(), "lobby:1-4");
  pass(1s);
  EXPECT_EQ(kept(), "lobby:3-4");
  pass(30min);
  EXPECT_EQ(kept(), "lobby:4-4") << "the newest stays";
  EXPECT_EQ(retention_->next_deadline(), base::never) << "and is not asked about";
  store_events("lobby", 1);
  pass(1s);
  EXPECT_EQ(kept(), "lobby:5-5");
}

TEST_F(RetentionTest, BothLimitsHold) {
  keep({.age_max = 1h, .count_max = 3});
  store_events("lobby", 5);
  pass(1min);
  EXPECT_EQ(kept(), "lobby:3-5");
  pass(1h);
  EXPECT_EQ(kept(), "lobby:5-5");
}

TEST_F(RetentionTest, ARoomMayHaveARuleOfItsOwn) {
  keep({.age_max = 0s, .count_max = 2}, {{"archive", {}}, {"news", {.age_max = 0s, .count_max = 1}}});
  for (const char* room : {"archive", "lobby", "news"}) store_events(room, 4);
  pass(1min);
  EXPECT_EQ(kept(), "archive:1-4 lobby:3-4 news:4-4");
}

TEST_F(RetentionTest, WhatGrewOldWhileTheServerWasAwayGoesAtItsStart) {
  keep({});
  store_events("lobby", 3);
  move_to(now_.instant + 48h);
  store_events("lobby", 1);
  keep({.age_max = 24h, .count_max = 0});
  pass(0s);
  EXPECT_EQ(kept(), "lobby:4-4");
}

TEST_F(RetentionTest, AfterAnErrorItTriesAgainInAMinute) {
  keep({.age_max = 0s, .count_max = 1});
  store_events("lobby", 600);
  retention_->run(now_);
  store_.poll();
  retention_->on_trim(std::unexpected(log::StoreError{}), now_);
  retention_->run(now_);
  EXPECT_TRUE(store_.poll().empty());
  EXPECT_EQ(retention_->next_deadline(), now_.instant + 1min);
  pass(1min);
  EXPECT_EQ(kept(), "lobby:600-600");
}

TEST_F(RetentionTest, AClockThatLeapsAheadCostsNothingForADay) {
  keep({.age_max = 24h, .count_max = 0});
  store_events("lobby", 2);
  now_.wall.unix_ms += 365LL * 24 * 3600 * 1000;
  pass(20h);
  EXPECT_EQ(kept(), "lobby:1-2");
  now_.wall.unix_ms -= 365LL * 24 * 3600 * 1000;  // somebody has noticed
  pass(3h);
  EXPECT_EQ(kept(), "lobby:1-2");
  now_.wall.unix_ms += 365LL * 24 * 3600 * 1000;
  pass(1h - 1s);
  EXPECT_EQ(kept(), "lobby:1-2");
}

TEST_F(RetentionTest, AClockThatStaysAheadIsBelieved) {
  keep({.age_max = 240h, .count_max = 0});
  store_events("lobby", 2);
  now_.wall.unix_ms += 365LL * 24 * 3600 * 1000;
  pass(24h + 1min);
  EXPECT_EQ(kept(), "lobby:2-2");
}

class TownWithRetention : public Town {
 protected:
  void keep(std::uint64_t count_max) {
    retention_.all.count_max = count_max;
    restart();
  }
  void fill(Person& author, int count) {
    for (int i = 0; i < count; ++i) author.client->send("lobby", Kind::text, fmt::format("{}", i));
    wire_.pass(1min);
    author.hear();
  }
};

TEST_F(TownWithRetention, AReaderIsToldWhatIsGone) {
  keep(3);
  Person& ryo = member("Ryo");
  fill(ryo, 9);
  Person& reader = person("");
  reader.client->read({.room = "lobby", .start = {.seq = 4, .newest = 0}, .follow = false, .count = 0});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"link online", "#lobby 4 to 7 gone", "#lobby 8 Ryo: 6", "#lobby 9 Ryo: 7",
                                  "#lobby 10 Ryo: 8", "end of #lobby"}));
}

TEST_F(TownWithRetention, AReadThatEndsAmongWhatIsGoneEndsThere) {
  keep(3);
  Person& ryo = member("Ryo");
  fill(ryo, 9);
  Person& reader = person("");
  reader.client->read({.room = "lobby", .start = {.seq = 2, .newest = 0}, .follow = true, .count = 3});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"link online", "#lobby 2 to 4 gone", "end of #lobby"}));
  reader.client->read({.room = "lobby", .start = {.seq = 7, .newest = 0}, .follow = true, .count = 2});
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"#lobby 7 to 7 gone", "#lobby 8 Ryo: 6", "end of #lobby"}));
}

TEST_F(TownWithRetention, WhoAsksForTheNewestGetsWhatThereIs) {
  keep(3);
  Person& ryo = member("Ryo");
  fill(ryo, 9);
  Person& reader = person("");
  reader.client->read({.room = "lobby", .start = {.seq = 0, .newest = 100}, .follow = false, .count = 0});
  wire_.settle();
  EXPECT_EQ(reader.hear(),
            (Lines{"link online", "#lobby 8 Ryo: 6", "#lobby 9 Ryo: 7", "#lobby 10 Ryo: 8", "end of #lobby"}));
}

TEST_F(TownWithRetention, WhoComesBackLateHearsOfTheGapAndGoesOn) {
  keep(3);
  Person& ryo = member("Ryo");
  Person& late = member("Late");
  fill(ryo, 1);
  late.hear();
  wire_.detach(late.address);
  fill(ryo, 9);
  restart();  // and the new process knows it, too
  wire_.attach(late.address, *late.client);
  wire_.pass(1min);
  Lines heard = late.hear();
  std::erase_if(heard, [](const std::string& line) { return line.starts_with("link"); });
  ASSERT_FALSE(heard.empty());
  EXPECT_TRUE(heard[0].starts_with("#lobby 4 to ") && heard[0].ends_with(" gone")) << heard[0];
}

TEST_F(TownWithRetention, ATrimUnderARunningReadLeavesNoHole) {
  keep(3);
  Person& ryo = member("Ryo");
  for (int i = 0; i < 9; ++i) ryo.client->send("lobby", Kind::text, fmt::format("{}", i));
  wire_.pass(30s);
  Person& reader = person("");
  wire_.settle();
  store_.holding = true;
  reader.client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}, .follow = false, .count = 0});
  wire_.settle();
  store_.store.trim({.room = "lobby", .keep_seq = 8, .count_max = 100});
  store_.holding = false;
  wire_.settle();
  EXPECT_EQ(reader.hear(), (Lines{"link online", "#lobby 1 to 7 gone", "#lobby 8 Ryo: 6", "#lobby 9 Ryo: 7",
                                  "#lobby 10 Ryo: 8", "end of #lobby"}));
}

}  // namespace
}  // namespace confab::server::testing

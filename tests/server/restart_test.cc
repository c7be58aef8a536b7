// SPDX-License-Identifier: MIT
// Who was there when the server stopped is there when it runs again, and nobody is shown a coming or going.
#include "town.h"
#include "wire/limits.h"

namespace confab::server::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(Town, ARestartShowsNeitherLeavesNorJoins) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  restart();
  ryo.client->send("lobby", Kind::text, "still here");
  hilmi.client->send("lobby", Kind::text, "so am I");
  wire_.pass(90s);
  std::vector<log::Record> log = *store_.store.read("lobby", 1, 100, 100'000);
  EXPECT_EQ(log.size(), 4U) << "two joins and two messages";
  ryo.client->get_members("lobby");
  wire_.settle();
  EXPECT_EQ(ryo.hear().back(), "members: Hilmi Ryo");
}

TEST_F(Town, ADrainingRestartShowsNeitherLeavesNorJoins) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  server_->drain(wire_.now());
  wire_.pass(1s);
  ASSERT_TRUE(drained_);
  restart();
  wire_.pass(90s);
  EXPECT_EQ(store_.store.read("lobby", 1, 100, 100'000)->size(), 2U) << "two joins";
  ryo.client->send("lobby", Kind::text, "there you are");
  wire_.settle();
  EXPECT_EQ(hilmi.hear().back(), "#lobby 3 Ryo: there you are");
}

TEST_F(Town, AHundredMembersTalkThroughADrainingRestart) {
  constexpr int members = 100;
  constexpr int lines_each = 10;
  std::vector<Person*> people;
  for (int i = 0; i < members; ++i) people.push_back(&person(fmt::format("p{}", i)));
  for (Person* each : people) each->client->join("lobby", {});
  wire_.settle();
  for (Person* each : people) each->hear();

  for (int line = 0; line < lines_each; ++line) {
    for (Person* each : people) each->client->send("lobby", Kind::text, fmt::format("line {}", line));
    // In the middle of it the server is told to stop, with a disk that lags behind.
    if (line == 3) store_.holding = true;
    if (line == 5) server_->drain(wire_.now());
    wire_.pass(20ms);
    if (line == 7) store_.holding = false;
    if (line == 9) {
      wire_.pass(1s);
      ASSERT_TRUE(drained_);
      restart();
    }
  }
  wire_.pass(60s);

  std::vector<log::Record> log = *store_.store.read("lobby", 1, 10'000, 100'000'000);
  EXPECT_EQ(log.size(), static_cast<std::size_t>(members + members * lines_each)) << "joins and lines, no leave";
  Lines first;
  for (Person* each : people) {
    Lines lines = each->hear();
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with("#lobby "); });
    if (first.empty()) first = lines;
    EXPECT_EQ(lines, first);
  }
  EXPECT_EQ(first.size(), static_cast<std::size_t>(members * lines_each)) << "each line once, nobody came or went";
}

TEST_F(Town, WhoDoesNotComeBackAfterARestartLeavesWhenTheGraceIsOver) {
  Person& ryo = member("Ryo");
  Person& hilmi = member("Hilmi");
  ryo.hear();
  wire_.detach(hilmi.address);
  restart();
  ryo.client->send("lobby", Kind::text, "hilmi?");
  wire_.pass(wire::limits::presence_grace - 1s);
  EXPECT_EQ(ryo.hear().back(), "#lobby 3 Ryo: hilmi?");
  wire_.pass(2s);
  EXPECT_EQ(ryo.hear(), (Lines{"#lobby 4 Hilmi left"}));
  EXPECT_EQ(store_.store.members()->size(), 1U);
}

TEST_F(Town, WhoLeftBeforeTheRestartIsNotThere) {
  Person& ryo = member("Ryo");
  member("Hilmi").client->quit();
  wire_.settle();
  restart();
  ryo.client->get_members("lobby");
  wire_.pass(15s);
  EXPECT_EQ(ryo.hear().back(), "members: Ryo");
}

TEST_F(Town, TimesDoNotFallWhenTheClockWasSetBack) {
  Person& ryo = member("Ryo");
  ryo.client->send("lobby", Kind::text, "before");
  wire_.settle();
  wire_.set_clock_back(24h);
  restart();
  ryo.client->send("lobby", Kind::text, "after");
  wire_.pass(15s);
  const std::vector<log::Record> log = *store_.store.read("lobby", 1, 100, 100'000);
  ASSERT_EQ(log.size(), 3U);
  EXPECT_GE(wire::decode_event(3, log[2].body)->time_ms(), wire::decode_event(2, log[1].body)->time_ms());
}

}  // namespace
}  // namespace confab::server::testing

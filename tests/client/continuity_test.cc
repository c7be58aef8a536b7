// SPDX-License-Identifier: MIT
// What a client keeps over its own end: runs of a program, one after the other, on the same outbox and history, with a
// real server.
#include <fmt/format.h>

#include "client/memory_history_store.h"
#include "client/memory_outbox_store.h"
#include "server/town.h"

namespace confab::client {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

struct Describe {
  std::string operator()(const Message& message) const { return fmt::format("{} {}", message.seq, message.text); }
  std::string operator()(const Gone& gone) const { return fmt::format("gone {} to {}", gone.first, gone.last); }
  std::string operator()(const Skipped& skipped) const {
    return fmt::format("skipped {} to {}", skipped.first, skipped.last);
  }
  std::string operator()(const Warning& warning) const { return "warning: " + warning.text; }
  std::string operator()(const Link& link) const { return link.state == Link::State::failed ? link.text : ""; }
  std::string operator()(const Status& status) const {
    if (status.state == Status::State::queued) return "queued" + (status.reason.empty() ? "" : ": " + status.reason);
    return status.state == Status::State::stored ? fmt::format("stored {}", status.seq) : "refused: " + status.reason;
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

struct Continuity : server::testing::Town {
  Continuity() { begin(); }

  /// A new run of Ada's program; the one before was killed.
  void begin() {
    QuicClientOptions options;
    options.name = "Ada";
    options.agent = "test";
    options.trust = [](const net::PeerCertificate&) { return true; };
    options.outbox = &outbox;
    options.history = &history;
    ada.client = std::make_unique<QuicClient>(std::move(options), ada.key, ada.random, ada.log);
    ada.client->set_paths({{ada.address, server_address_}});
    wire_.attach(ada.address, *ada.client);
  }
  void kill() { wire_.detach(ada.address); }
  void send(const std::string& text) { ada.client->send("lobby", Kind::text, text); }
  void join() { ada.client->join("lobby", {}); }
  Lines hear() {
    Lines lines;
    while (const auto event = ada.client->poll_event()) {
      if (std::string line = std::visit(Describe{}, *event); !line.empty()) lines.push_back(std::move(line));
    }
    return lines;
  }
  /// The server begins anew, with nothing.
  void lose_data() {
    std::destroy_at(&store_.store);
    std::construct_at(&store_.store);
    restart();
    wire_.pass(Backoff::longest);
  }
  /// Somebody else talks in the lobby.
  void talk(int first, int last) {
    for (int number = first; number <= last; ++number)
      bob.client->send("lobby", Kind::text, fmt::format("b{}", number));
    wire_.pass(2s);
  }
  /// The lobby's log, as anybody reads it.
  Lines log() {
    server::testing::Person& reader = person("");
    reader.client->read({.room = "lobby", .start = {.seq = 1, .newest = 0}, .follow = false, .count = 0});
    wire_.pass(1s);
    Lines texts;
    while (const auto event = reader.client->poll_event()) {
      if (const auto* message = std::get_if<Message>(&*event)) texts.push_back(message->text);
    }
    return texts;
  }

  server::testing::Person& ada = person("Ada");
  server::testing::Person& bob = person("Bob");
  MemoryOutboxStore outbox;
  MemoryHistoryStore history;
};

TEST_F(Continuity, WhatAKilledRunTypedIsSentByTheNextOnceAndFirst) {
  wire_.settle();
  store_.holding = true;
  send("one");
  send("two");
  wire_.settle();
  EXPECT_EQ(hear(), (Lines{"queued", "queued"}));
  kill();
  store_.holding = false;
  wire_.settle();
  begin();
  send("three");
  wire_.settle();
  EXPECT_EQ(log(), (Lines{"one", "two", "three"})) << "the first two were stored, and only the answer was lost";
  EXPECT_EQ(outbox.size(), 0U);
}

TEST_F(Continuity, WhileTheServersDiskFailsAllWaitsInOrder) {
  wire_.settle();
  store_.failing = true;
  for (const char* text : {"one", "two", "three"}) send(text);
  wire_.settle();
  send("four");
  wire_.pass(30s);
  for (const std::string& line : hear()) EXPECT_EQ(line.rfind("queued", 0), 0U) << line;
  EXPECT_EQ(outbox.size(), 4U);
  store_.failing = false;
  wire_.pass(Backoff::longest);
  EXPECT_EQ(hear(), (Lines{"stored 1", "stored 2", "stored 3", "stored 4"}));
  EXPECT_EQ(log(), (Lines{"one", "two", "three", "four"}));
}

TEST_F(Continuity, AServerThatStopsGetsTheMessageWhenItIsBack) {
  wire_.settle();
  store_.holding = true;
  send("accepted");
  wire_.settle();
  server_->drain(wire_.now());
  send("too late");
  wire_.settle();
  store_.holding = false;
  wire_.pass(1s);
  EXPECT_EQ(hear(), (Lines{"queued", "queued", "queued: the server is stopping", "stored 1"}));
  restart();
  wire_.pass(Backoff::longest);
  EXPECT_EQ(hear(), (Lines{"stored 2"}));
}

TEST_F(Continuity, ARoomOpensWithItsLastLinesBeforeThereIsALink) {
  join();
  wire_.settle();
  talk(1, 3);
  hear();
  kill();
  talk(4, 5);
  begin();
  join();
  EXPECT_EQ(hear(), (Lines{"2 b1", "3 b2", "4 b3"}));
  wire_.settle();
  EXPECT_EQ(hear(), (Lines{"5 b4", "6 b5"})) << "exactly what was missed";
}

TEST_F(Continuity, OfALongAbsenceTheNewestIsReadFirst) {
  join();
  wire_.settle();
  talk(1, 1);
  kill();
  const int missed = QuicClient::missed_events_max + 500;
  talk(2, 1 + missed);
  hear();
  begin();
  join();
  wire_.pass(5s);
  const Lines heard = hear();
  ASSERT_GE(heard.size(), 3U);
  EXPECT_EQ(heard[0], "2 b1");
  EXPECT_EQ(heard[1].rfind("skipped 3 to ", 0), 0U) << heard[1];
  EXPECT_EQ(heard.back(), fmt::format("{} b{}", missed + 2, missed + 1));
  EXPECT_NEAR(static_cast<double>(heard.size()), QuicClient::missed_events_max + 2, 3);

  kill();
  wire_.settle();
  begin();
  join();
  wire_.pass(5s);
  EXPECT_EQ(hear().size(), LocalLog::events_shown_max) << "behind the gap it goes on as always";
}

TEST_F(Continuity, WhatWasScrolledBackToOnceIsHereInTheNextRun) {
  wire_.settle();
  talk(1, 250);
  ada.client->join("lobby", {.seq = 0, .newest = 50});
  wire_.settle();
  EXPECT_EQ(hear().front(), "201 b201");
  ada.client->read_before("lobby", 201, 100);
  wire_.settle();
  Lines page = hear();
  ASSERT_EQ(page.size(), 100U);
  EXPECT_EQ(page.front(), "101 b101");
  EXPECT_EQ(page.back(), "200 b200");
  kill();
  begin();
  join();
  EXPECT_EQ(hear().front(), "152 b152") << "the last hundred, Ada's join among them";
  ada.client->read_before("lobby", 152, 51);
  page = hear();
  ASSERT_EQ(page.size(), 51U) << "without a link";
  EXPECT_EQ(page.front(), "101 b101");
  ada.client->read_before("lobby", 101, 51);
  EXPECT_EQ(hear(), Lines{});
}

TEST_F(Continuity, AServerThatLostItsDataIsToldOfAndTheCopyFollowsIt) {
  join();
  wire_.settle();
  talk(1, 5);
  hear();
  kill();
  lose_data();
  talk(6, 6);
  begin();
  join();
  wire_.settle();
  const Lines heard = hear();
  EXPECT_EQ(heard[5], "warning: the server's log of #lobby is shorter than it was: it lost events 2 to 6");
  kill();
  begin();
  join();
  const Lines again = hear();
  EXPECT_EQ(std::ranges::count(again, "6 b5"), 0) << "what the server does not know is forgotten";
}

TEST_F(Continuity, AServersOtherLogThatHasGrownPastOursIsToldOf) {
  join();
  wire_.settle();
  talk(1, 5);
  hear();
  kill();
  lose_data();
  talk(11, 20);
  begin();
  join();
  wire_.settle();
  const Lines heard = hear();
  ASSERT_GT(heard.size(), 5U);
  EXPECT_EQ(heard[5], "warning: the server's log of #lobby is not the one that was seen here before");
  EXPECT_EQ(heard.back(), "10 b20");
}

TEST_F(Continuity, AHistoryThatFailsCostsNothingElse) {
  history.failing = true;
  join();
  wire_.settle();
  talk(1, 2);
  EXPECT_EQ(hear(), (Lines{"warning: the history is not kept on this machine: it fails", "2 b1", "3 b2"}));
}

TEST_F(Continuity, AServerThatDiesInTheHandshakeIsGivenUpSoon) {
  wire_.detach(server_address_);
  wire_.pass(QuicClient::handshake_timeout + 100ms);
  bool offline = false;
  while (const auto event = ada.client->poll_event()) offline = offline || std::holds_alternative<Link>(*event);
  EXPECT_TRUE(offline);
}

TEST_F(Continuity, AHistoryThatFailedForAWhileHasItAllInTheEnd) {
  join();
  wire_.settle();
  history.failing = true;
  talk(1, 2);
  history.failing = false;
  wire_.pass(LocalLog::store_pause);
  EXPECT_EQ(history.rooms["lobby"].size(), 3U);
  EXPECT_EQ(std::ranges::count(hear(), "warning: the history is not kept on this machine: it fails"), 1);
}

TEST_F(Continuity, AServersOtherLogIsToldOfInTheSameRunToo) {
  join();
  wire_.settle();
  talk(1, 5);
  hear();
  wire_.detach(ada.address);
  lose_data();
  talk(11, 20);
  wire_.attach(ada.address, *ada.client);
  wire_.pass(60s);
  const Lines heard = hear();
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard[0], "warning: the server's log of #lobby is not the one that was seen here before");
  for (int number = 11; number <= 20; ++number) {
    EXPECT_EQ(std::ranges::count(heard, fmt::format("{} b{}", number - 10, number)), 1) << number;
  }
}

}  // namespace
}  // namespace confab::client

// SPDX-License-Identifier: MIT
// What a room grows by comes to each of its readers once and in order, however many they are and whoever comes and goes
// while the round is on.
#include "server/delivery.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "log/room_log.h"
#include "wire/framing.h"

namespace confab::server {
namespace {

/// Takes everything, and tells which connections wait to be written to.
class TakingTransport final : public net::Transport {
 public:
  std::optional<net::StreamId> open_uni_stream(net::ConnectionHandle) override { return next_stream_ += 4; }
  void send(net::ConnectionHandle connection, net::StreamId stream, base::SharedBytes bytes) override {
    waiting.insert(connection);
    wire::FrameReader& frames = frames_[stream];
    frames.push(bytes.view);
    while (const auto frame = *frames.next()) {
      if (!headers_.insert(stream).second) {
        wire::pb::Event event;
        EXPECT_TRUE(wire::decode(*frame, event));
        heard[connection].push_back(event.seq());
      }
    }
  }
  std::size_t send_room(net::ConnectionHandle, net::StreamId) const override { return 1'000'000; }
  std::size_t backlog() const override { return waiting.size(); }

  net::ConnectionHandle connect(net::ConnectOptions, base::Now) override { return 0; }
  bool receive(const base::Datagram&, base::Now) override { return false; }
  void wake(base::Now) override {}
  void transmit(base::DatagramSink&, base::Now) override {}
  base::Instant next_deadline() const override { return base::never; }
  std::optional<net::Event> poll_event() override { return std::nullopt; }
  std::optional<net::StreamId> open_bidi_stream(net::ConnectionHandle) override { return std::nullopt; }
  void finish(net::ConnectionHandle, net::StreamId) override {}
  void reset(net::ConnectionHandle, net::StreamId, std::uint64_t) override {}
  void consume(net::ConnectionHandle, net::StreamId, std::size_t) override {}
  bool send_datagram(net::ConnectionHandle, base::Bytes) override { return false; }
  void migrate(net::ConnectionHandle, base::Path, base::Now) override {}
  void probe(net::ConnectionHandle, base::Now) override {}
  void close(net::ConnectionHandle, std::uint64_t, std::string) override {}
  std::optional<net::ConnectionInfo> info(net::ConnectionHandle) const override { return std::nullopt; }
  const net::EndpointStats& stats() const override { return stats_; }
  std::size_t connection_count() const override { return heard.size(); }

  std::set<net::ConnectionHandle> waiting;
  std::map<net::ConnectionHandle, std::vector<base::Seq>> heard;

 private:
  std::map<net::StreamId, wire::FrameReader> frames_;
  std::set<net::StreamId> headers_;
  net::StreamId next_stream_ = 3;
  net::EndpointStats stats_;
};

class NoStore final : public log::AsyncReader {
 public:
  void read(std::uint64_t, log::ReadRequest) override { ADD_FAILURE() << "all of it is in memory"; }
  std::vector<log::ReadAnswer> poll() override { return {}; }
};

struct DeliveryRounds : ::testing::Test {
  void open(const std::string& room, net::ConnectionHandle connection) {
    const orders::Open order{
        .request = {.connection = connection, .tag = 1, .room = room, .member = true, .start = {}, .follow = true},
        .first_seq = 1,
        .end_seq = logs[room].end_seq()};
    ASSERT_TRUE(delivery.open(order));
  }
  void say(const std::string& room, const std::string& text = "tea?") {
    wire::pb::Event event;
    event.set_name("Ada");
    event.mutable_message()->set_text(text);
    logs[room].append(logs[room].end_seq() + 1, wire::encode_event_body(event));
    for (log::Growth& growth : logs[room].take_growth()) delivery.grow(room, std::move(growth), now);
  }
  /// A turn; answers how many connections were written to.
  std::size_t turn() {
    transport.waiting.clear();
    delivery.settle(now);
    return transport.waiting.size();
  }
  bool wants_turn() {
    transport.waiting.clear();
    return delivery.next_deadline() == base::at_once;
  }
  void pass(base::Duration time) { now.instant += time; }
  void open_many(const std::string& room, net::ConnectionHandle members) {
    for (net::ConnectionHandle member = 0; member < members; ++member) open(room, member);
  }

  base::Now now{.instant = base::Instant(std::chrono::seconds(1)), .wall = {}};
  TakingTransport transport;
  NoStore store;
  Delivery delivery{transport, store};
  std::map<std::string, log::RoomLog> logs;
};

using namespace std::chrono_literals;

constexpr std::size_t share = Delivery::connections_per_turn_max;

TEST_F(DeliveryRounds, VeryManyReadersHaveTurnsOneAfterTheOther) {
  for (net::ConnectionHandle member = 0; member < 2 * share + 10; ++member) open("hall", member);
  say("hall");
  EXPECT_EQ(turn(), share);
  EXPECT_TRUE(wants_turn());
  EXPECT_EQ(turn(), share);
  EXPECT_EQ(turn(), 10U);
  EXPECT_FALSE(wants_turn());
  EXPECT_EQ(turn(), 0U);
  for (const auto& [member, seqs] : transport.heard) EXPECT_EQ(seqs, std::vector<base::Seq>{1}) << member;
  EXPECT_EQ(transport.heard.size(), 2 * share + 10);
}

TEST_F(DeliveryRounds, ASmallRoomDoesNotWaitForALargeOne) {
  for (net::ConnectionHandle member = 0; member < 3 * share; ++member) open("hall", member);
  open("nook", 1'000'000);
  say("hall");
  turn();
  say("nook");
  turn();
  turn();
  EXPECT_EQ(transport.heard[1'000'000], std::vector<base::Seq>{1}) << "while the hall still has its round";
}

TEST_F(DeliveryRounds, WhoIsInManyRoomsGetsAllInOneTurn) {
  for (int room = 0; room < 8; ++room) {
    for (net::ConnectionHandle member = 0; member < share / 2; ++member) open(fmt::format("room{}", room), member);
    say(fmt::format("room{}", room));
  }
  EXPECT_EQ(turn(), share / 2);
  EXPECT_FALSE(wants_turn());
}

TEST_F(DeliveryRounds, AFullTransportDoesNotStopARoomForEver) {
  for (net::ConnectionHandle member = 0; member < 100; ++member) open("hall", member);
  for (net::ConnectionHandle other = 0; other < share; ++other) transport.waiting.insert(1'000'000 + other);
  say("hall");
  EXPECT_EQ(delivery.next_deadline(), base::never) << "the transport says when there is a next turn";
  delivery.settle(now);
  delivery.settle(now);
  for (net::ConnectionHandle member = 0; member < 100; ++member) {
    EXPECT_EQ(transport.heard[member], std::vector<base::Seq>{1}) << member;
  }
}

TEST_F(DeliveryRounds, ARoomRestsBetweenTwoRounds) {
  open_many("hall", 100);
  say("hall");
  EXPECT_EQ(turn(), 100U) << "after a silence at once";
  const base::Instant rested = now.instant + Pace::rest_max;
  pass(5ms);
  say("hall");
  EXPECT_EQ(turn(), 0U);
  EXPECT_EQ(delivery.next_deadline(), rested);
  pass(5ms);
  say("hall");
  EXPECT_EQ(turn(), 0U);
  EXPECT_EQ(delivery.next_deadline(), rested) << "counted from the last round";
  now.instant = rested;
  EXPECT_EQ(turn(), 100U);
  for (const auto& [member, seqs] : transport.heard) EXPECT_EQ(seqs, (std::vector<base::Seq>{1, 2, 3})) << member;
  EXPECT_EQ(delivery.next_deadline(), base::never);
}

TEST_F(DeliveryRounds, AFewMembersRestBriefly) {
  open_many("nook", 2);
  say("nook");
  turn();
  say("nook");
  EXPECT_EQ(delivery.next_deadline(), now.instant + 2 * Pace::rest_per_reader);
}

TEST_F(DeliveryRounds, WhatFillsATrainDoesNotWait) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall", std::string(Pace::train_bytes / 2, 'x'));
  EXPECT_EQ(turn(), 0U);
  say("hall", std::string(Pace::train_bytes / 2, 'x'));
  EXPECT_EQ(turn(), 100U);
  say("hall", std::string(Pace::train_bytes / 2, 'x'));
  EXPECT_EQ(turn(), 0U) << "counted anew";
}

TEST_F(DeliveryRounds, WhoOpensARoomThatRestsIsNotMadeToWait) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall");
  open("hall", 100);
  say("hall");
  EXPECT_EQ(turn(), 0U);
  pass(Pace::rest_max);
  EXPECT_EQ(turn(), 101U);
  EXPECT_EQ(transport.heard[100], std::vector<base::Seq>{3}) << "she came behind the second";
}

TEST_F(DeliveryRounds, ARoomThatAllLeaveStillRests) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall");
  for (net::ConnectionHandle member = 0; member < 100; ++member) delivery.drop(member);
  open("hall", 200);
  say("hall");
  EXPECT_EQ(turn(), 0U);
  pass(Pace::rest_max);
  EXPECT_EQ(turn(), 1U);
  EXPECT_EQ(transport.heard[200], std::vector<base::Seq>{3});
}

TEST_F(DeliveryRounds, WhatMemoryDoesNotHoldDoesNotWait) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall");
  for (net::ConnectionHandle member = 0; member < 100; ++member) delivery.drop(member);
  delivery.grow("hall", {.end_seq = 2, .first_seq = 3, .segment = nullptr}, now);
  EXPECT_TRUE(wants_turn());
  EXPECT_EQ(turn(), 0U) << "and is forgotten";
  EXPECT_EQ(delivery.next_deadline(), base::never);
}

TEST_F(DeliveryRounds, ARoomOfWhichMemoryIsLetGoWhileItRestsMayBeForgotten) {
  open_many("hall", 100);
  say("hall");
  turn();
  delivery.grow("hall", {.end_seq = 1, .first_seq = 2, .segment = nullptr}, now);
  EXPECT_EQ(delivery.next_deadline(), base::never) << "there is nothing to hand out";
  for (net::ConnectionHandle member = 0; member < 100; ++member) delivery.drop(member);
  pass(Pace::rest_max);
  EXPECT_EQ(turn(), 0U);
}

TEST_F(DeliveryRounds, WhoLeavesARoomThatRestsGetsItsLastWords) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall");
  delivery.close(7, 1);
  delivery.close_room(8, "hall");
  EXPECT_EQ(transport.heard[7], (std::vector<base::Seq>{1, 2}));
  EXPECT_EQ(transport.heard[8], (std::vector<base::Seq>{1, 2}));
  EXPECT_EQ(transport.heard[9], std::vector<base::Seq>{1});
}

TEST_F(DeliveryRounds, WhoIsWrittenToAnywayGetsWhatThereIs) {
  open_many("hall", 100);
  say("hall");
  turn();
  say("hall");
  delivery.take_along(7);
  EXPECT_EQ(transport.heard[7], (std::vector<base::Seq>{1, 2}));
  EXPECT_EQ(transport.heard[8], std::vector<base::Seq>{1});
  pass(Pace::rest_max);
  EXPECT_EQ(turn(), 99U);
  EXPECT_EQ(transport.heard[7], (std::vector<base::Seq>{1, 2}));
}

TEST_F(DeliveryRounds, ARoundForNobodyIsFollowedByNoRest) {
  say("hall");
  EXPECT_EQ(turn(), 0U);
  open("hall", 1);
  say("hall");
  EXPECT_EQ(turn(), 1U);
  EXPECT_EQ(delivery.next_deadline(), base::never);
}

TEST_F(DeliveryRounds, WhoeverComesAndGoesMeanwhile) {
  base::SeededRandom random(7);
  std::set<net::ConnectionHandle> members;
  std::map<net::ConnectionHandle, base::Seq> since;
  net::ConnectionHandle next = 0;
  const auto enter = [&] {
    since[next] = logs["hall"].end_seq();
    members.insert(next);
    open("hall", next++);
  };
  const auto leave = [&] {
    const auto leaver = std::next(members.begin(), static_cast<std::ptrdiff_t>(random.below(members.size())));
    delivery.drop(*leaver);
    members.erase(leaver);
  };
  while (members.size() < 3 * share) enter();
  for (int round = 0; round < 100; ++round) {
    say("hall");
    for (std::uint64_t turns = random.below(4); turns > 0; --turns) turn();
    say("hall");
    for (std::uint64_t turns = random.below(4); turns > 0; --turns) turn();
    for (std::uint64_t steps = random.below(4); steps > 0; --steps) random.chance(1, 2) ? enter() : leave();
    while (wants_turn()) turn();
    if (delivery.next_deadline() != base::never) now.instant = delivery.next_deadline();  // it rests
    while (turn() > 0) continue;
    for (const net::ConnectionHandle member : members) {
      const std::vector<base::Seq>& heard = transport.heard[member];
      ASSERT_EQ(heard.size(), logs["hall"].end_seq() - since[member]) << member << " in round " << round;
      ASSERT_TRUE(heard.empty() || heard.back() == logs["hall"].end_seq()) << member;
    }
  }
}

}  // namespace
}  // namespace confab::server

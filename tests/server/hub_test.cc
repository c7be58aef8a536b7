// SPDX-License-Identifier: MIT
// Hub and shard, each alone with its end of the channel.
#include "server/hub.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "log/direct_store.h"
#include "log/memory_store.h"
#include "server/server.h"
#include "server/shard.h"
#include "wire/framing.h"
#include "wire/proof.h"

namespace confab::server::testing {
namespace {

namespace pb = wire::pb;

constexpr net::ConnectionHandle connection = net::handle_base(0) + 1;
const base::Now now{base::Instant(std::chrono::hours(1)), {1'700'000'000'000}};

class RecordingLog final : public base::Log {
 public:
  RecordingLog() : Log(base::LogLevel::info) {}
  std::vector<std::string> lines;

 private:
  void write(base::LogLevel, std::string_view, std::string_view line) override { lines.emplace_back(line); }
};

struct HubAlone : ::testing::Test {
  /// What it has ordered since the last call.
  std::vector<Order> orders() {
    std::vector<Order> all;
    while (auto order = channel.orders.pop()) all.push_back(*std::move(order));
    return all;
  }
  template <typename Kind>
  static std::size_t count(const std::vector<Order>& all) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [](const Order& each) { return std::holds_alternative<Kind>(each); }));
  }
  void turn() {
    hub.hear(now);
    hub.settle(now);
    hub.end_turn(now);
  }
  void say(const pb::Request& request, int times = 1) {
    base::Bytes bytes;
    for (int i = 0; i < times; ++i) {
      const base::Bytes frame = wire::encode_frame(request);
      bytes.insert(bytes.end(), frame.begin(), frame.end());
    }
    channel.news.push(net::events::StreamData{connection, control_stream, bytes, false});
  }

  base::SeededRandom random{1};
  RecordingLog log;
  log::MemoryStore memory;
  log::DirectStore store{memory};
  Channel channel;
  bool drained = false;
  ServerOptions options{.agent = "", .on_lobby_line = {}, .on_drained = [this] { drained = true; }};
  Hub hub{options, {{.channel = &channel, .bell = nullptr}}, store, {}, random, log};
};

TEST_F(HubAlone, DoesNotSleepOnWhatItHeardAndDidNotSettle) {
  turn();
  EXPECT_GT(hub.next_deadline(), now.instant);
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  hub.hear(now);  // as at the end of a turn, when another worker has just told it
  EXPECT_EQ(hub.next_deadline(), base::at_once);
  hub.settle(now);
  EXPECT_GT(hub.next_deadline(), now.instant);
}

TEST_F(HubAlone, GoesThoughAConnectionDoesNot) {
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  turn();
  hub.drain(now);
  base::Now later = now;
  for (int i = 0; i < 20 && !drained; ++i) {
    hub.settle(later);
    hub.end_turn(later);
    if (drained) break;
    ASSERT_NE(hub.next_deadline(), base::never);
    later.instant = std::max(later.instant, hub.next_deadline());
  }
  EXPECT_TRUE(drained);
  EXPECT_LE(later.instant - now.instant, std::chrono::seconds(2));
}

TEST_F(HubAlone, HintsDoNotFillAShardsQueue) {
  std::vector<Switchboard::Line> lines{{.channel = &channel, .bell = nullptr}};
  Switchboard shards(lines);
  for (std::size_t i = 0; i < 2 * Channel::orders_max; ++i) shards.hint(connection, base::Bytes{1});
  EXPECT_FALSE(shards.is_behind());
}

TEST_F(HubAlone, ReadsNoFurtherThanItsRepliesAreTaken) {
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  pb::Request request;  // refused, as Hello is missing: a reply each
  request.mutable_get_rooms();
  say(request, 1000);
  for (int i = 0; i < 100; ++i) turn();
  auto ordered = orders();
  const std::size_t first = count<orders::Reply>(ordered);
  EXPECT_GT(first, 0U);
  EXPECT_LT(first, 500U);
  EXPECT_EQ(count<orders::Consume>(ordered), 0U) << "its client is held back";

  channel.news.push(news::RepliesTaken{connection, first});
  for (int i = 0; i < 100; ++i) turn();
  EXPECT_EQ(count<orders::Reply>(orders()), first) << "and so on";
}

/// Proves the key on a connection whose exporter gives zeros.
pb::Request hello_of(const net::UserKey& key, const std::string& name) {
  const auto public_key = key.public_key();
  const auto signature = key.sign(wire::proof_of_key({}));
  pb::Request request;
  request.mutable_hello()->set_name(name);
  request.mutable_hello()->set_public_key(public_key.data(), public_key.size());
  request.mutable_hello()->set_signature(signature.data(), signature.size());
  return request;
}

TEST_F(HubAlone, WhoNeverSaysHelloLeavesNothingInTheLog) {
  const auto leave = [this] {
    net::events::Closed closed{};
    closed.connection = connection;
    channel.news.push(std::move(closed));
    turn();
  };
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  turn();
  leave();
  EXPECT_EQ(log.lines, std::vector<std::string>());
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  say(hello_of(net::UserKey::generate(), "Eve"));
  turn();
  leave();
  EXPECT_EQ(log.lines.size(), 2U) << "who she is, and that she left";
}

TEST_F(HubAlone, EarlyDataOpenNoDirectRoomOfOthers) {
  channel.news.push(net::events::EarlyReady{.connection = connection, .path = {}, .early_exporter = {}});
  say(hello_of(net::UserKey::generate(), "Eve"));
  pb::Request request;
  request.mutable_join()->set_room("@hilmi : ryo");
  say(request);
  turn();
  EXPECT_EQ(count<orders::Open>(orders()), 0U);
  request.mutable_join()->set_room("tea");
  say(request);
  turn();
  EXPECT_EQ(count<orders::Open>(orders()), 1U);
}

/// Two devices of one name; what one of them marks, the other one is told.
struct HubWithTwoDevices : HubAlone {
  static constexpr net::ConnectionHandle other = connection + 1;

  HubWithTwoDevices() {
    for (const net::ConnectionHandle each : {connection, other}) {
      channel.news.push(net::events::Connected{.connection = each, .path = {}, .exporter = {}});
      ask(each, hello_of(key, "Ryo"));
    }
    pb::Request join;
    join.mutable_join()->set_room("lobby");
    ask(connection, join);
    turn();
    orders();
  }
  void ask(net::ConnectionHandle asker, const pb::Request& request) {
    channel.news.push(net::events::StreamData{asker, control_stream, wire::encode_frame(request), false});
  }
  /// Says something in the lobby, and marks it.
  void say_and_mark(std::uint8_t number) {
    pb::Request say;
    say.mutable_send()->set_room("lobby");
    say.mutable_send()->set_id(std::string(16, static_cast<char>(number)));
    say.mutable_send()->mutable_message()->set_text("hi");
    ask(connection, say);
    turn();
    turn();
    pb::Request mark;
    mark.mutable_mark_read()->set_room("lobby");
    mark.mutable_mark_read()->set_up_to(number);
    ask(connection, mark);
    turn();
  }
  std::size_t replies_to(net::ConnectionHandle asker) {
    const auto all = orders();
    return static_cast<std::size_t>(std::ranges::count_if(all, [asker](const Order& each) {
      const auto* reply = std::get_if<orders::Reply>(&each);
      return reply != nullptr && reply->connection == asker;
    }));
  }

  net::UserKey key = net::UserKey::generate();
};

TEST_F(HubWithTwoDevices, TellsWhatNobodyAskedForOnlyWhereItIsTaken) {
  say_and_mark(1);
  EXPECT_EQ(replies_to(other), 1U) << "the marker";
  pb::Request question;
  question.mutable_get_rooms();
  for (int i = 0; i < 300; ++i) ask(other, question);
  for (int i = 0; i < 10; ++i) turn();
  const std::size_t untaken = replies_to(other) + 2;  // with the welcome and the marker
  EXPECT_EQ(untaken, Session::replies_in_flight_max);
  say_and_mark(2);
  EXPECT_EQ(replies_to(other), 0U);
  channel.news.push(news::RepliesTaken{other, untaken});
  turn();
  orders();
  say_and_mark(3);
  EXPECT_EQ(replies_to(other), 1U);
}

TEST_F(HubAlone, ReadsNothingBehindAnEndThatItHasOrdered) {
  channel.news.push(net::events::Connected{.connection = connection, .path = {}, .exporter = {}});
  channel.news.push(net::events::StreamData{connection, control_stream, {0x03, 0xFF, 0xFF, 0xFF}, false});
  pb::Request request;
  request.mutable_get_rooms();
  say(request);
  turn();
  const auto ordered = orders();
  ASSERT_EQ(ordered.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<orders::Close>(ordered.front()));
}

TEST_F(HubAlone, NewsOfOneWhoIsGoneIsNoNews) {
  channel.news.push(news::RepliesTaken{connection, 7});
  channel.news.push(news::ReaderGone{connection, true});
  channel.news.push(net::events::Closed{connection, net::CloseKind::idle, 0, {}, {}});
  turn();
  EXPECT_TRUE(orders().empty());
}

struct ShardAlone : ::testing::Test {
  struct Sink final : base::DatagramSink {
    std::span<std::uint8_t> buffer() override { return memory; }
    void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override { ++sent; }
    base::Bytes memory = base::Bytes(train_bytes_max);
    int sent = 0;
  };
  void turn() { shard.transmit(sink, now); }

  net::ServerKey key = net::ServerKey::generate();
  base::SeededRandom random{1};
  base::NullLog log;
  log::MemoryStore memory;
  log::DirectReader reader{memory};
  Channel channel;
  base::Doorbell hub;
  Sink sink;
  Shard shard{channel, &hub, std::make_unique<net::Endpoint>(endpoint_options(key), random, log), reader, true, log};
};

TEST_F(ShardAlone, AnOrderForOneWhoIsGoneDoesNothing) {
  channel.orders.push(orders::Reply{connection, {1, 2, 3}});
  channel.orders.push(orders::Consume{connection, 10});
  channel.orders.push(orders::Hint{connection, {1, 2, 3}});
  channel.orders.push(orders::CloseReader{connection, 1});
  channel.orders.push(orders::CloseRoom{connection, "lobby"});
  channel.orders.push(orders::Close{connection, 0, {}});
  turn();
  EXPECT_TRUE(channel.news.empty());
  EXPECT_EQ(sink.sent, 0);
}

TEST_F(ShardAlone, AReaderThatCannotBeOpenedDoesNotCount) {
  channel.orders.push(
      orders::Open{{.connection = connection, .tag = 1, .room = "tea", .member = true, .start = {}}, 1, 0});
  turn();
  turn();
  const auto told = channel.news.pop();
  ASSERT_TRUE(told && std::holds_alternative<news::ReaderGone>(*told));
  EXPECT_TRUE(std::get<news::ReaderGone>(*told).member);
  EXPECT_TRUE(channel.news.empty());
}

TEST_F(ShardAlone, RingsTheHubForWhatItHasToTell) {
  int rings = 0;
  hub.set_waker([&rings] { ++rings; });
  hub.about_to_sleep();
  turn();
  EXPECT_EQ(rings, 0);
  const std::string_view text = "Hilmi : Hii";
  shard.receive({{}, base::as_bytes(text), 0}, now);
  turn();
  EXPECT_EQ(rings, 1);
}

TEST_F(ShardAlone, WantsATurnForWhatItIsOrdered) {
  EXPECT_EQ(shard.next_deadline(), base::never);
  channel.orders.push(orders::Consume{connection, 10});
  EXPECT_EQ(shard.next_deadline(), base::at_once);
}

TEST_F(ShardAlone, TakesNoDatagramsWhileTheHubIsFarBehind) {
  const std::string_view text = "Hilmi : Hii";
  for (std::size_t i = 0; i < Channel::news_max + 10; ++i) shard.receive({{}, base::as_bytes(text), 0}, now);
  EXPECT_EQ(channel.news.size(), Channel::news_max);
  EXPECT_EQ(shard.datagrams_dropped(), 10U);
}

}  // namespace
}  // namespace confab::server::testing

// SPDX-License-Identifier: MIT
// Datagrams that nobody should send.
#include "net/harness.h"

namespace confab::net::test {
namespace {

const base::Address stranger = base::Address::v4(198, 51, 100, 66, 666);

class Hostile : public ::testing::Test {
 protected:
  void SetUp() override {
    pair = network.connect(client, server);
    stream = client.endpoint->open_bidi_stream(pair.client).value();
  }

  bool inject(Host& host, base::ByteView bytes, base::Address from = stranger) {
    return host.endpoint->receive({.path = {host.own_address, from}, .bytes = bytes}, network.now());
  }

  /// The connection that stands has noticed nothing.
  void expect_unhurt() {
    client.endpoint->send(pair.client, stream, shared("Hii"));
    const std::string before = server.received[stream];
    EXPECT_TRUE(network.run_until([&] { return server.received[stream] == before + "Hii"; }));
    EXPECT_EQ(client.count<events::Closed>() + server.count<events::Closed>(), 0U);
  }

  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  Network::Pair pair;
  StreamId stream = 0;
};

TEST_F(Hostile, Garbage) {
  base::SeededRandom random(1);
  std::uint64_t dropped = 0;
  for (int i = 0; i < 10'000; ++i) {
    base::Bytes bytes(random.below(1500));
    random.fill(bytes);
    if (!inject(server, bytes)) ++dropped;
    inject(client, bytes, server_address);
    if (i % 100 == 0) network.run_for(1ms);
  }
  EXPECT_EQ(dropped, 10'000U);
  EXPECT_EQ(server.endpoint->stats().datagrams_dropped, 10'000U);
  EXPECT_EQ(client.endpoint->stats().datagrams_dropped, 10'000U);
  EXPECT_EQ(server.endpoint->connection_count(), 1U);
  expect_unhurt();
}

TEST_F(Hostile, EveryAnswerToAStrangerIsSmallerThanItsQuestion) {
  base::SeededRandom random(2);
  std::size_t question = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.to == stranger) {
      EXPECT_LT(datagram.bytes.size(), question);
    }
    return true;
  };
  for (int i = 0; i < 5000; ++i) {
    base::Bytes bytes(1 + random.below(1500));
    random.fill(bytes);
    if (bytes.size() > 20 && random.chance(1, 2)) {
      bytes[0] = 0x41;  // a short header, for an id such as ours
      bytes[1] = 0xFF;
    }
    question = bytes.size();
    inject(server, bytes);
    network.run_for(0s);
    server.turn(network.now());
  }
  EXPECT_GT(server.endpoint->stats().resets_sent, 1000U);
}

TEST_F(Hostile, ResetOnlyForIdsThatCanBeOurs) {
  base::Bytes bytes(100, 0x41);
  inject(server, bytes);
  EXPECT_EQ(server.endpoint->stats().resets_sent, 0U);
  bytes[1] = 0xFF;
  inject(server, bytes);
  EXPECT_EQ(server.endpoint->stats().resets_sent, 1U);
  inject(server, base::ByteView(bytes).first(22));
  EXPECT_EQ(server.endpoint->stats().resets_sent, 1U) << "too short for an answer that is shorter";
}

TEST_F(Hostile, UnknownVersionIsToldTheKnownOnes) {
  base::Bytes bytes(1200, 0);
  bytes[0] = 0xC0;
  bytes[1] = bytes[2] = bytes[3] = bytes[4] = 0x5A;
  bytes[5] = bytes[14] = 8;
  inject(server, bytes);
  std::vector<Flying> answers;
  network.fault = [&](Flying& datagram) {
    if (datagram.to == stranger) answers.push_back(datagram);
    return true;
  };
  network.run_for(1ms);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ((base::Bytes(answers[0].bytes.begin() + 1, answers[0].bytes.begin() + 5)), (base::Bytes{0, 0, 0, 0}));
  inject(server, base::ByteView(bytes).first(1199));
  network.run_for(1ms);
  EXPECT_EQ(answers.size(), 1U) << "no answer to what is too short to be a first packet";
  bytes[1] = bytes[2] = bytes[3] = bytes[4] = 0;
  inject(server, bytes);
  network.run_for(1ms);
  EXPECT_EQ(answers.size(), 1U) << "no answer to a version negotiation";
}

TEST_F(Hostile, CutAndFlippedPackets) {
  base::SeededRandom random(3);
  network.fault = [&](Flying& datagram) {
    Host& receiver = datagram.to == server_address ? server : client;
    for (int i = 0; i < 3; ++i) {
      base::Bytes copy = datagram.bytes;
      if (random.chance(1, 2)) copy.resize(random.below(copy.size()));
      if (!copy.empty()) copy[random.below(copy.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
      inject(receiver, copy, datagram.from);
    }
    return true;
  };
  client.endpoint->send(pair.client, stream, shared(pattern(200'000)));
  ASSERT_TRUE(network.run_until([&] { return server.received[stream].size() == 200'000; }));
  EXPECT_TRUE(server.received[stream] == pattern(200'000));
  expect_unhurt();
}

TEST_F(Hostile, CutAndFlippedHandshakes) {
  base::SeededRandom random(4);
  network.fault = [&](Flying& datagram) {
    if (!random.chance(1, 3)) return true;
    if (random.chance(1, 2)) datagram.bytes.resize(1 + random.below(datagram.bytes.size()));
    datagram.bytes[random.below(datagram.bytes.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    return true;
  };
  for (std::uint16_t i = 0; i < 50; ++i) {
    network.start(network.add_client({}, base::Address::v4(10, 0, 1, 1, static_cast<std::uint16_t>(1000 + i))));
  }
  network.run_for(30s);
  EXPECT_GT(server.count<events::Connected>(), 25U);
  network.fault = nullptr;
  expect_unhurt();
}

TEST_F(Hostile, EverythingTwiceAndInDisorder) {
  base::SeededRandom random(5);
  std::vector<Flying> old;
  network.fault = [&](Flying& datagram) {
    old.push_back(datagram);
    const Flying& again = old[random.below(old.size())];
    inject(again.to == server_address ? server : client, again.bytes, again.from);
    return true;
  };
  client.endpoint->send(pair.client, stream, shared(pattern(100'000)));
  ASSERT_TRUE(network.run_until([&] { return server.received[stream].size() >= 100'000; }));
  EXPECT_TRUE(server.received[stream] == pattern(100'000));
  expect_unhurt();
}

TEST_F(Hostile, StolenPacketFromElsewhereDoesNotMoveTheConnection) {
  std::optional<Flying> stolen;
  network.fault = [&](Flying& datagram) {
    if (datagram.to != server_address || stolen) return true;
    stolen = datagram;
    return false;
  };
  client.endpoint->send(pair.client, stream, shared("once"));
  ASSERT_TRUE(network.run_until([&] { return stolen.has_value(); }));
  inject(server, stolen->bytes);  // the thief's copy is the first to arrive
  ASSERT_TRUE(network.run_until([&] { return server.received[stream] == "once"; }));
  network.run_for(20s);
  EXPECT_EQ(server.endpoint->info(pair.server)->path.remote, client_address);
  EXPECT_EQ(server.count<events::PathChanged>(), 0U);
  expect_unhurt();
}

}  // namespace
}  // namespace confab::net::test

// SPDX-License-Identifier: MIT
// What a connection knows of itself, beside what the network did to it.
#include "net/harness.h"

namespace confab::net::test {
namespace {

class Info : public ::testing::Test {
 protected:
  void SetUp() override { pair = network.connect(client, server); }

  ConnectionInfo info() const { return client.endpoint->info(pair.client).value(); }

  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client({.second_copies = false});  // they would be counted, too
  Network::Pair pair;
};

TEST_F(Info, RoundTripTimes) {
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  for (int i = 0; i < 50; ++i) {
    client.endpoint->send(pair.client, stream, shared("Hii"));
    network.run_for(500ms);
  }
  EXPECT_EQ(info().min_rtt, 20ms);
  EXPECT_GE(info().latest_rtt, 20ms);
  EXPECT_LE(info().latest_rtt, 20ms + 125ms) << "the server may wait so long before it acknowledges";
  EXPECT_NEAR(static_cast<double>(info().smoothed_rtt / 1us), 20'000, 500) << "what it waits is taken off";
  network.delay = 100ms;
  for (int i = 0; i < 50; ++i) {
    client.endpoint->send(pair.client, stream, shared("Hii"));
    network.run_for(500ms);
  }
  EXPECT_EQ(info().min_rtt, 20ms);
  EXPECT_NEAR(static_cast<double>(info().smoothed_rtt / 1us), 200'000, 5000);
}

TEST_F(Info, NothingIsMeasuredBeforeTheFirstAnswer) {
  Host& another = network.add_client({}, base::Address::v4(10, 0, 0, 3, 40'000));
  network.fault = [](Flying&) { return false; };
  const ConnectionHandle connection = network.start(another);
  network.run_for(100ms);
  const ConnectionInfo nothing = another.endpoint->info(connection).value();
  EXPECT_EQ(nothing.smoothed_rtt, 0ms);
  EXPECT_EQ(nothing.latest_rtt, 0ms);
  EXPECT_EQ(nothing.min_rtt, 0ms);
  EXPECT_EQ(nothing.last_heard, base::Instant{});
}

TEST_F(Info, LastHeard) {
  network.run_for(3s);
  const base::Instant before = network.now().instant;
  server.endpoint->send(pair.server, server.endpoint->open_uni_stream(pair.server).value(), shared("Hii"));
  network.run_for(5s);
  EXPECT_GE(info().last_heard, before + 10ms);
  EXPECT_LE(info().last_heard, before + 100ms) << "the word, and what it led to";
}

TEST_F(Info, WhatIsInFlight) {
  network.run_for(1s);
  EXPECT_EQ(info().in_flight_bytes, 0U);
  EXPECT_GE(info().congestion_window_bytes, 10'000U);
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  client.endpoint->send(pair.client, stream, shared(pattern(3000)));
  network.run_for(1ms);
  EXPECT_GT(info().in_flight_bytes, 3000U);
  EXPECT_LT(info().in_flight_bytes, 3500U);
  network.run_for(1s);
  EXPECT_EQ(info().in_flight_bytes, 0U);
}

TEST_F(Info, LossIsWhatTheNetworkLost) {
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  network.run_for(10s);  // the path's MTU is found
  const std::uint64_t sent_before = info().packets_sent;
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.to != server_address || datagram.bytes.size() < 100) return true;  // the client sends long lines
    return ++sent % 10 != 0 || ++lost == 0;
  };
  // A line now and then, as people write them: most losses are found out by a timeout.
  for (int i = 0; i < 300; ++i) {
    client.endpoint->send(pair.client, stream, shared(pattern(200)));
    network.run_for(700ms);
  }
  network.fault = nullptr;
  network.run_for(5s);
  EXPECT_GT(lost, 30U);
  EXPECT_EQ(info().packets_lost, lost);
  EXPECT_NEAR(static_cast<double>(info().packets_sent - sent_before), static_cast<double>(sent), 10);
  EXPECT_NEAR(info().loss(), 0.1, 0.02);
}

TEST_F(Info, LossInABurst) {
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  network.run_for(10s);
  std::uint64_t lost = 0;
  const auto dice = lose_one_in(20, 1);
  network.fault = [&](Flying& datagram) {
    if (datagram.to != server_address || datagram.bytes.size() < 500) return true;
    const bool arrives = dice(datagram);
    lost += arrives ? 0 : 1;
    return arrives;
  };
  client.endpoint->send(pair.client, stream, shared(pattern(1'000'000)));
  ASSERT_TRUE(network.run_until([&] { return server.received[stream].size() == 1'000'000; }));
  network.run_for(5s);
  EXPECT_GT(lost, 20U);
  EXPECT_EQ(info().packets_lost, lost);
}

TEST_F(Info, ProbesOfTheMtuAreNoLoss) {
  std::uint64_t too_long = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.bytes.size() <= 1250) return true;
    ++too_long;
    return false;
  };
  network.run_for(60s);
  EXPECT_GT(too_long, 3U);
  EXPECT_EQ(info().packets_lost, 0U);
  EXPECT_EQ(info().loss(), 0.0);
}

TEST_F(Info, ThePathIsThePresentOne) {
  EXPECT_EQ(info().path, (base::Path{client_address, server_address}));
  const base::Address elsewhere = base::Address::v4(203, 0, 113, 9, 5555);
  client.public_address = elsewhere;
  client.endpoint->probe(pair.client, network.now());
  network.run_for(1s);
  EXPECT_EQ(server.endpoint->info(pair.server)->path, (base::Path{server_address, elsewhere}));
}

}  // namespace
}  // namespace confab::net::test

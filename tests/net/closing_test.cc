// SPDX-License-Identifier: MIT
// Every way a connection ends, seen from both sides.
#include "net/harness.h"

namespace confab::net::test {
namespace {

class Closing : public ::testing::Test {
 protected:
  void SetUp() override { pair = network.connect(client, server); }

  Network network;
  Host& server = network.add_server({.reset_secret = std::array<std::uint8_t, 32>{1, 2, 3}});
  Host& client = network.add_client();
  Network::Pair pair;
};

TEST_F(Closing, TheServersCodeAndReasonArrive) {
  server.endpoint->close(pair.server, 2, "the server is stopping");
  EXPECT_EQ(server.endpoint->connection_count(), 0U);
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 1s));
  const auto& seen = *client.last<events::Closed>();
  EXPECT_EQ(seen.connection, pair.client);
  EXPECT_EQ(seen.kind, CloseKind::peer);
  EXPECT_EQ(seen.code, 2U);
  EXPECT_EQ(seen.reason, "the server is stopping");
  const auto& own = *server.last<events::Closed>();
  EXPECT_EQ(own.kind, CloseKind::local);
  EXPECT_EQ(own.code, 2U);
}

TEST_F(Closing, TheClientsCodeArrives) {
  client.endpoint->close(pair.client, 77, "");
  ASSERT_TRUE(network.run_until([&] { return server.count<events::Closed>() == 1; }, 1s));
  EXPECT_EQ(server.last<events::Closed>()->kind, CloseKind::peer);
  EXPECT_EQ(server.last<events::Closed>()->code, 77U);
}

TEST_F(Closing, LongReasonIsCut) {
  server.endpoint->close(pair.server, 1, std::string(5000, 'x'));
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 1s));
  EXPECT_EQ(client.last<events::Closed>()->reason, std::string(256, 'x'));
}

TEST_F(Closing, OneTransmitIsEnough) {
  server.endpoint->close(pair.server, 2, "bye");
  server.turn(network.now());
  server.endpoint.reset();  // the process exits
  ASSERT_EQ(server.outbox.size(), 1U);
  const Flying last = server.outbox.front();
  client.endpoint->receive({.path = {client_address, server_address}, .bytes = last.bytes}, network.now());
  client.turn(network.now());
  ASSERT_EQ(client.count<events::Closed>(), 1U);
  EXPECT_EQ(client.last<events::Closed>()->reason, "bye");
  server.endpoint = std::make_unique<Endpoint>(EndpointOptions{.server_key = &network.key}, server.random, server.log);
}

TEST_F(Closing, LostClosePacketIsSentAgainWhenAsked) {
  int to_lose = 1;
  network.fault = [&](Flying& datagram) { return datagram.from != server_address || to_lose-- <= 0; };
  server.endpoint->close(pair.server, 2, "bye");
  network.run_for(1ms);
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  client.endpoint->send(pair.client, stream, shared("anybody there?"));
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 1s));
  EXPECT_EQ(client.last<events::Closed>()->reason, "bye");
}

TEST_F(Closing, DeadHandlesDoNothing) {
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  client.endpoint->close(pair.client, 0, "");
  client.endpoint->send(pair.client, stream, shared("x"));
  client.endpoint->finish(pair.client, stream);
  client.endpoint->reset(pair.client, stream, 1);
  client.endpoint->consume(pair.client, stream, 1);
  client.endpoint->close(pair.client, 1, "again");
  client.endpoint->migrate(pair.client, {}, network.now());
  client.endpoint->probe(pair.client, network.now());
  EXPECT_EQ(client.endpoint->send_room(pair.client, stream), 0U);
  EXPECT_FALSE(client.endpoint->open_bidi_stream(pair.client));
  EXPECT_FALSE(client.endpoint->open_uni_stream(12345));
  EXPECT_FALSE(client.endpoint->send_datagram(pair.client, base::Bytes{1}));
  EXPECT_FALSE(client.endpoint->info(pair.client));
  network.run_for(10s);
  EXPECT_EQ(client.count<events::Closed>(), 1U);
  EXPECT_EQ(client.last<events::Closed>()->code, 0U);
}

TEST_F(Closing, UnknownStreamsDoNothing) {
  client.endpoint->send(pair.client, 400, shared("x"));
  client.endpoint->finish(pair.client, 400);
  client.endpoint->reset(pair.client, 400, 1);
  client.endpoint->consume(pair.client, 400, 1);
  EXPECT_EQ(client.endpoint->send_room(pair.client, 400), 0U);
  network.run_for(1s);
  EXPECT_EQ(client.count<events::Closed>(), 0U);
}

TEST_F(Closing, EveryTraceIsGoneAfterAWhile) {
  client.endpoint->close(pair.client, 0, "");
  network.run_for(10s);
  EXPECT_EQ(server.endpoint->next_deadline(), base::never);
  EXPECT_EQ(client.endpoint->next_deadline(), base::never);
}

TEST_F(Closing, SilenceEndsInIdle) {
  network.run_for(200s);
  EXPECT_EQ(client.count<events::Closed>(), 0U) << "keep-alives hold the connection";
  network.fault = [](Flying&) { return false; };
  const base::Instant silent_since = network.now().instant;
  ASSERT_TRUE(
      network.run_until([&] { return client.count<events::Closed>() == 1 && server.count<events::Closed>() == 1; }));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::idle);
  EXPECT_EQ(server.last<events::Closed>()->kind, CloseKind::idle);
  EXPECT_GE(network.now().instant - silent_since, 20s);
  EXPECT_LE(network.now().instant - silent_since, 45s);
}

TEST_F(Closing, RestartedServerSaysThatItHasForgotten) {
  server.endpoint = std::make_unique<Endpoint>(
      EndpointOptions{.server_key = &network.key, .reset_secret = std::array<std::uint8_t, 32>{1, 2, 3}}, server.random,
      server.log);
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  client.endpoint->send(pair.client, stream, shared("anybody there?"));
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 100ms));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::reset);
  EXPECT_GE(server.endpoint->stats().resets_sent, 1U);
}

TEST_F(Closing, ResetFromAStrangerIsNotBelieved) {
  server.endpoint = std::make_unique<Endpoint>(
      EndpointOptions{.server_key = &network.key, .reset_secret = std::array<std::uint8_t, 32>{9, 9, 9}}, server.random,
      server.log);
  const StreamId stream = client.endpoint->open_bidi_stream(pair.client).value();
  client.endpoint->send(pair.client, stream, shared("anybody there?"));
  network.run_for(1s);
  EXPECT_GT(server.endpoint->stats().resets_sent, 0U);
  EXPECT_EQ(client.count<events::Closed>(), 0U);
}

}  // namespace
}  // namespace confab::net::test

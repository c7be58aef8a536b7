// SPDX-License-Identifier: MIT
// "Something may have happened to the network": what a client learns by asking at once.
#include "net/harness.h"

namespace confab::net::test {
namespace {

const base::Address elsewhere = base::Address::v4(203, 0, 113, 9, 5555);

class Probe : public ::testing::Test {
 protected:
  void SetUp() override {
    pair = network.connect(client, server);
    network.run_for(1s);
    stream = client.endpoint->open_bidi_stream(pair.client).value();
  }

  void probe() { client.endpoint->probe(pair.client, network.now()); }
  void say(std::string_view text) {
    client.endpoint->send(pair.client, stream, shared(text));
    said += text;
  }
  void answer(std::string_view text) {
    server.endpoint->send(pair.server, stream, shared(text));
    answered += text;
  }
  bool all_arrived() { return server.received[stream] == said && client.received[stream] == answered; }

  /// The process behind the server's address is another one from now on.
  void restart_server() { server.endpoint = std::make_unique<Endpoint>(options(), server.random, server.log); }
  EndpointOptions options() {
    return {.server_key = &network.key, .reset_secret = std::array<std::uint8_t, 32>{1, 2, 3}};
  }

  Network network;
  Host& server = network.add_server(options());
  Host& client = network.add_client();
  Network::Pair pair;
  StreamId stream = 0;
  std::string said;
  std::string answered;
};

TEST_F(Probe, TheServerLearnsTheNewAddressWithinRoundTrips) {
  client.public_address = elsewhere;
  probe();
  ASSERT_TRUE(network.run_until([&] { return server.count<events::PathChanged>() == 1; }, 50ms));
  EXPECT_EQ(server.last<events::PathChanged>()->path, (base::Path{server_address, elsewhere}));
  server.endpoint->send(pair.server, server.endpoint->open_uni_stream(pair.server).value(), shared("news"));
  EXPECT_TRUE(network.run_until([&] { return client.received[3] == "news"; }, 15ms));
}

TEST_F(Probe, WithoutItOnlyTheKeepAliveTells) {
  client.public_address = elsewhere;
  EXPECT_FALSE(network.run_until([&] { return server.count<events::PathChanged>() == 1; }, 8s));
  EXPECT_TRUE(network.run_until([&] { return server.count<events::PathChanged>() == 1; }, 4s));
}

TEST_F(Probe, NothingIsLostOrDoubledWhenTheAddressChangesInMidSentence) {
  say("hello ");
  ASSERT_TRUE(network.run_until([&] { return all_arrived(); }));
  for (std::uint16_t port = 6000; port < 6010; ++port) {
    say(pattern(5000));
    answer(pattern(3000));
    network.run_for(5ms);
    client.public_address.port = port;  // what is on its way to the old address is lost
    probe();
    say("a word ");
    answer("an answer ");
    ASSERT_TRUE(network.run_until([&] { return all_arrived(); }, 2s)) << "port " << port;
  }
  EXPECT_EQ(client.count<events::Closed>() + server.count<events::Closed>(), 0U);
}

TEST_F(Probe, SilenceEndsInThreeSecondsInsteadOfThirty) {
  network.fault = [](Flying&) { return false; };
  probe();
  EXPECT_FALSE(network.run_until([&] { return client.count<events::Closed>() == 1; }, probe_patience - 1ms));
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 2ms));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::idle);
}

TEST_F(Probe, AnAnswerIsEnough) {
  for (int i = 0; i < 20; ++i) {
    probe();
    network.run_for(7s);
  }
  EXPECT_EQ(client.count<events::Closed>(), 0U);
  say("still here");
  EXPECT_TRUE(network.run_until([&] { return all_arrived(); }, 1s));
}

TEST_F(Probe, ALostQuestionIsAskedAgain) {
  int to_lose = 2;
  network.fault = [&](Flying& datagram) { return datagram.to != server_address || to_lose-- <= 0; };
  probe();
  network.run_for(5s);
  EXPECT_EQ(client.count<events::Closed>(), 0U);
}

TEST_F(Probe, ASlowNetworkGetsItsTime) {
  network.delay = 2500ms;
  say("slow ");
  ASSERT_TRUE(network.run_until([&] { return all_arrived(); }, 20s));
  network.run_for(20s);  // the round-trip time has settled
  probe();
  network.run_for(30s);
  EXPECT_EQ(client.count<events::Closed>(), 0U);
}

TEST_F(Probe, IsAskedEvenIfThePeerWasHeardAtThatMoment) {
  say("a word");
  network.run_for(1s);
  answer("another");
  ASSERT_TRUE(network.run_until([&] { return all_arrived(); }));
  client.public_address = elsewhere;
  probe();
  EXPECT_TRUE(network.run_until([&] { return server.count<events::PathChanged>() == 1; }, 60ms));
}

TEST_F(Probe, ManyAtOnceAreOnePacket) {
  network.run_for(5s);
  const std::uint64_t before = client.endpoint->info(pair.client)->packets_sent;
  for (int i = 0; i < 10; ++i) probe();
  network.run_for(1s);
  EXPECT_EQ(client.endpoint->info(pair.client)->packets_sent, before + 1);
}

TEST_F(Probe, AServerThatHasForgottenUsSaysSoAtOnce) {
  restart_server();
  probe();
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 25ms));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::reset);
}

TEST_F(Probe, AFullWindowDoesNotMakeItWait) {
  say(pattern(1'000'000));
  network.run_for(60ms);
  network.fault = [](Flying&) { return false; };
  network.run_for(8s);
  EXPECT_GT(client.endpoint->info(pair.client)->in_flight_bytes, 10'000U);
  network.fault = nullptr;
  probe();
  // Its own timeouts have grown to seconds by now, and a full window has no place for a question.
  ASSERT_TRUE(
      network.run_until([&] { return all_arrived() || client.count<events::Closed>() == 1; }, probe_patience + 1s));
}

TEST_F(Probe, BeforeTheHandshakeItDoesNothing) {
  Host& another = network.add_client({}, base::Address::v4(10, 0, 0, 3, 40'000));
  network.fault = [](Flying&) { return false; };
  const ConnectionHandle connection = network.start(another);
  network.run_for(1s);
  another.endpoint->probe(connection, network.now());
  network.run_for(5s);
  EXPECT_EQ(another.count<events::Closed>(), 0U) << "the handshake has its own limit";
}

}  // namespace
}  // namespace confab::net::test

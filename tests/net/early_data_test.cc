// SPDX-License-Identifier: MIT
// Tickets, and the data that travel with a first flight.
#include <set>

#include "net/harness.h"
#include "net/resumption.h"

namespace confab::net::test {
namespace {

/// A server that answers each request, a client that has been there before and left with a ticket.
class EarlyData : public ::testing::Test {
 protected:
  void SetUp() override {
    server.on_event = [this](const Event& event) { serve(event); };
    client.on_event = [this](const Event& event) { use(event); };
    visit();
  }

  EndpointOptions options() { return {.server_key = &network.key, .early_data = true}; }

  void serve(const Event& event) {
    const auto* data = std::get_if<events::StreamData>(&event);
    if (data == nullptr) return;
    (data->early ? taken_early : taken_late) += base::as_text(data->bytes);
    if (data->fin) server.endpoint->send(data->connection, data->stream, shared("answer"));
    if (data->fin) server.endpoint->finish(data->connection, data->stream);
  }

  /// The client asks as soon as it may.
  void use(const Event& event) {
    if (const auto* ready = std::get_if<events::EarlyReady>(&event)) {
      ask(ready->connection);
    } else if (const auto* connected = std::get_if<events::Connected>(&event)) {
      if (!connected->early_accepted) ask(connected->connection);
    } else if (const auto* resumption = std::get_if<events::Resumption>(&event)) {
      ticket = resumption->bytes;
    }
  }

  void ask(ConnectionHandle connection) {
    const auto stream = client.endpoint->open_bidi_stream(connection);
    ASSERT_TRUE(stream);
    client.endpoint->send(connection, *stream, shared(question));
    client.endpoint->finish(connection, *stream);
  }

  ConnectionHandle start() {
    const auto trust = [this](const PeerCertificate& certificate) {
      asked.push_back(certificate);
      return trusted.contains(certificate.fingerprint);
    };
    return client.endpoint->connect(
        {.path = {client_address, server_address}, .server_name = "", .trust = trust, .resumption = ticket},
        network.now());
  }

  /// How long until the answer is there.
  base::Duration visit() {
    forget();
    const base::Instant begin = network.now().instant;
    const ConnectionHandle connection = start();
    EXPECT_TRUE(network.run_until([this] { return client.received[0] == "answer" && client.finished[0]; }, 20s));
    const base::Duration time = network.now().instant - begin;
    network.run_for(1s);
    leave(connection);
    return time;
  }

  void leave(ConnectionHandle connection) {
    client.endpoint->close(connection, 0, "");
    network.run_for(5s);
  }

  void forget() {
    for (Host* host : {&server, &client}) {
      host->events.clear();
      host->received.clear();
      host->finished.clear();
    }
    taken_early.clear();
    taken_late.clear();
    asked.clear();
  }

  /// Another process with the same key at the same address.
  void restart_server() { server.endpoint = std::make_unique<Endpoint>(options(), server.random, server.log); }

  void expect_full_handshake() {
    ASSERT_EQ(client.count<events::Connected>(), 1U);
    EXPECT_FALSE(client.last<events::Connected>()->resumed);
    EXPECT_FALSE(client.last<events::Connected>()->early_accepted);
    EXPECT_EQ(taken_early, "");
    EXPECT_EQ(taken_late, question);
  }

  Network network;
  Host& server = network.add_server(options());
  Host& client = network.add_client();
  std::string question = "question";
  base::Bytes ticket;
  std::set<wire::Fingerprint> trusted = {network.key.fingerprint()};
  std::vector<PeerCertificate> asked;
  std::string taken_early;
  std::string taken_late;
};

TEST_F(EarlyData, ATicketComesWithEveryConnection) {
  EXPECT_EQ(client.count<events::Resumption>(), 1U);
  const auto resumption = read_resumption(ticket);
  ASSERT_TRUE(resumption);
  EXPECT_EQ(resumption->server.fingerprint, network.key.fingerprint());
  const base::Bytes first = ticket;
  visit();
  EXPECT_EQ(client.count<events::Resumption>(), 1U);
  EXPECT_NE(ticket, first);
}

TEST_F(EarlyData, AFirstReadCostsOneFlightThereAndBackLess) {
  ticket.clear();
  EXPECT_EQ(visit(), 40ms) << "two round trips";
  expect_full_handshake();
  EXPECT_EQ(visit(), 20ms) << "one";
  EXPECT_TRUE(client.last<events::Connected>()->resumed);
  EXPECT_TRUE(client.last<events::Connected>()->early_accepted);
  EXPECT_TRUE(server.last<events::Connected>()->resumed);
  EXPECT_EQ(taken_early, question);
  EXPECT_EQ(taken_late, "");
}

TEST_F(EarlyData, ManyVisitsInARow) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(visit(), 20ms) << i;
    network.run_for(30min);
  }
}

TEST_F(EarlyData, BothSidesHaveTheSameExporters) {
  visit();
  const auto& early_at_client = client.last<events::EarlyReady>()->early_exporter;
  const auto& early_at_server = server.last<events::EarlyReady>()->early_exporter;
  EXPECT_EQ(early_at_client, early_at_server);
  EXPECT_EQ(client.last<events::Connected>()->exporter, server.last<events::Connected>()->exporter);
  EXPECT_NE(early_at_client, client.last<events::Connected>()->exporter);
  const ExporterSecret before = early_at_client;
  visit();
  EXPECT_NE(client.last<events::EarlyReady>()->early_exporter, before);
}

TEST_F(EarlyData, TheServerHearsOfTheConnectionFirst) {
  std::string order;
  server.on_event = [&](const Event& event) {
    if (std::holds_alternative<events::EarlyReady>(event)) order += "ready ";
    if (std::holds_alternative<events::Connected>(event)) order += "connected ";
    if (const auto* data = std::get_if<events::StreamData>(&event)) order += data->early ? "early " : "late ";
  };
  forget();
  const ConnectionHandle connection = start();
  network.run_for(1s);
  EXPECT_EQ(order, "ready early connected ");
  client.endpoint->send(connection, client.endpoint->open_bidi_stream(connection).value_or(0), shared("more"));
  client.endpoint->close(connection, 0, "");
}

TEST_F(EarlyData, TheServerMayOpenStreamsBeforeTheHandshakeIsDone) {
  const std::string log = pattern(20'000);
  StreamId opened = 0;
  server.on_event = [&](const Event& event) {
    const auto* data = std::get_if<events::StreamData>(&event);
    if (data == nullptr || !data->early) return;
    opened = server.endpoint->open_uni_stream(data->connection).value();
    server.endpoint->send(data->connection, opened, shared(log));
  };
  forget();
  start();
  ASSERT_TRUE(network.run_until([&] { return !client.received[opened].empty(); }, 20ms)) << "as much as is allowed";
  EXPECT_LT(client.received[opened].size(), 3 * 1200U) << "to an address that has proved nothing yet";
  ASSERT_TRUE(network.run_until([&] { return client.received[opened].size() == log.size(); }, 100ms));
  EXPECT_TRUE(client.received[opened] == log);
}

TEST_F(EarlyData, MoreThanAFirstFlightHolds) {
  question = pattern(200'000);
  visit();
  EXPECT_GT(taken_early.size(), 5000U);
  EXPECT_GT(taken_late.size(), 5000U);
  EXPECT_TRUE(taken_early + taken_late == question);
}

TEST_F(EarlyData, BothSidesKnowThatTheyWereTakenEvenWhereNoneArrived) {
  // The ClientHello arrives, what was sent early is damaged and comes again behind the handshake. It is still what the
  // client made of the early exporter, so the server must have been told of that one.
  network.fault = [is_first = true](Flying& flying) mutable {
    if (flying.to == server_address && std::exchange(is_first, false)) flying.bytes.back() ^= 1;
    return true;
  };
  visit();
  EXPECT_TRUE(client.last<events::Connected>()->early_accepted);
  EXPECT_EQ(taken_early, "");
  EXPECT_EQ(taken_late, question);
  ASSERT_EQ(server.count<events::EarlyReady>(), 1U);
  EXPECT_EQ(server.last<events::EarlyReady>()->early_exporter, client.last<events::EarlyReady>()->early_exporter);
}

TEST_F(EarlyData, SurvivesLoss) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    network.fault = lose_one_in(8, seed);
    visit();
    EXPECT_EQ(client.received[0], "answer") << "seed " << seed;
    EXPECT_EQ(taken_early + taken_late, question) << "seed " << seed;
    network.fault = nullptr;
    visit();
  }
}

TEST_F(EarlyData, ABusyServerAsksForAProofOfAddressFirst) {
  server.endpoint = std::make_unique<Endpoint>(
      EndpointOptions{.server_key = &network.key, .handshakes_max = 1, .early_data = true}, server.random, server.log);
  ticket.clear();
  EXPECT_EQ(visit(), 60ms) << "a Retry, a handshake, a question";
  EXPECT_EQ(visit(), 40ms) << "a Retry, a question";
  EXPECT_EQ(server.endpoint->stats().retries_sent, 2U);
  EXPECT_EQ(taken_early, question);
}

TEST_F(EarlyData, AServerThatWasRestartedGetsAFullHandshakeAndTheQuestionAgain) {
  restart_server();
  EXPECT_EQ(visit(), 40ms) << "no longer than without a ticket";
  EXPECT_EQ(client.count<events::EarlyReady>(), 1U);
  expect_full_handshake();
  EXPECT_EQ(asked.size(), 2U) << "about the ticket's server, then about the certificate";
  EXPECT_EQ(visit(), 20ms);
}

TEST_F(EarlyData, AServerThatWantsNoneGetsNone) {
  server.endpoint = std::make_unique<Endpoint>(EndpointOptions{.server_key = &network.key}, server.random, server.log);
  ticket.clear();
  EXPECT_EQ(visit(), 40ms);
  EXPECT_EQ(client.count<events::Resumption>(), 0U);
}

TEST_F(EarlyData, AnotherServerAtTheAddressLearnsNothing) {
  const ServerKey other = ServerKey::generate();
  server.endpoint =
      std::make_unique<Endpoint>(EndpointOptions{.server_key = &other, .early_data = true}, server.random, server.log);
  forget();
  start();
  network.run_for(1s);
  ASSERT_EQ(client.count<events::Closed>(), 1U);
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::untrusted);
  EXPECT_EQ(client.last<events::Closed>()->certificate->fingerprint, other.fingerprint());
  EXPECT_EQ(taken_early + taken_late, "");
  EXPECT_EQ(client.count<events::Connected>() + server.count<events::EarlyReady>(), 0U);
}

TEST_F(EarlyData, AKeyThatIsNoLongerTrustedIsNotUsed) {
  trusted.clear();
  forget();
  start();
  network.run_for(1s);
  EXPECT_EQ(client.count<events::EarlyReady>(), 0U);
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::untrusted) << "the certificate has the same key";
  EXPECT_EQ(taken_early + taken_late, "");
}

TEST_F(EarlyData, ATicketForAnotherNameIsNotUsed) {
  auto resumption = read_resumption(ticket);
  resumption->server_name = "elsewhere.example.org";
  ticket = write_resumption(*resumption);
  EXPECT_EQ(visit(), 40ms);
  expect_full_handshake();
}

TEST_F(EarlyData, GarbageIsAFullHandshake) {
  base::SeededRandom random(1);
  for (const std::size_t size : {1U, 100U, 1000U, 5000U}) {
    ticket = base::Bytes(size);
    random.fill(ticket);
    EXPECT_EQ(visit(), 40ms) << size;
  }
}

TEST_F(EarlyData, GarbageWhereGnuTlsLooksIsAFullHandshakeToo) {
  const Resumption good = *read_resumption(ticket);
  base::SeededRandom random(2);
  for (int i = 0; i < 50; ++i) {
    Resumption bad = good;
    bad.session.resize(random.below(good.session.size()));
    if (i % 2 == 0) random.fill(bad.session);
    ticket = write_resumption(bad);
    EXPECT_EQ(visit(), 40ms) << i;
  }
  Resumption bad = good;
  bad.transport_parameters = {0xFF, 0xFF, 0xFF};
  ticket = write_resumption(bad);
  EXPECT_EQ(visit(), 40ms);
}

TEST_F(EarlyData, ADayLaterTheServerShowsItsCertificateAgain) {
  network.run_for(10h);
  EXPECT_EQ(visit(), 20ms);
  network.run_for(10h);
  EXPECT_EQ(visit(), 20ms);
  network.run_for(5h);
  EXPECT_EQ(visit(), 40ms) << "a ticket of a resumed connection expires with the first";
  expect_full_handshake();
}

TEST_F(EarlyData, AClockThatWasPutBackCostsAFlightAtMost) {
  network.wall_offset_ms = -3'600'000;
  visit();
  EXPECT_EQ(taken_early + taken_late, question);
  visit();
  EXPECT_EQ(taken_early + taken_late, question);
}

TEST_F(EarlyData, AClientThatGoesAwayInTheMiddleIsToldOf) {
  forget();
  const ConnectionHandle connection = start();
  network.run_for(15ms);
  ASSERT_EQ(server.count<events::EarlyReady>(), 1U);
  network.fault = [](Flying&) { return false; };
  client.endpoint->close(connection, 0, "");
  network.run_for(30s);
  EXPECT_EQ(server.count<events::Connected>(), 0U);
  ASSERT_EQ(server.count<events::Closed>(), 1U);
  EXPECT_EQ(server.last<events::Closed>()->connection, server.last<events::EarlyReady>()->connection);
  EXPECT_EQ(server.endpoint->connection_count(), 0U);
}

TEST_F(EarlyData, FitsIntoOneDatagram) {
  forget();
  std::vector<std::size_t> sizes;
  network.fault = [&](Flying& datagram) {
    if (datagram.to == server_address) sizes.push_back(datagram.bytes.size());
    return true;
  };
  start();
  network.run_for(5ms);
  EXPECT_EQ(sizes, std::vector<std::size_t>{1200}) << "ticket and question";
}

TEST_F(EarlyData, TheSameSeedGivesTheSameRun) {
  const auto run = [this] {
    seed_gnutls(1);
    Network fresh;
    fresh.key = *ServerKey::from_pem(network.key.to_pem());
    Host& host = fresh.add_server({.early_data = true});
    Host& guest = fresh.add_client();
    base::Bytes kept;
    for (int i = 0; i < 5; ++i) {
      const auto trust = [](const PeerCertificate&) { return true; };
      const ConnectionHandle connection = guest.endpoint->connect(
          {.path = {client_address, server_address}, .server_name = "", .trust = trust, .resumption = kept},
          fresh.now());
      fresh.run_for(1min);
      kept = guest.last<events::Resumption>()->bytes;
      guest.endpoint->close(connection, 0, "");
    }
    EXPECT_EQ(host.count<events::Connected>(), 5U);
    return fresh.trace;
  };
  const std::uint64_t first = run();
  EXPECT_EQ(run(), first);
}

// Replays.

/// Everything that the client sends until it hears something.
class Replay : public EarlyData {
 protected:
  void SetUp() override {
    EarlyData::SetUp();
    network.fault = [this](Flying& datagram) {
      if (datagram.to != server_address) recording = false;
      if (recording) flight.push_back(datagram.bytes);
      return true;
    };
    recording = true;
    visit();
    network.fault = nullptr;
    ASSERT_EQ(taken_early, question);
    ASSERT_FALSE(flight.empty());
    forget();
  }

  void replay() {
    for (const base::Bytes& datagram : flight) {
      server.endpoint->receive({.path = {server_address, thief}, .bytes = datagram}, network.now());
      network.run_for(1ms);
    }
    network.run_for(100ms);
  }

  void expect_nothing_taken() {
    EXPECT_EQ(taken_early + taken_late, "");
    EXPECT_EQ(server.count<events::EarlyReady>() + server.count<events::Connected>(), 0U);
  }

  const base::Address thief = base::Address::v4(198, 51, 100, 66, 666);
  std::vector<base::Bytes> flight;
  bool recording = false;
};

TEST_F(Replay, OfARecordedFlightIsNotTaken) {
  const std::uint64_t before = server.endpoint->stats().connections_accepted;
  for (int i = 0; i < 10; ++i) replay();
  EXPECT_GT(server.endpoint->stats().connections_accepted, before) << "it was looked at";
  expect_nothing_taken();
}

TEST_F(Replay, IsNotTakenAtAnyLaterTime) {
  for (int hours = 0; hours < 80; ++hours) {
    replay();
    network.run_for(1h);
  }
  expect_nothing_taken();
}

TEST_F(Replay, IsNotTakenByTheNextProcess) {
  restart_server();
  replay();
  expect_nothing_taken();
}

TEST_F(Replay, DoesNotHinderTheOwner) {
  replay();
  forget();
  EXPECT_EQ(visit(), 20ms);
}

TEST_F(Replay, FirstThenTheOwnersOwnIsTheOneThatIsRefused) {
  // The thief is faster than the client's own datagrams, which are only late: the one thing that cannot be told apart.
  forget();
  std::vector<base::Bytes> held;
  network.fault = [&](Flying& datagram) {
    if (datagram.to != server_address) return true;
    held.push_back(datagram.bytes);
    return false;
  };
  start();
  network.run_for(1ms);
  network.fault = nullptr;
  flight = held;
  replay();
  EXPECT_EQ(taken_early, question) << "a copy";
  EXPECT_EQ(server.count<events::Connected>(), 0U) << "and nobody stands behind it";
  EXPECT_TRUE(
      network.run_until([&] { return client.count<events::Connected>() == 1 || client.count<events::Closed>(); }, 20s));
  network.run_for(20s);
  EXPECT_GE(server.count<events::Closed>(), 1U) << "the thief's connection comes to nothing, and the server is told";
}

}  // namespace
}  // namespace confab::net::test

// SPDX-License-Identifier: MIT
// How a connection begins: handshake, trust, ALPN, admission.
#include "net/harness.h"

namespace confab::net::test {
namespace {

TEST(Connection, HandshakeGivesBothSidesTheSameExporter) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  network.connect(client, server);

  const auto& at_client = *client.last<events::Connected>();
  const auto& at_server = *server.last<events::Connected>();
  EXPECT_EQ(at_client.exporter, at_server.exporter);
  EXPECT_NE(at_client.exporter, ExporterSecret{});
  EXPECT_EQ(at_client.path, (base::Path{client_address, server_address}));
  EXPECT_EQ(at_server.path, (base::Path{server_address, client_address}));
  EXPECT_EQ(server.endpoint->connection_count(), 1U);
  EXPECT_EQ(server.endpoint->stats().connections_accepted, 1U);
}

TEST(Connection, EveryConnectionHasItsOwnExporter) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  network.connect(client, server);
  const ExporterSecret first = client.last<events::Connected>()->exporter;
  network.connect(client, server);
  EXPECT_NE(client.last<events::Connected>()->exporter, first);
}

TEST(Connection, ServerIdsBeginWithTheMark) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  std::size_t short_headers = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.to == server_address && (datagram.bytes[0] & 0x80) == 0) {
      ++short_headers;
      EXPECT_EQ(datagram.bytes[1], 0xFF);
    }
    return true;
  };
  network.connect(client, server);
  network.run_for(15s);  // a keep-alive
  EXPECT_GT(short_headers, 0U);
}

TEST(Connection, ClientSeesTheServersFingerprint) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  std::optional<PeerCertificate> seen;
  client.endpoint->connect({.path = {client_address, server_address},
                            .server_name = "",
                            .trust =
                                [&](const PeerCertificate& certificate) {
                                  EXPECT_FALSE(seen) << "asked twice";
                                  seen = certificate;
                                  return true;
                                }},
                           network.now());
  ASSERT_TRUE(network.run_until([&] { return server.count<events::Connected>() == 1; }));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->fingerprint, network.key.fingerprint());
  EXPECT_FALSE(seen->ca_signed);
}

TEST(Connection, NobodysAuthorityVouchesForASelfSignedCertificate) {
  Network network;
  network.add_server();
  Host& client = network.add_client();
  std::optional<PeerCertificate> seen;
  client.endpoint->connect({.path = {client_address, server_address},
                            .server_name = "chat.example.org",
                            .trust =
                                [&](const PeerCertificate& certificate) {
                                  seen = certificate;
                                  return certificate.ca_signed;
                                }},
                           network.now());
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }));
  EXPECT_FALSE(seen->ca_signed);
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::untrusted);
}

TEST(Connection, UntrustedServerIsToldNothing) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  client.endpoint->connect({.path = {client_address, server_address},
                            .server_name = "",
                            .trust = [](const PeerCertificate&) { return false; }},
                           network.now());
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }));
  const auto& closed = *client.last<events::Closed>();
  EXPECT_EQ(closed.kind, CloseKind::untrusted);
  ASSERT_TRUE(closed.certificate);
  EXPECT_EQ(closed.certificate->fingerprint, network.key.fingerprint());
  EXPECT_EQ(client.count<events::Connected>(), 0U);
  network.run_for(1s);
  EXPECT_EQ(server.count<events::Connected>(), 0U);
  EXPECT_EQ(server.count<events::Closed>(), 0U) << "the server's application never heard of it";
  EXPECT_EQ(server.endpoint->connection_count(), 0U);
  EXPECT_EQ(client.endpoint->connection_count(), 0U);
}

TEST(Connection, IdleConnectionCostsAFewTurnsAMinute) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  network.connect(client, server);
  network.run_for(10s);
  const std::size_t before = network.steps;
  network.run_for(60s);
  EXPECT_LE(network.steps - before, 6U * 10U) << "six keep-alives, each a few datagrams and timers";
}

TEST(Connection, RepeatedFirstPacketOpensNoSecondConnection) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  network.fault = [&](Flying& datagram) {
    if (datagram.to == server_address) {
      server.endpoint->receive({.path = {server_address, datagram.from}, .bytes = datagram.bytes}, network.now());
    }
    return true;
  };
  network.connect(client, server);
  EXPECT_EQ(server.endpoint->stats().connections_accepted, 1U);
}

TEST(Connection, SilentServerIsGivenUp) {
  Network network;
  Host& client = network.add_client();
  network.start(client);
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::idle);
}

TEST(Connection, HandshakeSurvivesLoss) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Network network;
    Host& server = network.add_server();
    Host& client = network.add_client();
    network.fault = lose_one_in(8, seed);
    network.start(client);
    EXPECT_TRUE(network.run_until([&] { return server.count<events::Connected>() == 1; }, 10s)) << "seed " << seed;
  }
}

TEST(Connection, BusyServerAsksForProofOfAddress) {
  Network network;
  Host& server = network.add_server({.handshakes_max = 1});
  Host& client = network.add_client();
  network.connect(client, server);
  EXPECT_EQ(server.endpoint->stats().retries_sent, 1U);
  EXPECT_EQ(server.endpoint->stats().connections_accepted, 1U);
}

TEST(Connection, ProofOfAddressFromElsewhereIsRefused) {
  Network network;
  Host& server = network.add_server({.handshakes_max = 1});
  Host& client = network.add_client();
  network.fault = [&, moved = false](Flying& datagram) mutable {
    // After the Retry, the client's packets come from another address than the token was made for.
    if (datagram.to != server_address) moved = true;
    if (moved && datagram.from == client_address) datagram.from.port = 1;
    if (datagram.to.port == 1) datagram.to = client_address;
    return true;
  };
  network.start(client);
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::transport);
  EXPECT_EQ(server.endpoint->stats().connections_accepted, 0U);
  EXPECT_EQ(server.endpoint->stats().retries_sent, 1U);
}

TEST(Connection, HandshakesBeyondTheLimitAreDropped) {
  Network network;
  Host& server = network.add_server({.handshakes_max = 4});
  network.fault = [](Flying& datagram) { return datagram.from != server_address; };  // no handshake ends
  for (std::uint16_t i = 0; i < 10; ++i) {
    network.start(network.add_client({}, base::Address::v4(10, 0, 1, 1, static_cast<std::uint16_t>(1000 + i))));
  }
  network.run_for(1s);
  EXPECT_EQ(server.endpoint->stats().connections_accepted, 2U) << "half of the limit without a proof of address";
  EXPECT_GE(server.endpoint->stats().retries_sent, 8U);
  network.run_for(15s);
  EXPECT_EQ(server.endpoint->connection_count(), 0U) << "unfinished handshakes are given up";
}

TEST(Connection, FullServerSaysSo) {
  Network network;
  Host& server = network.add_server({.connections_max = 1});
  Host& client = network.add_client();
  network.connect(client, server);
  network.start(client);
  ASSERT_TRUE(network.run_until([&] { return client.count<events::Closed>() == 1; }, 1s));
  EXPECT_EQ(client.last<events::Closed>()->kind, CloseKind::transport);
  EXPECT_EQ(client.last<events::Closed>()->reason, "the server is full");
  EXPECT_EQ(server.endpoint->stats().handshakes_refused, 1U);
}

TEST(Connection, CertificateIsRenewedAndTheFingerprintStays) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  std::vector<wire::Fingerprint> seen;
  for (int round = 1; round <= 3; ++round) {
    client.endpoint->connect({.path = {client_address, server_address},
                              .server_name = "",
                              .trust =
                                  [&](const PeerCertificate& certificate) {
                                    seen.push_back(certificate.fingerprint);
                                    return true;
                                  }},
                             network.now());
    ASSERT_TRUE(
        network.run_until([&] { return server.count<events::Connected>() == static_cast<std::size_t>(round); }));
    client.endpoint->close(client.last<events::Connected>()->connection, 0, "");
    network.run_for(std::chrono::days(6));
  }
  EXPECT_EQ(seen, std::vector<wire::Fingerprint>(3, network.key.fingerprint()));
}

}  // namespace
}  // namespace confab::net::test

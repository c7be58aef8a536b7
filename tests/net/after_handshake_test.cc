// SPDX-License-Identifier: MIT
// A server forgets TLS when the handshake is done. These clients do what the endpoint's never do after it.
#include "net/connection.h"
#include "net/harness.h"

namespace confab::net {

/// A bare client connection, within reach.
struct BareClient {
  explicit BareClient(base::Instant now)
      : connection(Connection::connect(state, 1, tls.open("", [](const PeerCertificate&) { return true; }),
                                       {test::client_address, test::server_address}, {now, {}})) {}

  void update_keys(base::Instant now) {
    ASSERT_EQ(ngtcp2_conn_initiate_key_update(connection->conn_.get(), to_native(now)), 0);
  }
  void say_to_tls(base::ByteView bytes) {
    ASSERT_EQ(ngtcp2_conn_submit_crypto_data(connection->conn_.get(), NGTCP2_ENCRYPTION_LEVEL_1RTT, bytes.data(),
                                             bytes.size()),
              0);
  }

  base::SeededRandom random{1};
  base::NullLog log;
  EndpointState state{{}, random, log};
  ClientTls tls;
  std::unique_ptr<Connection> connection;
};

namespace test {
namespace {

class AfterHandshake : public ::testing::Test, private base::DatagramSink {
 protected:
  AfterHandshake() {
    network.fault = [this](Flying& datagram) {
      if (datagram.to != client_address) return true;
      client.connection->receive({.path = {client_address, server_address}, .bytes = datagram.bytes}, network.now());
      return false;
    };
    exchange();
    stream = client.connection->open_bidi_stream().value();
  }

  void exchange() {
    for (int round = 0; round < 10; ++round) {
      client.connection->transmit(*this, network.now());
      network.run_for(30ms);
    }
  }
  void say(std::string_view text) {
    client.connection->send(stream, shared(text));
    exchange();
  }

  Network network;
  Host& server = network.add_server();
  BareClient client{network.now().instant};
  StreamId stream = 0;

 private:
  std::span<std::uint8_t> buffer() override { return memory_; }
  void commit(const base::Path&, std::uint8_t, std::size_t size, std::size_t segment_size) override {
    for (std::size_t at = 0; at < size; at += segment_size) {
      const auto bytes = std::span(memory_).subspan(at, std::min(segment_size, size - at));
      server.endpoint->receive({.path = {server_address, client_address}, .bytes = bytes}, network.now());
    }
  }

  base::Bytes memory_ = base::Bytes(train_bytes_max);
};

TEST_F(AfterHandshake, KeysAreUpdatedAsOftenAsTheClientLikes) {
  std::string said;
  for (int i = 0; i < 5; ++i) {
    client.update_keys(network.now().instant);
    say("a word ");
    said += "a word ";
    EXPECT_EQ(server.received[stream], said);
    network.run_for(5s);  // an update must have been acknowledged, and a while have passed, before the next
  }
}

TEST_F(AfterHandshake, AWordForTlsIsAnError) {
  say("hello");
  client.say_to_tls(shared("\x18 what TLS would call a key update").view);
  exchange();
  ASSERT_EQ(server.count<events::Closed>(), 1U);
  const auto& closed = *server.last<events::Closed>();
  EXPECT_EQ(closed.kind, CloseKind::handshake_failed);
  EXPECT_EQ(closed.code, 10U) << "unexpected_message";
  EXPECT_FALSE(client.connection->alive());
}

}  // namespace
}  // namespace test
}  // namespace confab::net

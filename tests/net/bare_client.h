// SPDX-License-Identifier: MIT
// A client that does what the endpoint's clients never do, and a server on the other side of a network.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

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
  /// Before the first packet: the largest DATAGRAM frame that the server is told of. ngtcp2 reads the parameters when
  /// the ClientHello is written, and has no function to change a client's.
  void announce_datagrams(std::uint64_t bytes_max) {
    const_cast<ngtcp2_transport_params*>(ngtcp2_conn_get_local_transport_params(connection->conn_.get()))
        ->max_datagram_frame_size = bytes_max;
  }
  void wish(unsigned copies) { connection->wish(copies); }
  void say_beside(base::Bytes datagram) { connection->datagrams_.push_back({std::move(datagram), 0}); }
  std::size_t datagrams_waiting() const { return connection->datagrams_.size(); }

  base::SeededRandom random{1};
  base::NullLog log;
  EndpointState state{{.uni_streams_max = 16}, random, log};
  ClientTls tls;
  std::unique_ptr<Connection> connection;
};

namespace test {

class WithBareClient : public ::testing::Test, private base::DatagramSink {
 protected:
  WithBareClient() {
    network.fault = [this](Flying& datagram) {
      if (datagram.to != client_address) return true;
      client.connection->receive({.path = {client_address, server_address}, .bytes = datagram.bytes}, network.now());
      return false;
    };
  }

  /// Writes what the client has to say; on its way until deliver().
  void write() { client.connection->transmit(*this, network.now()); }
  void deliver(const base::Bytes& datagram) {
    server.endpoint->receive({.path = {server_address, client_address}, .bytes = datagram}, network.now());
  }
  void exchange(int rounds = 10) {
    for (; rounds > 0; --rounds) {
      write();
      for (const base::Bytes& datagram : std::exchange(written, {})) deliver(datagram);
      network.run_for(30ms);
    }
  }

  Network network;
  Host& server = network.add_server();
  BareClient client{network.now().instant};
  std::vector<base::Bytes> written;

 private:
  std::span<std::uint8_t> buffer() override { return memory_; }
  void commit(const base::Path&, std::uint8_t, std::size_t size, std::size_t segment_size) override {
    for (std::size_t at = 0; at < size; at += segment_size) {
      const auto bytes = std::span(memory_).subspan(at, std::min(segment_size, size - at));
      written.emplace_back(bytes.begin(), bytes.end());
    }
  }

  base::Bytes memory_ = base::Bytes(train_bytes_max);
};

}  // namespace test
}  // namespace confab::net

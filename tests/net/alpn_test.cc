// SPDX-License-Identifier: MIT
// A client of another protocol: the endpoint has no way to be one, so this test drives a bare connection.
#include "net/connection.h"
#include "net/harness.h"

namespace confab::net::test {
namespace {

class Collector final : public base::DatagramSink {
 public:
  std::span<std::uint8_t> buffer() override { return memory_; }
  void commit(const base::Path&, std::uint8_t, std::size_t size, std::size_t segment_size) override {
    for (std::size_t at = 0; at < size; at += segment_size) {
      const auto segment = std::span(memory_).subspan(at, std::min(segment_size, size - at));
      sent.emplace_back(segment.begin(), segment.end());
    }
  }

  std::vector<base::Bytes> sent;

 private:
  base::Bytes memory_ = base::Bytes(train_bytes_max);
};

/// What a client that asks for `protocol` is told in the end.
std::optional<Event> outcome(const std::string& protocol) {
  Network network;
  Host& server = network.add_server();
  base::SeededRandom random(1);
  base::NullLog log;
  EndpointState state({}, random, log);
  ClientTls tls(protocol);
  const auto client = Connection::connect(state, 1, tls.open("", [](const PeerCertificate&) { return true; }),
                                          {client_address, server_address}, network.now());
  network.fault = [&](Flying& datagram) {
    client->receive({.path = {client_address, server_address}, .bytes = datagram.bytes}, network.now());
    return false;
  };
  for (int round = 0; round < 5; ++round) {
    Collector collector;
    client->transmit(collector, network.now());
    for (const base::Bytes& bytes : collector.sent) {
      server.endpoint->receive({.path = {server_address, client_address}, .bytes = bytes}, network.now());
    }
    network.run_for(1ms);
  }
  return state.events.pop();
}

TEST(Alpn, OurProtocolIsTaken) {
  const auto event = outcome("confab/1");
  ASSERT_TRUE(event);
  EXPECT_TRUE(std::holds_alternative<events::Connected>(*event));
}

TEST(Alpn, AnotherProtocolIsRefusedWithASentence) {
  const auto event = outcome("h3");
  ASSERT_TRUE(event);
  ASSERT_TRUE(std::holds_alternative<events::Closed>(*event));
  const auto& closed = std::get<events::Closed>(*event);
  EXPECT_EQ(closed.kind, CloseKind::handshake_failed);
  EXPECT_EQ(closed.code, 120U);
  EXPECT_EQ(closed.reason, "the other side does not speak confab/1");
}

}  // namespace
}  // namespace confab::net::test

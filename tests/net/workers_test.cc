// SPDX-License-Identifier: MIT
// The endpoints of one server, a worker's each: their ids say whose they are, and what one has given or seen holds for
// all.
#include "net/harness.h"
#include "wire/steering.h"

namespace confab::net::test {
namespace {

const base::Address second_address = base::Address::v4(10, 0, 0, 3, 2209);

class Workers : public ::testing::Test {
 protected:
  EndpointOptions options(std::uint8_t worker) {
    return {.server_key = &network.key, .early_data = true, .worker = worker, .secrets = secrets};
  }

  /// Connects and asks with the first flight, if it may; leaves with a ticket.
  void visit(const base::Address& address) {
    client.events.clear();
    const ConnectionHandle connection = client.endpoint->connect({.path = {client_address, address},
                                                                  .server_name = "",
                                                                  .trust = [](const auto&) { return true; },
                                                                  .resumption = ticket},
                                                                 network.now());
    if (const auto stream = client.endpoint->open_bidi_stream(connection)) {
      client.endpoint->send(connection, *stream, shared("question"));
    }
    network.run_for(1s);
    if (const auto* resumption = client.last<events::Resumption>()) ticket = resumption->bytes;
    client.endpoint->close(connection, 0, "");
    network.run_for(5s);
  }

  Network network;
  std::shared_ptr<ServerSecrets> secrets = make_server_secrets();
  Host& first = network.add(options(1), server_address);
  Host& second = network.add(options(2), second_address);
  Host& client = network.add_client();
  base::Bytes ticket;
};

TEST_F(Workers, AllButTheFirstPacketsSayWhoseTheyAre) {
  std::size_t unsaid = 0;
  std::size_t said = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.to != second_address) return true;
    const auto worker = wire::steered_worker(datagram.bytes);
    ++(worker ? said : unsaid);
    if (worker) {
      EXPECT_EQ(*worker, 2U);
    } else {
      EXPECT_EQ(said, 0U) << "a packet without its worker behind one that has it";
    }
    return true;
  };
  visit(second_address);
  EXPECT_GE(unsaid, 1U);
  EXPECT_GE(said, 3U);
}

TEST_F(Workers, NoTwoShareAHandle) {
  visit(server_address);
  visit(second_address);
  EXPECT_EQ(worker_of(first.last<events::Connected>()->connection), 1U);
  EXPECT_EQ(worker_of(second.last<events::Connected>()->connection), 2U);
}

TEST_F(Workers, ATicketOfOneIsGoodAtAll) {
  visit(server_address);
  visit(second_address);
  EXPECT_TRUE(client.last<events::Connected>()->resumed);
  EXPECT_TRUE(client.last<events::Connected>()->early_accepted);
}

TEST_F(Workers, EarlyDataThatOneHasTakenAreTakenByNone) {
  visit(server_address);
  std::vector<base::Bytes> flight;
  network.fault = [&](Flying& datagram) {
    if (datagram.to == server_address && flight.size() < 2) flight.push_back(datagram.bytes);
    return true;
  };
  visit(server_address);
  ASSERT_TRUE(client.last<events::Connected>()->early_accepted);
  ASSERT_EQ(first.count<events::EarlyReady>(), 1U);

  for (const base::Bytes& bytes : flight)
    second.endpoint->receive({{second_address, client_address}, bytes}, network.now());
  network.run_for(1s);
  EXPECT_EQ(second.count<events::EarlyReady>(), 0U);
  EXPECT_EQ(second.count<events::StreamData>(), 0U);
}

}  // namespace
}  // namespace confab::net::test

// SPDX-License-Identifier: MIT
// Changes of address in the middle of a connection.
#include "net/harness.h"

namespace confab::net::test {
namespace {

const base::Address elsewhere = base::Address::v4(203, 0, 113, 9, 5555);

TEST(Path, ServerFollowsAClientWhoseAddressWasRewritten) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(1s);
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  const std::string text = pattern(100'000);
  client.endpoint->send(at_client, stream, shared(text));
  network.run_for(30ms);
  client.public_address = elsewhere;  // the NAT has forgotten its binding and made another
  ASSERT_TRUE(network.run_until([&] { return server.received[stream] == text; }));
  ASSERT_TRUE(network.run_until([&] { return server.count<events::PathChanged>() == 1; }));
  EXPECT_EQ(server.last<events::PathChanged>()->path, (base::Path{server_address, elsewhere}));
  EXPECT_EQ(server.endpoint->info(at_server)->path.remote, elsewhere);

  server.endpoint->send(at_server, stream, shared("I see you"));
  EXPECT_TRUE(network.run_until([&] { return client.received[stream] == "I see you"; }));
  network.run_for(30s);
  EXPECT_EQ(server.count<events::PathChanged>(), 1U);
  EXPECT_EQ(client.count<events::PathChanged>(), 0U) << "the client cannot know";
}

TEST(Path, ThereAndBackIsNoChange) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(1s);
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  client.public_address = elsewhere;
  client.endpoint->send(at_client, stream, shared("there "));
  network.run_for(15ms);  // the server has just heard it, and its question goes to where nobody is any more
  client.public_address = client_address;
  client.endpoint->send(at_client, stream, shared("and back"));
  ASSERT_TRUE(network.run_until([&] { return server.received[stream] == "there and back"; }));
  network.run_for(20s);
  EXPECT_EQ(server.count<events::PathChanged>(), 0U);
  EXPECT_EQ(server.endpoint->info(at_server)->path.remote, client_address);
}

TEST(Path, ManyRewritingsInARow) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(1s);
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  std::string said;
  for (std::uint16_t port = 6000; port < 6010; ++port) {
    client.public_address.port = port;
    client.endpoint->send(at_client, stream, shared("still here. "));
    said += "still here. ";
    ASSERT_TRUE(network.run_until([&] { return server.received[stream] == said; })) << "port " << port;
    network.run_for(5s);
    EXPECT_EQ(server.endpoint->info(at_server)->path.remote.port, port);
  }
}

TEST(Path, ClientMovesToAnotherSocket) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(1s);
  // The harness's host has one socket; the same endpoint goes on behind a second host's address.
  base::Address other = client_address;
  other.port = 40'001;
  client.own_address = client.told_address = other;
  client.public_address = other;
  client.endpoint->migrate(at_client, {other, server_address}, network.now());
  ASSERT_TRUE(network.run_until(
      [&] { return client.count<events::PathChanged>() == 1 && server.count<events::PathChanged>() == 1; }, 2s));
  EXPECT_EQ(client.last<events::PathChanged>()->path, (base::Path{other, server_address}));
  EXPECT_EQ(server.last<events::PathChanged>()->path, (base::Path{server_address, other}));
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  client.endpoint->send(at_client, stream, shared("from elsewhere"));
  EXPECT_TRUE(network.run_until([&] { return server.received[stream] == "from elsewhere"; }));
}

TEST(Path, UnspecifiedLocalAddressIsNoChange) {
  Network network;
  Host& server = network.add_server();
  // Bound to 0.0.0.0, and the driver tells of each datagram which of the machine's addresses it came to.
  Host& client = network.add_client({}, base::Address::v4(0, 0, 0, 0, 40'000));
  client.public_address = client_address;
  client.told_address = client_address;
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  client.endpoint->send(at_client, stream, shared("Hii"));
  EXPECT_TRUE(network.run_until([&] { return server.received[stream] == "Hii"; }));
  network.run_for(30s);
  EXPECT_EQ(client.count<events::PathChanged>() + server.count<events::PathChanged>(), 0U);
}

TEST(Path, LargerPacketsAreFoundOut) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  std::size_t largest = 0;
  network.fault = [&](Flying& datagram) {
    if (datagram.bytes.size() > 1400) return false;  // the path's MTU
    largest = std::max(largest, datagram.bytes.size());
    return true;
  };
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  network.run_for(10s);
  const std::string text = pattern(100'000);
  server.endpoint->send(at_server, stream, shared(text));
  ASSERT_TRUE(network.run_until([&] { return client.received[stream] == text; }));
  EXPECT_GT(largest, 1300U);
}

}  // namespace
}  // namespace confab::net::test

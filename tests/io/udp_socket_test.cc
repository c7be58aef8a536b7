// SPDX-License-Identifier: MIT
#include "io/udp_socket.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "io/send_batch.h"
#include "io/support.h"

namespace confab::io {

namespace {

using UdpSocketTest = IoTest;

const base::Address v4_wildcard = base::Address::v4(0, 0, 0, 0, 0);

UdpSocket open(const base::Address& local, const SocketOptions& options = {}) {
  auto socket = UdpSocket::open(local, options);
  EXPECT_TRUE(socket) << socket.error().text;
  return *std::move(socket);
}

base::Address with_port(base::Address address, std::uint16_t port) {
  address.port = port;
  return address;
}

/// Sends one datagram from `from` and answers how it arrived at `to`.
Arrived send(const UdpSocket& from, const base::Path& path, const UdpSocket& to, std::uint8_t ecn = 0) {
  SendBatch batch;
  batch.add_socket(from);
  put(batch, path, "hello", 1200, ecn);
  EXPECT_TRUE(batch.flush());
  return receive(to, 1).front();
}

}  // namespace

TEST_F(UdpSocketTest, TheKernelChoosesAPortAndWeLearnIt) {
  const UdpSocket socket = open(loopback);
  EXPECT_NE(socket.local().port, 0);
  EXPECT_TRUE(socket.local().is_loopback());
}

TEST_F(UdpSocketTest, APortThatIsTakenIsAnErrorInOneLine) {
  const UdpSocket first = open(loopback);
  const auto second = UdpSocket::open(first.local());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error, EADDRINUSE);
  EXPECT_EQ(second.error().text, "cannot listen on " + first.local().to_string() + ": address already in use");
}

TEST_F(UdpSocketTest, BothFamiliesShareAPort) {
  const UdpSocket v6 = open(*base::Address::parse("[::]:0"));
  const auto v4 = UdpSocket::open(with_port(v4_wildcard, v6.local().port));
  EXPECT_TRUE(v4 || v4.error().error == EADDRINUSE);  // another program may have that port
  EXPECT_EQ(v6.local().family, base::Address::Family::v6);
}

TEST_F(UdpSocketTest, AWildcardSocketLearnsWhichAddressADatagramWasSentTo) {
  const UdpSocket server = open(v4_wildcard);
  const UdpSocket client = open(loopback);
  const base::Address second_address = base::Address::v4(127, 0, 0, 2, server.local().port);
  const Arrived arrived = send(client, {client.local(), second_address}, server);
  EXPECT_EQ(arrived.path.local, second_address);
  EXPECT_EQ(arrived.path.remote, client.local());
}

TEST_F(UdpSocketTest, AnAnswerLeavesFromTheAddressThatWasAsked) {
  const UdpSocket server = open(v4_wildcard);
  const UdpSocket client = open(loopback);
  const base::Address second_address = base::Address::v4(127, 0, 0, 2, server.local().port);
  const Arrived answer = send(server, {second_address, client.local()}, client);
  EXPECT_EQ(answer.path.remote, second_address);
}

TEST_F(UdpSocketTest, AnIpv6WildcardSocketDoesTheSame) {
  const UdpSocket server = open(*base::Address::parse("[::]:0"));
  const UdpSocket client = open(*base::Address::parse("[::1]:0"));
  const base::Address asked = with_port(*base::Address::parse("[::1]:0"), server.local().port);
  EXPECT_EQ(send(client, {client.local(), asked}, server).path.local, asked);
  EXPECT_EQ(send(server, {asked, client.local()}, client).path.remote, asked);
}

TEST_F(UdpSocketTest, AClientFindsTheLocalAddressThatItBound) {
  const UdpSocket client = open(v4_wildcard, {.local_per_datagram = false});
  const UdpSocket server = open(loopback);
  const Arrived asked = send(client, {client.local(), server.local()}, server);
  EXPECT_EQ(asked.path.remote, base::Address::v4(127, 0, 0, 1, client.local().port));
  EXPECT_EQ(send(server, {server.local(), asked.path.remote}, client).path.local, client.local());
}

TEST_F(UdpSocketTest, EcnMarksCrossTheNetwork) {
  const UdpSocket v4_sender = open(loopback);
  const UdpSocket v4_receiver = open(loopback);
  const UdpSocket v6_sender = open(*base::Address::parse("[::1]:0"));
  const UdpSocket v6_receiver = open(*base::Address::parse("[::1]:0"));
  for (std::uint8_t ecn = 0; ecn < 4; ++ecn) {
    EXPECT_EQ(send(v4_sender, {v4_sender.local(), v4_receiver.local()}, v4_receiver, ecn).ecn, ecn);
    EXPECT_EQ(send(v6_sender, {v6_sender.local(), v6_receiver.local()}, v6_receiver, ecn).ecn, ecn);
  }
}

}  // namespace confab::io

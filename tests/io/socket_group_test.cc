// SPDX-License-Identifier: MIT
// Several sockets on one address, and the kernel's choice among them.
#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "io/send_batch.h"
#include "io/support.h"
#include "wire/steering.h"

namespace confab::io {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::size_t workers = 4;

class SocketGroupTest : public IoTest {
 protected:
  static std::vector<UdpSocket> open_group(const base::Address& local, std::size_t count = workers) {
    auto group = UdpSocket::open_group(local, count);
    EXPECT_TRUE(group) << group.error().text;
    EXPECT_EQ(group->size(), count) << "this system does not steer";
    return *std::move(group);
  }

  static UdpSocket client_of(const UdpSocket& server) {
    base::Address any = server.local();
    any.port = 0;
    return UdpSocket::open(any).value();
  }

  /// Which of the group's sockets gets it.
  static std::size_t send(const UdpSocket& from, const std::vector<UdpSocket>& group, std::string_view bytes) {
    SendBatch batch;
    batch.add_socket(from);
    put(batch, {from.local(), group.front().local()}, bytes);
    EXPECT_TRUE(batch.flush());
    std::vector<pollfd> entries;
    for (const UdpSocket& each : group) entries.push_back({.fd = each.fd(), .events = POLLIN, .revents = 0});
    ::poll(entries.data(), entries.size(), -1);
    const auto hit = std::ranges::find_if(entries, [](const pollfd& each) { return each.revents != 0; });
    const auto index = static_cast<std::size_t>(hit - entries.begin());
    EXPECT_EQ(receive(group[index], 1).front().text, bytes);
    return index;
  }

  static std::string short_header(std::size_t worker) {
    return "\x40\xFF"s + static_cast<char>(worker) + "the rest of the packet";
  }
  static std::string long_header(std::size_t worker) {
    return "\xE0\x00\x00\x00\x01\x0C\xFF"s + static_cast<char>(worker) + "the rest of the packet";
  }
  static constexpr std::string_view first_packet = "\xC0\x00\x00\x00\x01\x08 a client's first packet"sv;
};

TEST_F(SocketGroupTest, APacketGoesWhereItsIdSays) {
  const auto group = open_group(loopback);
  const UdpSocket client = client_of(group.front());
  for (std::size_t worker = 0; worker < workers; ++worker) {
    EXPECT_EQ(send(client, group, short_header(worker)), worker);
    EXPECT_EQ(send(client, group, long_header(worker)), worker);
  }
}

TEST_F(SocketGroupTest, AndSoItDoesFromAnotherAddress) {
  const auto group = open_group(*base::Address::parse("[::1]:0"));
  for (int address = 0; address < 20; ++address) {
    EXPECT_EQ(send(client_of(group.front()), group, short_header(2)), 2U);
  }
}

TEST_F(SocketGroupTest, TextIsTheFirstWorkers) {
  const auto group = open_group(loopback);
  for (const std::string_view text : {"hi"sv, "Hilmi : Hii"sv, "\xC3\x96zlem : merhaba"sv, "\xFF"sv}) {
    EXPECT_EQ(send(client_of(group.front()), group, text), 0U) << text;
  }
}

TEST_F(SocketGroupTest, AClientsFirstPacketsGoToOneWorkerThoseOfManyToAll) {
  const auto group = open_group(loopback);
  std::set<std::size_t> hit;
  for (int i = 0; i < 100; ++i) {
    const UdpSocket client = client_of(group.front());
    const std::size_t worker = send(client, group, first_packet);
    EXPECT_EQ(send(client, group, first_packet), worker);
    hit.insert(worker);
  }
  EXPECT_EQ(hit.size(), workers);
}

TEST_F(SocketGroupTest, AnIdOfAWorkerThatIsNotThereGoesToSomebody) {
  const auto group = open_group(loopback, 2);
  EXPECT_LT(send(client_of(group.front()), group, short_header(7)), 2U);
}

TEST_F(SocketGroupTest, TheKernelDecidesAsTheSimulatorDoes) {
  const auto group = open_group(loopback);
  const UdpSocket client = client_of(group.front());
  base::SeededRandom random(1);
  for (int i = 0; i < 2000; ++i) {
    base::Bytes bytes(1 + random.below(12));
    random.fill(bytes);
    // Random bytes seldom say anything.
    for (const std::size_t at : {1U, 6U}) {
      if (at < bytes.size() && random.chance(1, 3)) bytes[at] = 0xFF;
      if (at + 1 < bytes.size() && random.chance(1, 2)) bytes[at + 1] %= workers;
    }
    const std::size_t worker = send(client, group, base::as_text(bytes));
    const auto said = wire::steered_worker(bytes);
    if (said && *said < workers) {
      ASSERT_EQ(worker, *said) << i;
    }
  }
}

TEST_F(SocketGroupTest, NobodyElseGetsIn) {
  const auto group = open_group(loopback);
  const base::Address taken = group.front().local();
  for (const std::size_t count : {1U, 4U}) {
    const auto second = UdpSocket::open_group(taken, count);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().error, EADDRINUSE);
  }
  const UdpSocket alone = UdpSocket::open(loopback).value();
  EXPECT_FALSE(UdpSocket::open_group(alone.local(), 4)) << "nor do we get in where somebody is";
}

TEST_F(SocketGroupTest, TheLastOneLeftGetsEverything) {
  auto group = open_group(loopback);
  group.erase(group.begin() + 1, group.end());
  for (std::size_t worker = 0; worker < workers; ++worker) {
    EXPECT_EQ(send(client_of(group.front()), group, short_header(worker)), 0U);
  }
}

}  // namespace

}  // namespace confab::io

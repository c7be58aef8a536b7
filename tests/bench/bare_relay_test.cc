// SPDX-License-Identifier: MIT
#include "bare_relay.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

io::UdpSocket open_member() { return *io::UdpSocket::open(base::Address::v4(127, 0, 0, 1, 0)); }

struct BareRelayTest : testing::Test {
  void say(const io::UdpSocket& member, std::string_view text) {
    sockaddr_storage address;
    const socklen_t size = relay.address().to_sockaddr(address);
    ::sendto(member.fd(), text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&address), size);
    relay.turn(1s);
  }
  /// What has come by now, one datagram after the other.
  static std::string heard(const io::UdpSocket& member) {
    std::string all;
    std::array<char, 100> buffer;
    ssize_t size = 0;
    while ((size = ::recv(member.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT)) >= 0) {
      all += std::string(buffer.data(), static_cast<std::size_t>(size)) + ";";
    }
    return all;
  }

  BareRelay relay = *BareRelay::open(base::Address::v4(127, 0, 0, 1, 0));
};

TEST_F(BareRelayTest, HandsEachDatagramToAllOthersThatHaveSpoken) {
  const io::UdpSocket ann = open_member();
  const io::UdpSocket bob = open_member();
  const io::UdpSocket cem = open_member();
  say(ann, "1");
  say(bob, "2");
  say(cem, "3");
  say(ann, "4");
  EXPECT_EQ(heard(ann), "2;3;");
  EXPECT_EQ(heard(bob), "3;4;");
  EXPECT_EQ(heard(cem), "4;");
}

TEST_F(BareRelayTest, ServesMoreMembersThanOneCallTakes) {
  std::vector<io::UdpSocket> members;
  for (int i = 0; i < 130; ++i) {
    members.push_back(open_member());
    say(members.back(), "here");
  }
  for (const io::UdpSocket& member : members) heard(member);
  say(members.front(), "all");
  for (std::size_t i = 1; i < members.size(); ++i) EXPECT_EQ(heard(members[i]), "all;") << i;
}

}  // namespace
}  // namespace confab::bench

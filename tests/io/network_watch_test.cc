// SPDX-License-Identifier: MIT
#include "io/network_watch.h"

#include <cstring>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "io/loop.h"
#include "io/support.h"

namespace confab::io {

namespace {

using namespace std::chrono_literals;

/// A netlink message with this body.
template <typename Body>
base::Bytes message(std::uint16_t type, const Body& body) {
  nlmsghdr header{};
  header.nlmsg_len = sizeof header + sizeof body;
  header.nlmsg_type = type;
  base::Bytes bytes(NLMSG_ALIGN(header.nlmsg_len));
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &body, sizeof body);
  return bytes;
}

base::Bytes link_message(unsigned change) {
  ifinfomsg body{};
  body.ifi_change = change;
  return message(RTM_NEWLINK, body);
}

base::Bytes route_message(unsigned flags) {
  rtmsg body{};
  body.rtm_flags = flags;
  return message(RTM_NEWROUTE, body);
}

base::Bytes operator+(base::Bytes first, const base::Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

constexpr unsigned scan_results = 0;  // a radio's news: no flag has changed

}  // namespace

TEST(NetworkMessages, AddressesAndRoutesThatComeAndGo) {
  for (const int type : {RTM_NEWADDR, RTM_DELADDR}) {
    EXPECT_TRUE(tells_of_network_change(message(static_cast<std::uint16_t>(type), ifaddrmsg{}))) << type;
  }
  EXPECT_TRUE(tells_of_network_change(route_message(0)));
  EXPECT_TRUE(tells_of_network_change(message(RTM_DELROUTE, rtmsg{})));
  EXPECT_FALSE(tells_of_network_change(route_message(RTM_F_CLONED))) << "a destination's MTU";
  EXPECT_FALSE(tells_of_network_change(message(RTM_NEWNEIGH, ndmsg{})));
}

TEST(NetworkMessages, LinksThatGoUpOrDown) {
  EXPECT_TRUE(tells_of_network_change(link_message(IFF_UP)));
  EXPECT_TRUE(tells_of_network_change(link_message(IFF_RUNNING)));
  EXPECT_TRUE(tells_of_network_change(message(RTM_DELLINK, ifinfomsg{})));
  EXPECT_FALSE(tells_of_network_change(link_message(scan_results)));
  EXPECT_FALSE(tells_of_network_change(link_message(IFF_PROMISC)));
}

TEST(NetworkMessages, AllOfARowAreRead) {
  EXPECT_TRUE(tells_of_network_change(link_message(scan_results) + message(RTM_NEWADDR, ifaddrmsg{})));
  EXPECT_FALSE(tells_of_network_change(link_message(scan_results) + route_message(RTM_F_CLONED)));
}

TEST(NetworkMessages, WhatIsCutOrGarbledTellsNothing) {
  EXPECT_FALSE(tells_of_network_change({}));
  const base::Bytes whole = link_message(scan_results) + route_message(0);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(tells_of_network_change(base::ByteView(whole).first(size))) << size;
  }
  for (const std::uint32_t length : {0U, 1U, 15U, 0xFFFF'FFFFU, 0xFFFF'FFFDU}) {
    base::Bytes lying = whole;
    std::memcpy(lying.data(), &length, sizeof length);
    EXPECT_FALSE(tells_of_network_change(lying)) << length;
  }
}

TEST(Debounce, ABurstIsOneEvent) {
  const base::Instant start(1h);
  Debounce burst;
  EXPECT_EQ(burst.due(), base::never);
  EXPECT_FALSE(burst.take(start));
  for (int i = 0; i < 5; ++i) burst.note(start + i * 50ms);
  EXPECT_EQ(burst.due(), start + 200ms + Debounce::quiet);
  EXPECT_FALSE(burst.take(burst.due() - 1ns));
  EXPECT_TRUE(burst.take(start + 200ms + Debounce::quiet));
  EXPECT_EQ(burst.due(), base::never);
  EXPECT_FALSE(burst.take(start + 10s)) << "once";
}

TEST(Debounce, ABurstThatDoesNotEndIsToldAfterASecond) {
  const base::Instant start(1h);
  Debounce burst;
  for (int i = 0; i < 100; ++i) burst.note(start + i * 50ms);
  EXPECT_EQ(burst.due(), start + Debounce::patience);
  EXPECT_TRUE(burst.take(start + 5s));
  burst.note(start + 6s);
  EXPECT_EQ(burst.due(), start + 6s + Debounce::quiet) << "the next burst has its own second";
}

namespace {

using NetworkWatchTest = IoTest;

constexpr int not_allowed = 99;

/// `ip link set lo up`: which brings addresses and routes, too.
void set_up_loopback() {
  const UdpSocket any = *UdpSocket::open(*base::Address::parse("0.0.0.0:0"));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  ::ioctl(any.fd(), SIOCGIFFLAGS, &request);
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  ::ioctl(any.fd(), SIOCSIFFLAGS, &request);
}

/// In a network of its own: a loop that runs until it is told of a change.
int run_until_the_network_changes() {
  ::alarm(hang_s_max);  // a child does not inherit it
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return not_allowed;
  ScriptedMachine machine;
  Loop loop(machine);
  loop.on_network_change([&loop](base::Now) { loop.stop(0); });
  loop.post([](base::Now) { set_up_loopback(); });
  return loop.run();
}

}  // namespace

TEST_F(NetworkWatchTest, TheLoopTellsThatTheNetworkHasChanged) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_until_the_network_changes());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == not_allowed) GTEST_SKIP() << "no network namespaces for us here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(NetworkWatchTest, WithoutNetlinkTheLoopGoesOn) {
  ScriptedMachine machine;
  Loop loop(machine);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  loop.on_network_change([](base::Now) { FAIL(); });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  loop.post([&loop](base::Now) { loop.stop(0); });
  EXPECT_EQ(loop.run(), 0);
}

}  // namespace confab::io

// SPDX-License-Identifier: MIT
#include "base/address.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace confab::base {
namespace {

// The address as it prints after parsing, or "refused".
std::string read(std::string_view text) {
  const auto address = Address::parse(text);
  return address ? address->to_string() : "refused";
}

TEST(Address, PrintsAsItIsRead) {
  for (const char* text : {"127.0.0.1:2209", "0.0.0.0:0", "255.255.255.255:65535", "[::1]:2209", "[::]:0",
                           "[2001:db8::1]:443", "[fe80::1%7]:5"}) {
    EXPECT_EQ(read(text), text);
  }
}

TEST(Address, HasOneSpelling) {
  EXPECT_EQ(read("[0:0::0:1]:1"), "[::1]:1");
  EXPECT_EQ(read("[2001:DB8::1]:1"), "[2001:db8::1]:1");
}

TEST(Address, Refused) {
  for (const char* text : {"", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3.4: 1",
                           "1.2.3.4:1x", "1.2.3:1", "1.2.3.256:1", "localhost:1", "::1:2209", "[::1]", "[::1:5", "[]:5",
                           "[127.0.0.1]:5", "[::1%]:5", "[::1%no-such-interface]:5"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  EXPECT_EQ(read(std::string_view("1.2.3.4\0x:1", 11)), "refused");
}

TEST(Address, KnowsLoopbackAndUnspecified) {
  EXPECT_TRUE(Address::v4(127, 9, 9, 9, 1).is_loopback());
  EXPECT_TRUE(Address::parse("[::1]:1")->is_loopback());
  EXPECT_FALSE(Address::v4(128, 0, 0, 1, 1).is_loopback());
  EXPECT_FALSE(Address::parse("[::2]:1")->is_loopback());
  EXPECT_FALSE(Address().is_loopback());
  EXPECT_TRUE(Address::parse("0.0.0.0:5")->is_unspecified());
  EXPECT_TRUE(Address::parse("[::]:5")->is_unspecified());
  EXPECT_FALSE(Address::v4(0, 0, 0, 1, 0).is_unspecified());
}

TEST(Address, PassesThroughTheSystemsForm) {
  for (const char* text : {"192.0.2.1:2209", "[fe80::1%7]:2209"}) {
    const Address address = *Address::parse(text);
    sockaddr_storage storage;
    const socklen_t size = address.to_sockaddr(storage);
    EXPECT_EQ(size, address.family == Address::Family::v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    EXPECT_EQ(Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage)), address) << text;
  }
}

TEST(Address, HashTellsApart) {
  std::unordered_set<std::size_t> hashes;
  for (std::uint16_t port = 0; port < 1000; ++port) hashes.insert(AddressHash()(Address::v4(10, 0, 0, 1, port)));
  EXPECT_EQ(hashes.size(), 1000U);
}

}  // namespace
}  // namespace confab::base

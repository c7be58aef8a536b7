// SPDX-License-Identifier: MIT
#include "wire/link.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::wire {
namespace {

// "0123456789abcdef0123456789abcdef", whose base64 other programs agree on.
constexpr char known_fingerprint[] = "SHA256:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

Fingerprint all_bytes(std::uint8_t byte) {
  Fingerprint fingerprint;
  fingerprint.sha256.fill(byte);
  return fingerprint;
}

// A link as one string to compare: "fingerprint? host port room?", or "refused".
std::string read(std::string_view text) {
  const auto link = parse_link(text);
  if (!link) return "refused";
  return (link->fingerprint ? "pinned " : "") + link->host + " " + std::to_string(link->port) +
         (link->room ? " #" + *link->room : "");
}

std::string refusal(std::string_view text) {
  const auto link = parse_link(text);
  return link ? "taken" : link.error();
}

TEST(Fingerprint, IsWrittenAsSshWritesIt) {
  const auto fingerprint = Fingerprint::parse(known_fingerprint);
  ASSERT_TRUE(fingerprint);
  EXPECT_EQ(std::string(fingerprint->sha256.begin(), fingerprint->sha256.end()), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(fingerprint->to_string(), known_fingerprint);
}

TEST(Fingerprint, IsReadWithPaddingAndInBothAlphabets) {
  const std::string standard = "SHA256:" + std::string(42, '/') + "8";
  EXPECT_EQ(all_bytes(0xFF).to_string(), standard);
  EXPECT_EQ(Fingerprint::parse(standard), all_bytes(0xFF));
  EXPECT_EQ(Fingerprint::parse("SHA256:" + std::string(42, '_') + "8"), all_bytes(0xFF));
  EXPECT_EQ(Fingerprint::parse(standard + "="), all_bytes(0xFF));
  EXPECT_EQ(Fingerprint::parse("SHA256:" + std::string(20, '-') + std::string(22, '+') + "8"),
            Fingerprint::parse("SHA256:" + std::string(42, '+') + "8"));
}

TEST(Fingerprint, OneValueHasOneSpelling) {
  EXPECT_FALSE(Fingerprint::parse("SHA256:" + std::string(42, '/') + "9"));  // bits beyond the 32nd byte
}

TEST(Fingerprint, Refused) {
  const std::string good(known_fingerprint);
  EXPECT_FALSE(Fingerprint::parse(""));
  EXPECT_FALSE(Fingerprint::parse("SHA256:"));
  EXPECT_FALSE(Fingerprint::parse(good.substr(7)));
  EXPECT_FALSE(Fingerprint::parse("sha256:" + good.substr(7)));
  EXPECT_FALSE(Fingerprint::parse(good + "=="));
  EXPECT_FALSE(Fingerprint::parse(good + "A"));
  EXPECT_FALSE(Fingerprint::parse(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(Fingerprint::parse(good.substr(0, good.size() - 1) + "*"));
  EXPECT_FALSE(Fingerprint::parse(good.substr(0, good.size() - 1) + "\xC3"));
}

TEST(Link, BareTargets) {
  EXPECT_EQ(read("localhost"), "localhost 2209");
  EXPECT_EQ(read("Chat.Example.org:4433"), "chat.example.org 4433");
  EXPECT_EQ(read("127.0.0.1:2209"), "127.0.0.1 2209");
  EXPECT_EQ(read("[::1]"), "::1 2209");
  EXPECT_EQ(read("[::1]:65535"), "::1 65535");
}

TEST(Link, WholeLinks) {
  EXPECT_EQ(read("confab://localhost"), "localhost 2209");
  EXPECT_EQ(read("CONFAB://localhost/"), "localhost 2209");
  EXPECT_EQ(read("confab://localhost:1/lobby"), "localhost 1 #lobby");
  EXPECT_EQ(read("confab://[2001:DB8::1]:443/Gärten"), "2001:db8::1 443 #gärten");
  EXPECT_EQ(read("confab://localhost/#Lobby"), "localhost 2209 #lobby");
  EXPECT_EQ(read("confab://" + std::string(known_fingerprint) + "@localhost/lobby"), "pinned localhost 2209 #lobby");
}

TEST(Link, FingerprintWithASlashDoesNotBeginTheRoom) {
  const auto link = parse_link("confab://" + all_bytes(0xFF).to_string() + "@host:1/lobby");
  ASSERT_TRUE(link);
  EXPECT_EQ(link->fingerprint, all_bytes(0xFF));
  EXPECT_EQ(link->room, "lobby");
}

TEST(Link, Ipv6HasOneSpelling) {
  EXPECT_EQ(read("[0:0:0:0:0:0:0:1]:5"), "::1 5");
  EXPECT_EQ(read("[2001:0DB8::0001]"), "2001:db8::1 2209");
  EXPECT_EQ(read("[::ffff:1.2.3.4]"), "::ffff:1.2.3.4 2209");
  EXPECT_EQ(read("[fe80::1%Eth0]:5"), "fe80::1%Eth0 5");
}

TEST(Link, RefusalsSayWhatIsWrong) {
  const std::string port = "A port is a number from 1 to 65535.";
  EXPECT_EQ(refusal(""), "The address names no host.");
  EXPECT_EQ(refusal("confab://"), "The address names no host.");
  EXPECT_EQ(refusal(":2209"), "The address names no host.");
  EXPECT_EQ(refusal("host:0"), port);
  EXPECT_EQ(refusal("host:65536"), port);
  EXPECT_EQ(refusal("host:"), port);
  EXPECT_EQ(refusal("host:22x"), port);
  EXPECT_EQ(refusal("::1"), "An IPv6 address is written in brackets: [::1]:2209.");
  EXPECT_EQ(refusal("[::1"), "The bracket '[' is not closed.");
  EXPECT_EQ(refusal("[::1]2209"), "After the host stands nothing, or ':' and a port.");
  EXPECT_EQ(refusal("[127.0.0.1]"), "What stands in the brackets is no IPv6 address.");
  EXPECT_EQ(refusal("[::1%]"), "What stands in the brackets is no IPv6 address.");
  EXPECT_EQ(refusal("[::1%a/b]"), "What stands in the brackets is no IPv6 address.");
  EXPECT_EQ(refusal("https://host"), "A link to a Confab server begins with confab://.");
  EXPECT_EQ(refusal("confab://me@host"), "Before the '@' stands a fingerprint, SHA256: and 43 characters.");
  EXPECT_EQ(refusal("confab://host/two words"), "A room's name is letters, digits, '-', '_' and '.' only.");
  EXPECT_EQ(refusal("confab://" + std::string(known_fingerprint) + "@host/@ryo : hilmi"),
            "A link leads to a room that everybody may join.");
}

TEST(Link, RefusedHosts) {
  EXPECT_EQ(read("host/lobby"), "refused");  // a bare target has no room
  EXPECT_EQ(read("ho st"), "refused");
  EXPECT_EQ(read("höst"), "refused");
  EXPECT_EQ(read(std::string_view("ho\0st", 5)), "refused");
  EXPECT_EQ(read(std::string_view("[::1\0]:5", 8)), "refused");
  EXPECT_EQ(read("host\n"), "refused");
  EXPECT_EQ(read("\x1B[31mhost"), "refused");
  EXPECT_EQ(read(std::string(254, 'a')), "refused");
}

TEST(Link, TargetIsTheKeyOfKnownHosts) {
  EXPECT_EQ(parse_link("Example.org")->target(), "example.org:2209");
  EXPECT_EQ(parse_link("confab://[::1]:5/lobby")->target(), "[::1]:5");
}

TEST(Link, PrintedLinkReadsBackToTheSame) {
  base::SeededRandom random(1);
  const std::array<std::string, 4> hosts{"localhost", "10.0.0.1", "::1", "fe80::1%eth0"};
  for (int round = 0; round < 1000; ++round) {
    Link link;
    link.host = hosts[random.below(hosts.size())];
    link.port = static_cast<std::uint16_t>(1 + random.below(65535));
    if (random.chance(1, 2)) random.fill(link.fingerprint.emplace().sha256);
    if (random.chance(1, 2)) link.room = "raum-ä.1";
    const std::string text = link.to_string();
    ASSERT_EQ(parse_link(text), link) << text;
    ASSERT_EQ(text.find('/', 9) == std::string::npos, !link.room) << "the only '/' begins the room: " << text;
  }
}

}  // namespace
}  // namespace confab::wire

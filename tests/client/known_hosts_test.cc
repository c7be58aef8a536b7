// SPDX-License-Identifier: MIT
#include "client/known_hosts.h"

#include <gtest/gtest.h>

namespace confab::client {
namespace {

wire::Fingerprint fingerprint(std::uint8_t byte) {
  wire::Fingerprint result;
  result.sha256.fill(byte);
  return result;
}

wire::Link link(const std::string& text) { return *wire::parse_link(text); }

TEST(KnownHosts, ReadsWhatItWrites) {
  const std::string file = KnownHosts::line("chat.example:2209", fingerprint(1)) + "\n" +
                           KnownHosts::line("[::1]:2209", fingerprint(2)) + "\n";
  const KnownHosts hosts(file);
  EXPECT_EQ(hosts.find("chat.example:2209"), fingerprint(1));
  EXPECT_EQ(hosts.find("[::1]:2209"), fingerprint(2));
  EXPECT_EQ(hosts.find("chat.example:1"), std::nullopt);
  EXPECT_TRUE(hosts.bad_lines().empty());
}

TEST(KnownHosts, TakesCommentsEmptyLinesAndForeignLineEnds) {
  const KnownHosts hosts("# mine\r\n\r\n" + KnownHosts::line("a:1", fingerprint(3)) + "\r\n");
  EXPECT_EQ(hosts.find("a:1"), fingerprint(3));
  EXPECT_TRUE(hosts.bad_lines().empty());
}

TEST(KnownHosts, TheLastLineOfATargetCounts) {
  const KnownHosts hosts(KnownHosts::line("a:1", fingerprint(1)) + "\n" + KnownHosts::line("a:1", fingerprint(2)));
  EXPECT_EQ(hosts.find("a:1"), fingerprint(2));
}

TEST(KnownHosts, ReportsWhatItCannotRead) {
  const KnownHosts hosts(std::string("nonsense\na:1 SHA256:short\n\xff\xfe \0x\n", 32) +
                         KnownHosts::line("b:1", fingerprint(1)));
  EXPECT_EQ(hosts.bad_lines(), (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_EQ(hosts.find("b:1"), fingerprint(1));
}

TEST(Judge, AFingerprintInTheLinkDecidesAlone) {
  KnownHosts hosts;
  hosts.add("h:2209", fingerprint(9));
  wire::Link pinned = link("h");
  pinned.fingerprint = fingerprint(1);
  EXPECT_EQ(judge(pinned, hosts, fingerprint(1), false, false), TrustAnswer::trusted);
  EXPECT_EQ(judge(pinned, hosts, fingerprint(9), true, true), TrustAnswer::changed);
}

TEST(Judge, APinGoesBeforeAuthoritiesAndFirstContact) {
  KnownHosts hosts;
  hosts.add("h:2209", fingerprint(1));
  EXPECT_EQ(judge(link("h"), hosts, fingerprint(1), false, false), TrustAnswer::trusted);
  EXPECT_EQ(judge(link("h"), hosts, fingerprint(2), true, true), TrustAnswer::changed);
}

TEST(Judge, WithoutAPinAnAuthorityOrAWillingUserIsNeeded) {
  const KnownHosts hosts;
  EXPECT_EQ(judge(link("h"), hosts, fingerprint(1), false, false), TrustAnswer::unknown);
  EXPECT_EQ(judge(link("h"), hosts, fingerprint(1), true, false), TrustAnswer::trusted);
  EXPECT_EQ(judge(link("h"), hosts, fingerprint(1), false, true), TrustAnswer::trusted);
}

}  // namespace
}  // namespace confab::client

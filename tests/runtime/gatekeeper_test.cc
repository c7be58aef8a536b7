// SPDX-License-Identifier: MIT
#include "runtime/gatekeeper.h"

#include <gtest/gtest.h>

#include "temp_home.h"

namespace confab::runtime {
namespace {

net::PeerCertificate shows(std::uint8_t byte, bool ca_signed = false) {
  net::PeerCertificate certificate{.fingerprint = {}, .ca_signed = ca_signed};
  certificate.fingerprint.sha256.fill(byte);
  return certificate;
}

struct GatekeeperScript : ::testing::Test {
  TempHome home;
  Profile profile = *Profile::open(home.path);
  wire::Link server = *wire::parse_link("chat.example");
};

TEST_F(GatekeeperScript, FirstContactOfTheWillingIsPinned) {
  Gatekeeper willing(server, profile, true);
  EXPECT_TRUE(willing.trust(shows(1)));
  Gatekeeper later(server, profile, true);
  EXPECT_TRUE(later.trust(shows(1)));
  EXPECT_FALSE(later.trust(shows(2))) << "willing or not: this one is another";
  EXPECT_EQ(later.last_answer(), client::TrustAnswer::changed);
  EXPECT_NE(later.complaint().find("THE KEY OF chat.example:2209 HAS CHANGED"), std::string::npos);
}

TEST_F(GatekeeperScript, AnUnknownKeyIsRefusedUntilAccepted) {
  Gatekeeper careful(server, profile, false);
  EXPECT_FALSE(careful.trust(shows(1)));
  EXPECT_EQ(careful.last_answer(), client::TrustAnswer::unknown);
  EXPECT_NE(careful.complaint().find("--accept-new"), std::string::npos);
  careful.accept();
  EXPECT_TRUE(careful.trust(shows(1)));
  EXPECT_EQ(careful.complaint(), "");
}

TEST_F(GatekeeperScript, WhatAnAuthorityVouchesForIsNotPinned) {
  Gatekeeper careful(server, profile, false);
  EXPECT_TRUE(careful.trust(shows(1, true)));
  EXPECT_TRUE(careful.trust(shows(2, true))) << "its key may change";
}

TEST_F(GatekeeperScript, TheLinksFingerprintIsNotWrittenDown) {
  server.fingerprint = shows(1).fingerprint;
  Gatekeeper gatekeeper(server, profile, true);
  EXPECT_TRUE(gatekeeper.trust(shows(1)));
  EXPECT_EQ(profile.known_hosts().find(server.target()), std::nullopt);
  EXPECT_FALSE(gatekeeper.trust(shows(2)));
  EXPECT_NE(gatekeeper.complaint().find("not the one in the link"), std::string::npos);
}

}  // namespace
}  // namespace confab::runtime

// SPDX-License-Identifier: MIT
#include "net/tls.h"

#include <gtest/gtest.h>

#include "net/certificate.h"

namespace confab::net {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

base::WallTime day(std::int64_t days, std::int64_t ms = 0) { return {1'700'000'000'000 + days * day_ms + ms}; }

TEST(ServerTls, CertificateIsRenewedWhenItIsTenDaysOld) {
  const ServerKey key = ServerKey::generate();
  ServerTls tls(key);
  tls.open(day(0));
  EXPECT_EQ(tls.certificate_issued(), day(0));
  tls.open(day(10, -1));
  EXPECT_EQ(tls.certificate_issued(), day(0));
  tls.open(day(10));
  EXPECT_EQ(tls.certificate_issued(), day(10));
  tls.open(day(19));
  EXPECT_EQ(tls.certificate_issued(), day(10));
}

TEST(ServerTls, CertificateFollowsAClockThatWasPutBack) {
  const ServerKey key = ServerKey::generate();
  ServerTls tls(key);
  tls.open(day(5));
  tls.open(day(5, -60'000));
  EXPECT_EQ(tls.certificate_issued(), day(5)) << "still valid: it is backdated";
  tls.open(day(4));
  EXPECT_EQ(tls.certificate_issued(), day(4));
}

}  // namespace
}  // namespace confab::net

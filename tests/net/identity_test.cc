// SPDX-License-Identifier: MIT
#include "net/identity.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "net/certificate.h"

namespace confab::net {
namespace {

using base::as_bytes;

TEST(ServerKey, SurvivesItsPem) {
  const ServerKey key = ServerKey::generate();
  const std::string pem = key.to_pem();
  EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
  const auto again = ServerKey::from_pem(pem);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->fingerprint(), key.fingerprint());
  EXPECT_EQ(again->to_pem(), pem);
}

/// The key and its fingerprint by another hand: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, then
/// `openssl pkey -pubout -outform DER | sha256sum`.
TEST(ServerKey, FingerprintIsOfTheSubjectPublicKeyInfo) {
  const auto key = ServerKey::from_pem(R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+g8EzmTszl9M1ReQ
IJS4nZNhAsqnzF+78MLZapUOAa6hRANCAAT7xv5LpJQK1VlGZPVOJvrxZOYcIWlI
bvY8vGBIToRTmwKR5HMXR0fc0iEk9EdWYLoLR7nEAbENG9yRQRNRsOZ0
-----END PRIVATE KEY-----
)");
  ASSERT_TRUE(key) << key.error();
  constexpr std::uint8_t expected[] = {0x29, 0x89, 0x80, 0xc4, 0xf4, 0x42, 0xf1, 0x86, 0xdf, 0x77, 0x8e,
                                       0xbe, 0x91, 0xe6, 0x03, 0x9b, 0x63, 0xc7, 0xf3, 0xf4, 0xe0, 0x41,
                                       0x07, 0xa4, 0xb0, 0x35, 0x9f, 0x8a, 0x3a, 0xd0, 0x37, 0x7a};
  EXPECT_TRUE(std::ranges::equal(key->fingerprint().sha256, expected));
}

TEST(ServerKey, RefusesWhatIsNoKeyOfItsKind) {
  EXPECT_FALSE(ServerKey::from_pem(""));
  EXPECT_FALSE(ServerKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  const auto other_kind = ServerKey::from_pem(UserKey::generate().to_pem());
  ASSERT_FALSE(other_kind);
  EXPECT_EQ(other_kind.error(), "this private key is not an ECDSA P-256 key");
}

TEST(ServerKey, EachIsAnother) { EXPECT_NE(ServerKey::generate().fingerprint(), ServerKey::generate().fingerprint()); }

TEST(UserKey, SurvivesItsPem) {
  const UserKey key = UserKey::generate();
  const auto again = UserKey::from_pem(key.to_pem());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->public_key(), key.public_key());
  EXPECT_EQ(again->sign(as_bytes("x")), key.sign(as_bytes("x"))) << "Ed25519 signatures are deterministic";
}

TEST(UserKey, RefusesAServersKey) { EXPECT_FALSE(UserKey::from_pem(ServerKey::generate().to_pem())); }

TEST(UserKey, SignatureHoldsForItsMessageAndKeyAlone) {
  const UserKey key = UserKey::generate();
  Signature signature = key.sign(as_bytes("Hii"));
  EXPECT_TRUE(verify(key.public_key(), as_bytes("Hii"), signature));
  EXPECT_FALSE(verify(key.public_key(), as_bytes("hii"), signature));
  EXPECT_FALSE(verify(UserKey::generate().public_key(), as_bytes("Hii"), signature));
  signature[10] ^= 1;
  EXPECT_FALSE(verify(key.public_key(), as_bytes("Hii"), signature));
  PublicKey no_point{};
  no_point.fill(0xFF);
  EXPECT_FALSE(verify(no_point, as_bytes("Hii"), signature));
}

/// RFC 8032, section 7.1, test 2.
TEST(UserKey, AgreesWithTheStandard) {
  constexpr PublicKey key{0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a,
                          0xa7, 0x4d, 0x1b, 0x7e, 0xbc, 0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4,
                          0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c};
  constexpr Signature signature{0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
                                0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
                                0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
                                0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
                                0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00};
  EXPECT_TRUE(verify(key, as_bytes("\x72"), signature));
  EXPECT_FALSE(verify(key, as_bytes("\x73"), signature));
}

TEST(Certificate, IsValidFor14DaysFromAnHourAgo) {
  constexpr base::WallTime now{1'700'000'000'000};
  X509Key key = make_handle<X509Key>(gnutls_x509_privkey_init);
  ASSERT_EQ(
      gnutls_x509_privkey_generate(key.get(), GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
  const X509Certificate certificate = issue_certificate(key.get(), now);
  EXPECT_EQ(gnutls_x509_crt_get_activation_time(certificate.get()), 1'700'000'000 - 3600);
  EXPECT_EQ(gnutls_x509_crt_get_expiration_time(certificate.get()), 1'700'000'000 - 3600 + 14 * 86'400 - 1);
  EXPECT_EQ(gnutls_x509_crt_get_version(certificate.get()), 3);
  EXPECT_EQ(fingerprint_of(certificate.get()), fingerprint_of(key.get()));
}

TEST(ServerKey, DerivesTheSameSecretAfterARestartAndAnotherForAnotherUse) {
  const ServerKey key = ServerKey::generate();
  const auto again = ServerKey::from_pem(key.to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(key.derive_secret("a"), again->derive_secret("a"));
  EXPECT_NE(key.derive_secret("a"), key.derive_secret("b"));
  EXPECT_NE(key.derive_secret("a"), ServerKey::generate().derive_secret("a"));
}

}  // namespace
}  // namespace confab::net

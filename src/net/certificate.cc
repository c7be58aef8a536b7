// SPDX-License-Identifier: MIT
#include "net/certificate.h"

#include <array>

#include <gnutls/crypto.h>

namespace confab::net {

namespace {

constexpr char subject[] = "CN=confab";

/// Certificates of one issuer must differ in their serial numbers (RFC 5280, section 4.1.2.2): the time of issue does.
std::array<std::uint8_t, 8> serial_number(base::WallTime now) {
  std::array<std::uint8_t, 8> serial;
  auto rest = static_cast<std::uint64_t>(now.unix_ms);
  for (auto byte = serial.rbegin(); byte != serial.rend(); ++byte, rest >>= 8) *byte = static_cast<std::uint8_t>(rest);
  serial[0] &= 0x7F;  // else it would read as negative
  return serial;
}

std::optional<wire::Fingerprint> hash_of(gnutls_pubkey_t key) {
  OutDatum spki;
  if (gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, spki.out()) < 0) return std::nullopt;
  wire::Fingerprint fingerprint;
  require(gnutls_hash_fast(GNUTLS_DIG_SHA256, spki.view().data(), spki.view().size(), fingerprint.sha256.data()),
          "SHA-256");
  return fingerprint;
}

}  // namespace

X509Certificate issue_certificate(gnutls_x509_privkey_t key, base::WallTime now) {
  auto certificate = make_handle<X509Certificate>(gnutls_x509_crt_init);
  const auto serial = serial_number(now);
  const std::time_t from = static_cast<std::time_t>(now.unix_ms / 1000) - certificate_backdating.count();
  // Both ends of the period belong to it.
  const std::time_t until = from + certificate_validity.count() - 1;
  require(gnutls_x509_crt_set_version(certificate.get(), 3), "certificate version");
  require(gnutls_x509_crt_set_serial(certificate.get(), serial.data(), serial.size()), "certificate serial");
  require(gnutls_x509_crt_set_dn(certificate.get(), subject, nullptr), "certificate subject");
  require(gnutls_x509_crt_set_activation_time(certificate.get(), from), "certificate start");
  require(gnutls_x509_crt_set_expiration_time(certificate.get(), until), "certificate end");
  require(gnutls_x509_crt_set_key(certificate.get(), key), "certificate key");
  require(gnutls_x509_crt_set_key_usage(certificate.get(), GNUTLS_KEY_DIGITAL_SIGNATURE), "certificate usage");
  require(gnutls_x509_crt_set_key_purpose_oid(certificate.get(), GNUTLS_KP_TLS_WWW_SERVER, 0), "certificate purpose");
  require(gnutls_x509_crt_sign2(certificate.get(), certificate.get(), key, GNUTLS_DIG_SHA256, 0),
          "certificate signature");
  return certificate;
}

wire::Fingerprint fingerprint_of(gnutls_x509_privkey_t key) {
  auto private_key = make_handle<PrivateKeyHandle>(gnutls_privkey_init);
  require(gnutls_privkey_import_x509(private_key.get(), key, 0), "private key");
  auto public_key = make_handle<PublicKeyHandle>(gnutls_pubkey_init);
  require(gnutls_pubkey_import_privkey(public_key.get(), private_key.get(), 0, 0), "public key");
  return hash_of(public_key.get()).value();
}

std::optional<wire::Fingerprint> fingerprint_of(gnutls_x509_crt_t certificate) {
  auto public_key = make_handle<PublicKeyHandle>(gnutls_pubkey_init);
  if (gnutls_pubkey_import_x509(public_key.get(), certificate, 0) < 0) return std::nullopt;
  return hash_of(public_key.get());
}

}  // namespace confab::net

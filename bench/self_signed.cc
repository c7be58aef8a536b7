// SPDX-License-Identifier: MIT
#include "self_signed.h"

#include "io/clock.h"
#include "io/files.h"
#include "net/certificate.h"

namespace confab::bench {

namespace {

net::X509Key make_key() {
  auto key = net::make_handle<net::X509Key>(gnutls_x509_privkey_init);
  net::require(
      gnutls_x509_privkey_generate(key.get(), GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
      "a key for a peer");
  return key;
}

std::string key_pem(gnutls_x509_privkey_t key) {
  net::OutDatum pem;
  net::require(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, pem.out()), "a peer's key as PEM");
  return std::string(base::as_text(pem.view()));
}

std::string certificate_pem(gnutls_x509_crt_t certificate) {
  net::OutDatum pem;
  net::require(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, pem.out()), "a certificate as PEM");
  return std::string(base::as_text(pem.view()));
}

}  // namespace

std::expected<CertificateFiles, std::string> make_certificate(const std::filesystem::path& directory) {
  const net::X509Key key = make_key();
  const net::X509Certificate certificate = net::issue_certificate(key.get(), io::read_clocks().wall);
  CertificateFiles files{.certificate = directory / "certificate.pem", .key = directory / "key.pem"};
  auto written = io::create_file(files.key.string(), key_pem(key.get()));
  if (written) written = io::create_file(files.certificate.string(), certificate_pem(certificate.get()));
  if (!written) return std::unexpected(written.error().text);
  return files;
}

}  // namespace confab::bench

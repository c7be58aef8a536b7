// SPDX-License-Identifier: MIT
#include "net/identity.h"

#include <algorithm>
#include <cassert>

#include <gnutls/crypto.h>

#include "net/certificate.h"
#include "net/server_key.h"

namespace confab::net {

namespace {

X509Key generate_key(gnutls_pk_algorithm_t algorithm, gnutls_ecc_curve_t curve) {
  auto key = make_handle<X509Key>(gnutls_x509_privkey_init);
  require(gnutls_x509_privkey_generate(key.get(), algorithm, GNUTLS_CURVE_TO_BITS(curve), 0), "cannot make a key");
  return key;
}

std::string export_pem(gnutls_x509_privkey_t key) {
  OutDatum pem;
  // PKCS #8 is the one form that holds both kinds of key and that every tool reads.
  require(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, pem.out()), "key");
  return std::string(base::as_text(pem.view()));
}

gnutls_ecc_curve_t curve_of(gnutls_x509_privkey_t key) {
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  OutDatum x;
  OutDatum y;
  OutDatum secret;
  if (gnutls_x509_privkey_export_ecc_raw(key, &curve, x.out(), y.out(), secret.out()) < 0) {
    return GNUTLS_ECC_CURVE_INVALID;
  }
  return curve;
}

std::expected<X509Key, std::string> import_pem(std::string_view pem, gnutls_ecc_curve_t curve, const char* kind) {
  auto key = make_handle<X509Key>(gnutls_x509_privkey_init);
  const gnutls_datum_t datum = to_datum(base::as_bytes(pem));
  const int result = gnutls_x509_privkey_import2(key.get(), &datum, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN);
  if (result < 0) return std::unexpected("this is no private key in PEM form: " + std::string(gnutls_strerror(result)));
  if (curve_of(key.get()) != curve) return std::unexpected("this private key is not an " + std::string(kind) + " key");
  return key;
}

}  // namespace

ServerKey::ServerKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ServerKey::ServerKey(ServerKey&&) noexcept = default;
ServerKey& ServerKey::operator=(ServerKey&&) noexcept = default;
ServerKey::~ServerKey() = default;

std::array<std::uint8_t, 32> ServerKey::derive_secret(std::string_view label) const {
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  OutDatum x;
  OutDatum y;
  OutDatum secret;
  require(gnutls_x509_privkey_export_ecc_raw(impl_->key.get(), &curve, x.out(), y.out(), secret.out()), "key");
  std::array<std::uint8_t, 32> derived{};
  const base::ByteView key = secret.view();
  require(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.data(), key.size(), label.data(), label.size(), derived.data()),
          "HMAC");
  return derived;
}

ServerKey ServerKey::generate() {
  X509Key key = generate_key(GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1);
  const wire::Fingerprint fingerprint = fingerprint_of(key.get());
  return ServerKey(std::make_unique<Impl>(Impl{std::move(key), fingerprint}));
}

std::expected<ServerKey, std::string> ServerKey::from_pem(std::string_view pem) {
  auto key = import_pem(pem, GNUTLS_ECC_CURVE_SECP256R1, "ECDSA P-256");
  if (!key) return std::unexpected(key.error());
  const wire::Fingerprint fingerprint = fingerprint_of(key->get());
  return ServerKey(std::make_unique<Impl>(Impl{std::move(*key), fingerprint}));
}

std::string ServerKey::to_pem() const { return export_pem(impl_->key.get()); }

wire::Fingerprint ServerKey::fingerprint() const { return impl_->fingerprint; }

/// Invariant: `key` is Ed25519 and `public_key` belongs to it. `signer` is the same key in the form that signs.
struct UserKey::Impl {
  explicit Impl(X509Key from) : key(std::move(from)), signer(make_handle<PrivateKeyHandle>(gnutls_privkey_init)) {
    require(gnutls_privkey_import_x509(signer.get(), key.get(), 0), "private key");
    gnutls_ecc_curve_t curve;
    OutDatum x;
    OutDatum y;
    OutDatum secret;
    require(gnutls_x509_privkey_export_ecc_raw(key.get(), &curve, x.out(), y.out(), secret.out()), "public key");
    assert(x.view().size() == public_key.size());
    std::copy_n(x.view().begin(), public_key.size(), public_key.begin());
  }

  X509Key key;
  PrivateKeyHandle signer;
  PublicKey public_key;
};

UserKey::UserKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UserKey::UserKey(UserKey&&) noexcept = default;
UserKey& UserKey::operator=(UserKey&&) noexcept = default;
UserKey::~UserKey() = default;

UserKey UserKey::generate() {
  return UserKey(std::make_unique<Impl>(generate_key(GNUTLS_PK_EDDSA_ED25519, GNUTLS_ECC_CURVE_ED25519)));
}

std::expected<UserKey, std::string> UserKey::from_pem(std::string_view pem) {
  auto key = import_pem(pem, GNUTLS_ECC_CURVE_ED25519, "Ed25519");
  if (!key) return std::unexpected(key.error());
  return UserKey(std::make_unique<Impl>(std::move(*key)));
}

std::string UserKey::to_pem() const { return export_pem(impl_->key.get()); }

PublicKey UserKey::public_key() const { return impl_->public_key; }

Signature UserKey::sign(base::ByteView message) const {
  const gnutls_datum_t datum = to_datum(message);
  OutDatum out;
  require(gnutls_privkey_sign_data2(impl_->signer.get(), GNUTLS_SIGN_EDDSA_ED25519, 0, &datum, out.out()),
          "cannot sign");
  Signature signature;
  assert(out.view().size() == signature.size());
  std::copy_n(out.view().begin(), signature.size(), signature.begin());
  return signature;
}

bool verify(const PublicKey& key, base::ByteView message, const Signature& signature) {
  auto handle = make_handle<PublicKeyHandle>(gnutls_pubkey_init);
  const gnutls_datum_t x = to_datum(key);
  if (gnutls_pubkey_import_ecc_raw(handle.get(), GNUTLS_ECC_CURVE_ED25519, &x, nullptr) < 0) return false;
  const gnutls_datum_t data = to_datum(message);
  const gnutls_datum_t proof = to_datum(signature);
  return gnutls_pubkey_verify_data2(handle.get(), GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &proof) >= 0;
}

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// Keys: the server's (ECDSA P-256, shown by its fingerprint) and a user's (Ed25519). All of the cryptography is
// GnuTLS's.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/link.h"

namespace confab::net {

/// The server's identity. The certificate is made from the key when it is needed and anew when it is 10 days old
/// (browsers take pinned self-signed certificates for 14 at most); peers pin the key, so they never notice.
class ServerKey {
 public:
  /// A new random key.
  static ServerKey generate();
  /// PEM as to_pem() writes it; the error is a sentence for people.
  static std::expected<ServerKey, std::string> from_pem(std::string_view pem);

  std::string to_pem() const;
  wire::Fingerprint fingerprint() const;
  /// 32 bytes that only the holder of the key can make, the same at every call: HMAC-SHA256 of `label` under the key.
  /// The next process on the same key knows them too.
  std::array<std::uint8_t, 32> derive_secret(std::string_view label) const;

  ServerKey(ServerKey&&) noexcept;
  ServerKey& operator=(ServerKey&&) noexcept;
  ~ServerKey();

 private:
  friend class ServerTls;
  struct Impl;
  explicit ServerKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// A user's Ed25519 key pair.
class UserKey {
 public:
  static UserKey generate();
  static std::expected<UserKey, std::string> from_pem(std::string_view pem);

  std::string to_pem() const;
  PublicKey public_key() const;
  Signature sign(base::ByteView message) const;

  UserKey(UserKey&&) noexcept;
  UserKey& operator=(UserKey&&) noexcept;
  ~UserKey();

 private:
  struct Impl;
  explicit UserKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// False for a wrong signature and for bytes that are no key. A key of small order (all zeros, for one), for which
/// anybody can sign, is not told apart: whoever takes a name with it has given the name away.
bool verify(const PublicKey& key, base::ByteView message, const Signature& signature);

}  // namespace confab::net

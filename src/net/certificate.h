// SPDX-License-Identifier: MIT
// The server's self-signed certificate: a wrapping of its key that TLS demands and browsers limit to 14 days.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"
#include "net/gnutls_handles.h"
#include "wire/link.h"

namespace confab::net {

/// Browsers refuse a pinned self-signed certificate that is valid for longer (W3C WebTransport, section 7.1).
inline constexpr std::chrono::seconds certificate_validity = std::chrono::days(14);
/// Clocks of clients are off by less than this, one hopes.
inline constexpr std::chrono::seconds certificate_backdating = std::chrono::hours(1);
/// Leaves four days in which a client that has just seen the old certificate may still use it.
inline constexpr std::chrono::seconds certificate_renewal_age = std::chrono::days(10);

/// Valid from certificate_backdating before `now`, for certificate_validity.
X509Certificate issue_certificate(gnutls_x509_privkey_t key, base::WallTime now);

/// Of the SubjectPublicKeyInfo, so it is the key's, whatever certificate the key stands in.
wire::Fingerprint fingerprint_of(gnutls_x509_privkey_t key);
/// nullopt for a certificate (of a stranger, perhaps) that holds no key that GnuTLS can read.
std::optional<wire::Fingerprint> fingerprint_of(gnutls_x509_crt_t certificate);

}  // namespace confab::net

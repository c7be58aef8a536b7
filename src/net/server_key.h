// SPDX-License-Identifier: MIT
// What a ServerKey holds, for identity.cc and for the TLS side that signs with it.
#pragma once

#include "net/gnutls_handles.h"
#include "net/identity.h"

namespace confab::net {

/// Invariant: `key` is an ECDSA key on P-256.
struct ServerKey::Impl {
  X509Key key;
  wire::Fingerprint fingerprint;
};

}  // namespace confab::net

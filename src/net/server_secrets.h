// SPDX-License-Identifier: MIT
// What tickets and tokens are made from, and which early data have been seen. The endpoints of one server share it.
#pragma once

#include <array>
#include <cstdint>

#include "net/gnutls_handles.h"
#include "net/replay_guard.h"

namespace confab::net {

/// Thread-safe: nothing but `flights` changes, and that has a lock. Ends with the process: after a restart clients make
/// a full handshake.
struct ServerSecrets {
  ServerSecrets();

  std::array<std::uint8_t, 32> retry;  ///< address validation (RFC 9000, section 8.1.2)
  OutDatum ticket_key;                 ///< seals tickets; GnuTLS derives a new key from it every three days
  FlightLog flights;
};

}  // namespace confab::net

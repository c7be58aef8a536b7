// SPDX-License-Identifier: MIT
// What a client keeps of a connection so that the next one to the same server begins faster: opaque bytes to everybody
// else (events::Resumption, ConnectOptions.resumption).
//
//   resumption  = version fingerprint ca_signed name parameters session checksum
//   version     = %x01
//   fingerprint = 32 octets          the key that the server proved in its last full handshake
//   ca_signed   = %x00 / %x01        and what the system's authorities said of it, then
//   name        = sized              ConnectOptions.server_name
//   parameters  = sized              QUIC transport parameters that early data keep to (RFC 9000, section 7.4.1)
//   session     = sized              GnuTLS's session data, with the ticket and the secret that belongs to it
//   sized       = size octets        size: two octets, big-endian
//   checksum    = 32 octets          SHA-256 of all before it: what a disk has garbled is not shown to GnuTLS
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "net/transport.h"

namespace confab::net {

struct Resumption {
  PeerCertificate server;
  std::string server_name;
  base::Bytes transport_parameters;
  base::Bytes session;
};

/// Empty where a part is longer than 65,535 octets.
base::Bytes write_resumption(const Resumption& resumption);

/// nullopt for what write_resumption() has not written.
std::optional<Resumption> read_resumption(base::ByteView bytes);

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// What ngtcp2 calls: the crypto library's functions where they exist, ours for all that an application is told.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ngtcp2/ngtcp2.h>

namespace confab::net {

extern const ngtcp2_callbacks server_callbacks;
extern const ngtcp2_callbacks client_callbacks;

/// ngtcp2_qlog_write: a client counts its losses (net/loss_counter.h).
void client_qlog_write(void* user_data, std::uint32_t flags, const void* record, std::size_t size);

/// Packet buffers have this size whatever the path takes at the moment, else path MTU discovery (RFC 8899) never rises.
/// The largest size that ngtcp2 probes: Ethernet's 1,500 less the headers of IPv6 and UDP.
inline constexpr std::size_t packet_bytes_max = NGTCP2_MAX_PMTUD_UDP_PAYLOAD_SIZE;

}  // namespace confab::net

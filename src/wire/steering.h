// SPDX-License-Identifier: MIT
// Which of a server's workers a datagram is for. A connection lives with one worker; the ids that a server issues for
// it say with which, in plain sight, so that the kernel can hand a packet to the right one whatever address it comes
// from (io/udp_socket.h).
//
//   id        = mark worker random      mark: wire::connection_id_mark; worker: one octet, from 0
//   short     = %x00-7F id …            short header (RFC 8999, section 5.2)
//   long      = %x80-FF version:4 length:1 id …
//
// A client's first packet bears an id of its own making: it is for any worker, but for the same one each time it comes.
// (One that looks like ours by chance goes where it says; no harm is done.) Text and all else that can be no packet is
// the first worker's: lines of several toys keep the order in which they came to this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace confab::wire {

inline constexpr std::size_t steered_bytes_min = 8;  ///< what is shorter is no packet
/// Of the second byte: in text it goes on with a UTF-8 character there, in a long header the version begins, which is
/// no such byte in any version that we speak (wire/plain.h).
inline constexpr std::uint8_t continuation_mask = 0xC0;
inline constexpr std::uint8_t continuation_bits = 0x80;
inline constexpr std::uint8_t long_header_bit = 0x80;
inline constexpr std::size_t short_header_id_at = 1;
inline constexpr std::size_t long_header_id_at = 6;

/// What the datagram says; nullopt: nothing. The worker need not exist: another process may have issued the id.
std::optional<std::size_t> steered_worker(base::ByteView datagram);

}  // namespace confab::wire

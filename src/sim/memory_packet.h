// SPDX-License-Identifier: MIT
// What memory transports say to each other (sim/memory_transport.h): one datagram, one packet, numbers big-endian.
//
//   packet := 0xFF kind:1 connection:8 number:8 stream:8 value:8 bytes
//
//   kind      value               bytes                      meaning
//   connect   window of streams   secret:16                  client: let us talk
//   accept    window of streams   secret:16 fingerprint:32   server: we do
//   forgotten                                                whom is this for? (a reset)
//   data                          of the stream              the next bytes
//   end                           of the stream              the last bytes
//   reset     code                                           the stream's rest will not come
//   credit    offset                                         the stream may go on up to there
//   heard                                                    the stream has arrived to its end
//   loose                         a loose datagram
//   ping, pong
//   close     code                reason                     goodbye
//
// All but the first three are numbered 0, 1, 2 … for each direction of a connection. 0xFF never begins a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"

namespace confab::sim {

struct MemoryPacket {
  enum class Kind : std::uint8_t {
    connect,
    accept,
    forgotten,
    data,
    end,
    reset,
    credit,
    heard,
    loose,
    ping,
    pong,
    close
  };
  Kind kind = Kind::ping;
  std::uint64_t connection = 0;
  std::uint64_t number = 0;
  std::int64_t stream = 0;
  std::uint64_t value = 0;
  base::ByteView bytes;

  static constexpr std::size_t header_bytes = 34;

  bool is_numbered() const { return kind >= Kind::data; }

  /// Writes all of it to the front of `out`, which must hold it, and answers its size.
  std::size_t encode(std::span<std::uint8_t> out) const;
  /// nullopt: no packet of ours.
  static std::optional<MemoryPacket> decode(base::ByteView datagram);
};

}  // namespace confab::sim

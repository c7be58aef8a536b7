// SPDX-License-Identifier: MIT
// The one interface between what Confab decides and the world it happens in. A server, a client and a plain client are
// machines; src/io drives them with sockets and clocks, src/sim with a virtual network and a virtual clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"

namespace confab::base {

/// One received UDP datagram. `bytes` is borrowed for the length of the call. `ecn` is the two bits of RFC 3168.
struct Datagram {
  Path path;
  ByteView bytes;
  std::uint8_t ecn = 0;
};

/// Where a machine puts the datagrams it wants to send: it writes into memory of the driver, which is copied no
/// further.
class DatagramSink {
 public:
  virtual ~DatagramSink() = default;

  /// Room for the next datagrams, at least `train_bytes_max` bytes; empty while the driver can take no more, in which
  /// case the machine stops and is asked again as soon as it can.
  virtual std::span<std::uint8_t> buffer() = 0;

  /// Sends the first `size` bytes of the last buffer() as datagrams of `segment_size` bytes each (the last may be
  /// shorter) along `path`.
  virtual void commit(const Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) = 0;

  /// What one sendmsg call takes with UDP_SEGMENT: 64 KiB less the IP and UDP headers.
  static constexpr std::size_t train_bytes_max = 65'487;
};

/// A state machine that speaks UDP. One turn of its driver: receive() for all that has come in, wake() when
/// next_deadline() has passed, then transmit(). It owns no socket, reads no clock, starts no thread. Not thread-safe.
class Machine {
 public:
  virtual ~Machine() = default;
  virtual void receive(const Datagram& datagram, Now now) = 0;
  /// The network says that nobody listens at path.remote (ICMP port unreachable). A hint: it may be forged.
  virtual void unreachable(const Path& path, Now now) = 0;
  /// The deadline has come (an early call does no harm).
  virtual void wake(Now now) = 0;
  /// Ends the turn: settles what the turn's input began and writes what can be sent now. Where that is much, it is a
  /// share of it, and next_deadline() asks for another turn at once.
  virtual void transmit(DatagramSink& sink, Now now) = 0;
  /// When wake() is wanted; `never` if only input can change anything.
  virtual Instant next_deadline() const = 0;
};

}  // namespace confab::base

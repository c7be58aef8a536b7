// SPDX-License-Identifier: MIT
// One bound UDP socket, set up for QUIC: never blocks, never fragments, sees and sets ECN, hears of closed ports, takes
// and gives trains of datagrams (UDP_GRO, UDP_SEGMENT) where the kernel has them. ReceiveBatch reads from it, SendBatch
// writes to it.
#pragma once

#include <cstddef>
#include <expected>
#include <vector>

#include "base/address.h"
#include "io/error.h"
#include "io/fd.h"

namespace confab::io {

struct SocketOptions {
  /// On a socket bound to 0.0.0.0 or [::], learn of each datagram which of our addresses it was sent to, and answer
  /// from that one: a server with several addresses needs it. Without it a datagram's local address is the bound one,
  /// so that a client finds in it exactly what it connected with.
  bool local_per_datagram = true;
  /// Kernel buffers, each way; the kernel may grant less. A burst for 1,000 members must fit.
  int buffer_bytes = 4 * 1024 * 1024;
};

/// Not thread-safe.
class UdpSocket {
 public:
  /// Port 0 lets the kernel choose. An IPv6 socket takes IPv6 alone.
  static std::expected<UdpSocket, IoError> open(const base::Address& local, const SocketOptions& options = {});

  /// One socket a worker, all on one address: the kernel gives each datagram to the worker that its connection id names
  /// (wire/steering.h), a client's first one to any, but by its sender's address always to the same. Fails where the
  /// address is taken, be it by a group like this. One socket alone where the kernel does not steer.
  static std::expected<std::vector<UdpSocket>, IoError> open_group(const base::Address& local, std::size_t count,
                                                                   const SocketOptions& options = {});

  int fd() const { return fd_.get(); }
  /// As bound: the port is the real one, the IP may be unspecified.
  const base::Address& local() const { return local_; }
  /// The local address differs from datagram to datagram.
  bool learns_local() const { return learns_local_; }
  /// The kernel knows UDP_SEGMENT; a network interface may still refuse it.
  bool can_segment() const { return can_segment_; }

 private:
  static std::expected<UdpSocket, IoError> open(const base::Address& local, const SocketOptions& options,
                                                bool joins_group);
  UdpSocket(Fd fd, const base::Address& local, bool learns_local, bool can_segment);

  Fd fd_;
  base::Address local_;
  bool learns_local_;
  bool can_segment_;
};

}  // namespace confab::io

// SPDX-License-Identifier: MIT
// What the datagrams alone cost on the machine at hand, at the moment of the run: a relay that does as little as a
// relay can. No server of datagrams is cheaper; what Confab costs above it is encryption, certainty, order and memory.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <unordered_map>
#include <vector>

#include <sys/socket.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"
#include "io/udp_socket.h"

namespace confab::bench {

/// Hands each datagram to every other address that has ever sent it one, in calls of many (sendmmsg). What the kernel
/// has no room for is lost. Not thread-safe; speaks IPv4 alone.
class BareRelay {
 public:
  static std::expected<BareRelay, std::string> open(const base::Address& local);

  const base::Address& address() const { return socket_.local(); }

  /// Waits, `wait_max` at the most, and relays what has come, a bounded number of datagrams.
  void turn(base::Duration wait_max);

 private:
  explicit BareRelay(io::UdpSocket socket) : socket_(std::move(socket)) {}

  void relay(base::ByteView datagram, std::size_t author);
  std::size_t number_of(const sockaddr_storage& address);

  io::UdpSocket socket_;
  std::vector<sockaddr_storage> members_;
  std::unordered_map<base::Address, std::size_t, base::AddressHash> numbers_;  // of members; looked up, never walked
};

}  // namespace confab::bench

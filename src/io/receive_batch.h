// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <sys/socket.h>

#include "base/machine.h"
#include "io/udp_socket.h"

namespace confab::io {

/// Buffers for one recvmmsg call, used for one socket after the other. Not thread-safe.
class ReceiveBatch {
 public:
  /// Messages taken by one call; each may be a train of up to 64 datagrams.
  static constexpr std::size_t messages_max = 32;

  using DatagramHandler = std::function<void(const base::Datagram&)>;
  using UnreachableHandler = std::function<void(const base::Path&)>;

  ReceiveBatch();
  ~ReceiveBatch();

  /// Hands over what has arrived, at most one batch of it, trains taken apart; and of which peers the network says that
  /// nobody listens there (their path.local is the bound address). True: there may be more.
  bool receive(const UdpSocket& socket, const DatagramHandler& on_datagram, const UnreachableHandler& on_unreachable);

 private:
  struct Slot;

  void prepare(std::size_t count);
  void hand_over(const UdpSocket& socket, std::size_t index, const DatagramHandler& handler);

  std::unique_ptr<mmsghdr[]> headers_;
  std::unique_ptr<Slot[]> slots_;
  /// Never initialised: pages that no message has reached cost no memory.
  std::unique_ptr<std::uint8_t[]> bytes_;
  /// Headers that the kernel has written to and that must be made ready again.
  std::size_t used_ = messages_max;
};

}  // namespace confab::io

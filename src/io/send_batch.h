// SPDX-License-Identifier: MIT
// Where a machine's datagrams leave: collected in one arena, handed to the kernel many at a time (sendmmsg), several to
// one peer as a train that the kernel or the network card takes apart (UDP_SEGMENT).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <sys/socket.h>

#include "base/machine.h"
#include "io/udp_socket.h"

namespace confab::io {

/// Not thread-safe. What the network refuses (a probe too large for the path, no route, no permission) is dropped and
/// counted: to QUIC that is a lost packet. What the kernel has no room for stays, in order, until flush() is called
/// again.
class SendBatch final : public base::DatagramSink {
 public:
  SendBatch();
  ~SendBatch() override;

  /// Datagrams leave by the socket that is bound to path.local, or to the wildcard address and path.local's port. The
  /// socket must outlive the batch.
  void add_socket(const UdpSocket& socket);

  std::span<std::uint8_t> buffer() override;
  void commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) override;

  /// Sends what was collected. False: some of it waits for room in the kernel.
  bool flush();

  /// The socket with this number (in the order they were added) had no room at the last flush().
  bool is_blocked(std::size_t socket) const { return outlets_[socket].blocked; }
  std::uint64_t datagrams_dropped() const { return datagrams_dropped_; }

 private:
  struct Outlet {
    int fd;
    base::Address local;
    bool pins_source;  ///< bound to a wildcard: each datagram says where it leaves from
    bool segments;     ///< trains go out whole
    bool blocked = false;
  };

  /// One sendmsg call's worth, in the arena.
  struct Message {
    std::size_t outlet;
    base::Path path;
    std::uint8_t* data;
    std::size_t size;
    std::size_t segment_size;
    std::uint8_t ecn;
    bool tried = false;
    bool from_refused_train = false;
    bool done = false;

    bool is_train() const { return size > segment_size; }
    std::size_t datagrams() const { return (size + segment_size - 1) / segment_size; }
  };

  struct Slot;

  std::size_t find_outlet(const base::Address& local) const;
  std::size_t send_run(std::size_t first);
  std::size_t settle_error(std::size_t first, int error);
  void take_apart(std::size_t train);
  void prepare(std::size_t index, Message& message);

  std::vector<Outlet> outlets_;
  std::vector<Message> queue_;
  std::unique_ptr<std::uint8_t[]> arena_;
  std::size_t arena_used_ = 0;
  std::unique_ptr<mmsghdr[]> headers_;
  std::unique_ptr<Slot[]> slots_;
  std::uint64_t datagrams_dropped_ = 0;
};

}  // namespace confab::io

// SPDX-License-Identifier: MIT
// The hub's end of its channels: finds the shard that has a connection, and says to all what all must know.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/doorbell.h"
#include "server/messages.h"

namespace confab::server {

/// Not thread-safe: the hub's. All calls for a connection that is gone do nothing.
class Switchboard {
 public:
  /// A channel, and whose sleep it may end; none where hub and shard share a thread.
  struct Line {
    Channel* channel;
    base::Doorbell* bell;
  };

  /// One line a worker, in their order; what they point to must outlive this.
  explicit Switchboard(std::vector<Line> lines) : lines_(std::move(lines)), has_orders_(lines_.size()) {}

  void reply(net::ConnectionHandle connection, base::Bytes bytes) {
    send(connection, orders::Reply{connection, std::move(bytes)});
  }
  void consume(net::ConnectionHandle connection, std::size_t bytes) {
    send(connection, orders::Consume{connection, bytes});
  }
  void close(net::ConnectionHandle connection, std::uint64_t code, std::string reason) {
    send(connection, orders::Close{connection, code, std::move(reason)});
  }
  void open(orders::Open order) {
    const net::ConnectionHandle connection = order.request.connection;
    send(connection, std::move(order));
  }
  void close_reader(net::ConnectionHandle connection, std::uint64_t tag) {
    send(connection, orders::CloseReader{connection, tag});
  }
  void close_room(net::ConnectionHandle connection, std::string room) {
    send(connection, orders::CloseRoom{connection, std::move(room)});
  }
  /// Lost where the shard is behind.
  void hint(net::ConnectionHandle connection, base::Bytes bytes);

  void grow(const std::string& room, const log::Growth& growth);
  void trim(const std::string& room, base::Seq first_seq);

  /// A shard has so much to do that it is not given more.
  bool is_behind() const;
  /// Ends the turn: wakes those who have something to do.
  void ring();

 private:
  void send(net::ConnectionHandle connection, Order order);
  void push(std::size_t worker, Order order);

  std::vector<Line> lines_;
  std::vector<bool> has_orders_;  // since the last ring()
};

}  // namespace confab::server

// SPDX-License-Identifier: MIT
// What hub and shards tell each other, and the two queues it travels by. The hub decides, a shard has the connections;
// neither ever waits for the other.
//
// Each queue keeps its order, and that carries the protocol: an order that opens a reader comes behind everything that
// the room had grown by when the hub decided it, so what the shard then knows of the room is what the hub knew. A
// connection may be gone when an order for it comes; handles are never used twice, so such an order does nothing.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/machine.h"
#include "base/spsc_queue.h"
#include "log/room_tail.h"
#include "net/transport.h"
#include "wire/framing.h"

namespace confab::server {

/// The client opens bidirectional stream 0 and no other.
inline constexpr net::StreamId control_stream = 0;

struct OpenRequest {
  net::ConnectionHandle connection = 0;
  std::uint64_t tag = 0;  ///< of the request; names the reader within its connection
  std::string room;
  bool member = false;  ///< a Join's reader: ends with Part
  wire::pb::Start start;
  bool follow = true;
  std::uint64_t count = 0;  ///< ends after that many events; 0: no such end
};

/// From the hub.
namespace orders {
/// Bytes for the control stream.
struct Reply {
  net::ConnectionHandle connection;
  base::Bytes bytes;
};
/// So much of the control stream was dealt with.
struct Consume {
  net::ConnectionHandle connection;
  std::size_t bytes;
};
struct Close {
  net::ConnectionHandle connection;
  std::uint64_t code;
  std::string reason;
};
/// An unreliable datagram.
struct Hint {
  net::ConnectionHandle connection;
  base::Bytes bytes;
};
/// Answered by the shard itself, on the control stream: Opened or Refused. Of a room that the shard has not heard of,
/// `first_seq` to `end_seq` are in the store.
struct Open {
  OpenRequest request;
  base::Seq first_seq;
  base::Seq end_seq;
  std::string topic = {};  ///< as Opened tells it
  base::Seq read_seq = 0;  ///< likewise
};
struct CloseReader {
  net::ConnectionHandle connection;
  std::uint64_t tag;
};
/// Ends a member's readers of this room.
struct CloseRoom {
  net::ConnectionHandle connection;
  std::string room;
};
/// The room has new events, or its memory was let go.
struct Grow {
  std::string room;
  log::Growth growth;
};
/// The room's events before `first_seq` are no longer kept.
struct Trim {
  std::string room;
  base::Seq first_seq;
};
}  // namespace orders

using Order = std::variant<orders::Reply, orders::Consume, orders::Close, orders::Hint, orders::Open,
                           orders::CloseReader, orders::CloseRoom, orders::Grow, orders::Trim>;

/// From a shard, beside what its transport tells.
namespace news {
/// A toy's line has landed on this worker's socket.
struct PlainDatagram {
  base::Path path;
  base::Bytes bytes;
};
/// So many replies (to an Open, too) have found room in the transport. None is told of while the client takes none.
struct RepliesTaken {
  net::ConnectionHandle connection;
  std::size_t count;
};
/// A reader whose last byte the client has acknowledged, or that could not be opened: it counts no longer.
struct ReaderGone {
  net::ConnectionHandle connection;
  bool member;
};
}  // namespace news

using News = std::variant<net::events::EarlyReady, net::events::Connected, net::events::StreamData,
                          net::events::StreamReset, net::events::DatagramReceived, net::events::PathChanged,
                          net::events::Closed, news::PlainDatagram, news::RepliesTaken, news::ReaderGone>;

/// Between the hub and one shard. Bounded by those who push: a shard with news_max before the hub takes no datagrams
/// (they are lost, as in a full socket), the hub with orders_max before a shard reads no requests.
struct Channel {
  static constexpr std::size_t news_max = 16'384;
  static constexpr std::size_t orders_max = 16'384;
  static constexpr std::size_t hints_max = orders_max / 4;  ///< orders before a shard that is given no more hints

  base::SpscQueue<Order> orders;
  base::SpscQueue<News> news;
};

}  // namespace confab::server

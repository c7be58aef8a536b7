// SPDX-License-Identifier: MIT
// What a memory transport knows of one connection and of its streams.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>

#include "sim/memory_transport.h"

namespace confab::sim {

/// Invariant: bytes that were sent lie below `send_limit`; what was received lies below `credit_given`.
struct MemoryTransport::Stream {
  std::deque<base::SharedBytes> unsent;
  std::size_t unsent_bytes = 0;
  std::uint64_t sent = 0;
  std::uint64_t send_limit = 0;
  bool is_full = false;      // no room was left, and SendRoom was not told since
  bool is_finished = false;  // its end follows what is unsent
  bool is_ended = false;     // its end was sent

  std::uint64_t received = 0;
  std::uint64_t consumed = 0;
  std::uint64_t credit_given = 0;
};

/// A packet that waits for the next transmit(); its number is given then.
struct WaitingPacket {
  MemoryPacket::Kind kind;
  net::StreamId stream;
  std::uint64_t value;
  base::Bytes bytes;
};

struct MemoryTransport::Connection {
  static constexpr std::size_t secret_bytes = 16;  ///< what each side adds to the exporter's secret

  Connection(net::ConnectionHandle connection_handle, std::uint64_t id, base::Path ends, base::Instant now)
      : handle(connection_handle), wire_id(id), path(ends), last_heard(now), last_try(now) {}

  static bool is_bidi(net::StreamId stream) { return stream % 4 == 0; }

  const net::ConnectionHandle handle;
  const std::uint64_t wire_id;
  base::Path path;
  net::ExporterSecret exporter{};
  std::function<bool(const net::PeerCertificate&)> trust = {};

  bool is_open = false;
  bool is_closing = false;  // goes when its goodbye is written
  bool connect_due = true;  // client
  bool accept_due = false;  // server
  base::Instant last_heard;
  base::Instant last_try;                     // of connecting, or the last ping
  base::Instant answer_wanted = base::never;  // a probe's, by then

  std::uint64_t next_sent = 0;
  std::uint64_t next_received = 0;
  std::uint64_t peer_window = 0;
  net::StreamId next_uni_stream = 3;  // a server's: 3, 7, 11 … (RFC 9000, 2.1)
  std::map<net::StreamId, Stream> streams = {};
  std::deque<WaitingPacket> waiting = {};
  std::size_t loose_waiting = 0;
};

}  // namespace confab::sim

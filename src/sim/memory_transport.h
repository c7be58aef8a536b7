// SPDX-License-Identifier: MIT
// net::Transport without TLS and without repair of losses: for runs with many members and long histories. It keeps what
// the machines above can tell from QUIC: streams with credit, resets, loose datagrams, keep-alive and idle timeout, the
// server's fingerprint, a secret that both ends of a connection know and nobody else.
//
// A datagram that is lost is never sent again. The gap is noticed with the next one that comes, and ends the connection
// as a stateless reset does; if none comes, the idle timeout ends it. So lines under it should only delay and be cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/random.h"
#include "net/transport.h"
#include "sim/memory_packet.h"

namespace confab::sim {

struct MemoryTransportOptions {
  std::optional<wire::Fingerprint> fingerprint = {};  ///< makes it a server, with this key
  std::size_t stream_receive_window_bytes = 256 * 1024;
  std::size_t uni_streams_max = 0;  ///< that this end, a server, may hold open on one connection
  std::size_t send_high_water_bytes = 128 * 1024;
  std::size_t worker = 0;  ///< which of a server's, as net::EndpointOptions says
  base::Duration idle_timeout = std::chrono::seconds(30);
  base::Duration keep_alive = std::chrono::seconds(10);  ///< client
  base::Duration handshake_timeout = std::chrono::seconds(10);
};

/// Not thread-safe. `random` must outlive it.
class MemoryTransport final : public net::Transport {
 public:
  MemoryTransport(MemoryTransportOptions options, base::Random& random);
  ~MemoryTransport() override;

  net::ConnectionHandle connect(net::ConnectOptions options, base::Now now) override;
  bool receive(const base::Datagram& datagram, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;
  std::optional<net::Event> poll_event() override;
  std::optional<net::StreamId> open_bidi_stream(net::ConnectionHandle connection) override;
  std::optional<net::StreamId> open_uni_stream(net::ConnectionHandle connection) override;
  void send(net::ConnectionHandle connection, net::StreamId stream, base::SharedBytes bytes) override;
  void finish(net::ConnectionHandle connection, net::StreamId stream) override;
  void reset(net::ConnectionHandle connection, net::StreamId stream, std::uint64_t code) override;
  std::size_t send_room(net::ConnectionHandle connection, net::StreamId stream) const override;
  void consume(net::ConnectionHandle connection, net::StreamId stream, std::size_t bytes) override;
  bool send_datagram(net::ConnectionHandle connection, base::Bytes bytes) override;
  void migrate(net::ConnectionHandle connection, base::Path path, base::Now now) override;
  void probe(net::ConnectionHandle connection, base::Now now) override;
  void close(net::ConnectionHandle connection, std::uint64_t code, std::string reason) override;
  std::optional<net::ConnectionInfo> info(net::ConnectionHandle connection) const override;
  const net::EndpointStats& stats() const override { return stats_; }
  std::size_t connection_count() const override { return connections_.size(); }

 private:
  struct Stream;
  struct Connection;
  class Writer;

  bool is_server() const { return options_.fingerprint.has_value(); }
  Connection* find(net::ConnectionHandle handle);
  const Connection* find(net::ConnectionHandle handle) const;
  Stream* find(net::ConnectionHandle handle, net::StreamId stream);
  Stream& open_stream(Connection& connection, net::StreamId stream);
  void erase_stream(Connection& connection, net::StreamId stream);
  void queue(Connection& connection, MemoryPacket::Kind kind, net::StreamId stream = 0, std::uint64_t value = 0,
             base::Bytes bytes = {});

  void on_connect(const MemoryPacket& packet, const base::Path& path, base::Now now);
  void on_accept(Connection& connection, const MemoryPacket& packet);
  void on_numbered(Connection& connection, const MemoryPacket& packet);
  void on_stream_bytes(Connection& connection, const MemoryPacket& packet);
  void end(Connection& connection, net::CloseKind kind, std::uint64_t code, std::string reason);

  void write_greeting(Connection& connection, Writer& writer, base::Now now);
  static void write_waiting(Connection& connection, Writer& writer);
  void write_streams(Connection& connection, Writer& writer);
  base::Instant deadline(const Connection& connection) const;
  void on_deadline(Connection& connection, base::Now now);

  MemoryTransportOptions options_;
  base::Random& random_;
  std::map<net::ConnectionHandle, std::unique_ptr<Connection>> connections_;
  std::map<std::uint64_t, net::ConnectionHandle> handles_;   // by the id on the wire
  std::set<net::ConnectionHandle> busy_;                     // have something to send
  std::deque<std::pair<base::Path, std::uint64_t>> strays_;  // whom to tell that their connection is forgotten
  std::deque<net::Event> events_;
  net::ConnectionHandle next_handle_;
  net::EndpointStats stats_;
};

}  // namespace confab::sim

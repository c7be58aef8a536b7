// SPDX-License-Identifier: MIT
// QUIC version 1 (RFC 9000, 9001, 9221) as a machine: datagrams and time in, datagrams, events and a deadline out. The
// protocol is ngtcp2's and the cryptography GnuTLS's; what lives here is their wiring, the buffers, and one table of
// connections. One Endpoint is either a server (options.server_key set) or a client; both may hold many connections.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "net/identity.h"
#include "net/transport.h"

namespace confab::net {

struct ServerSecrets;

/// What the endpoints of one server share where it has several, each on a thread of its own: a token or a ticket that
/// one of them gave is good at the others, and a first flight's early data are taken by one of them once.
std::shared_ptr<ServerSecrets> make_server_secrets();

struct EndpointOptions {
  const ServerKey* server_key = nullptr;  ///< makes it a server; must outlive the endpoint
  base::Duration idle_timeout = std::chrono::seconds(30);
  /// Client: a PING after this long without a packet, so that a silent death is noticed. 0: none.
  base::Duration keep_alive = std::chrono::seconds(10);
  /// Given up after this long without an end of the handshake, which has its own retransmissions until then.
  base::Duration handshake_timeout = std::chrono::seconds(10);
  std::uint64_t stream_receive_window_bytes = 256 * 1024;
  std::uint64_t connection_receive_window_bytes = 1024 * 1024;
  std::uint64_t bidi_streams_max = 1;  ///< that the peer may hold open at once
  std::uint64_t uni_streams_max = 0;   ///< likewise
  /// Server: handshakes not yet finished; beyond half of it a client must prove its address first (Retry, RFC
  /// 9000 8.1.2), beyond all of it Initials are dropped.
  std::size_t handshakes_max = 1024;
  std::size_t connections_max = 250'000;
  /// Server: hands out tickets, and takes data that come with the first flight of who brings one (events::EarlyReady).
  bool early_data = false;
  /// A stream with this much not yet sent has no room; SendRoom is told when it falls below half of it.
  std::size_t send_high_water_bytes = 128 * 1024;
  /// Server: what the tokens of its stateless resets are made from. The same secret after a restart lets it tell
  /// clients of the old process at once that it has forgotten them. Without one, a random secret.
  std::optional<std::array<std::uint8_t, 32>> reset_secret = std::nullopt;
  /// Of all connections that have something to send, so many are written to in one transmit(); the others in the next.
  std::size_t visits_per_turn_max = std::numeric_limits<std::size_t>::max();
  /// Asks for second copies where it sees losses, and sends some where the peer asks (net/second_copies.h). None goes
  /// over a path that loses nothing.
  bool second_copies = true;
  /// Server: which of its server's endpoints it is. Its connection ids say so (wire/steering.h), so that a client's
  /// packets find the worker that has the connection from whatever address they come; its handles, too.
  std::uint8_t worker = 0;
  std::uint8_t worker_count = 1;  ///< of that server
  /// Server: the same for all of its endpoints; none: its own.
  std::shared_ptr<ServerSecrets> secrets = nullptr;
};

class Endpoint final : public Transport {
 public:
  Endpoint(const EndpointOptions& options, base::Random& random, base::Log& log);
  ~Endpoint() override;

  ConnectionHandle connect(ConnectOptions options, base::Now now) override;
  bool receive(const base::Datagram& datagram, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;
  std::optional<Event> poll_event() override;
  std::optional<StreamId> open_bidi_stream(ConnectionHandle connection) override;
  std::optional<StreamId> open_uni_stream(ConnectionHandle connection) override;
  void send(ConnectionHandle connection, StreamId stream, base::SharedBytes bytes) override;
  void finish(ConnectionHandle connection, StreamId stream) override;
  void reset(ConnectionHandle connection, StreamId stream, std::uint64_t code) override;
  std::size_t send_room(ConnectionHandle connection, StreamId stream) const override;
  void consume(ConnectionHandle connection, StreamId stream, std::size_t bytes) override;
  bool send_datagram(ConnectionHandle connection, base::Bytes bytes) override;
  void migrate(ConnectionHandle connection, base::Path path, base::Now now) override;
  void probe(ConnectionHandle connection, base::Now now) override;
  void close(ConnectionHandle connection, std::uint64_t code, std::string reason) override;
  std::optional<ConnectionInfo> info(ConnectionHandle connection) const override;
  const EndpointStats& stats() const override;
  std::size_t connection_count() const override;
  std::size_t backlog() const override;

  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// QUIC version 1 (RFC 9000, 9001, 9221) as a machine: datagrams and time in, datagrams, events and a deadline out. The
// protocol is ngtcp2's and the cryptography GnuTLS's; what lives here is their wiring, the buffers, and one table of
// connections. One Endpoint is either a server (options.server_key set) or a client; both may hold many connections.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/address.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "base/time.h"
#include "net/identity.h"
#include "wire/link.h"

namespace confab::net {

using ConnectionHandle = std::uint64_t;  ///< never used twice by one Endpoint; 0 is none
using StreamId = std::int64_t;           ///< as in RFC 9000, section 2.1

/// TLS exporter (RFC 5705, RFC 8446 section 7.5), label "EXPORTER-confab-client", empty context: both ends get the same
/// 32 bytes, no other connection does.
using ExporterSecret = std::array<std::uint8_t, 32>;

/// ALPN of the protocol.
inline constexpr char alpn[] = "confab/1";

/// What a client learns of a server before anything is sent to it.
struct PeerCertificate {
  wire::Fingerprint fingerprint;
  bool ca_signed = false;  ///< the system's authorities vouch for it under the name that was asked for
};

struct EndpointOptions {
  const ServerKey* server_key = nullptr;  ///< makes it a server; must outlive the endpoint
  base::Duration idle_timeout = std::chrono::seconds(30);
  /// Client: a PING after this long without a packet, so that a silent death is noticed. 0: none.
  base::Duration keep_alive = std::chrono::seconds(10);
  std::uint64_t stream_receive_window_bytes = 256 * 1024;
  std::uint64_t connection_receive_window_bytes = 1024 * 1024;
  std::uint64_t bidi_streams_max = 1;  ///< that the peer may hold open at once
  std::uint64_t uni_streams_max = 0;   ///< likewise
  /// Server: handshakes not yet finished; beyond half of it a client must prove its address first (Retry, RFC
  /// 9000 8.1.2), beyond all of it Initials are dropped.
  std::size_t handshakes_max = 1024;
  std::size_t connections_max = 100'000;
  /// A stream with this much not yet sent has no room; SendRoom is told when it falls below half of it.
  std::size_t send_high_water_bytes = 128 * 1024;
  /// Server: what the tokens of its stateless resets are made from. The same secret after a restart lets it tell
  /// clients of the old process at once that it has forgotten them. Without one, a random secret.
  std::optional<std::array<std::uint8_t, 32>> reset_secret = std::nullopt;
};

struct ConnectOptions {
  base::Path path;          ///< local may be unspecified
  std::string server_name;  ///< SNI and the name a CA must vouch for; empty for an IP address
  /// Asked once, within the handshake, before anything of ours is sent; false ends the connection as `untrusted`. It
  /// must not call the endpoint. None: nobody is trusted.
  std::function<bool(const PeerCertificate&)> trust;
};

enum class CloseKind {
  local,             ///< close() was called here
  peer,              ///< the peer's application closed it: code and reason are the peer's
  idle,              ///< nothing was heard for the idle timeout, or the handshake was not done in 10 s
  handshake_failed,  ///< TLS said no (code is its alert), or the peer speaks no confab/1
  untrusted,         ///< options.trust said no
  reset,             ///< the peer has forgotten the connection (stateless reset)
  transport          ///< a violation of QUIC, ours or the peer's
};

namespace events {
/// Handshake done: streams may be opened.
struct Connected {
  ConnectionHandle connection;
  base::Path path;
  ExporterSecret exporter;
};
/// Bytes of a stream in order, each once. Call consume() when they are dealt with, else the peer's credit runs out.
struct StreamData {
  ConnectionHandle connection;
  StreamId stream;
  base::Bytes bytes;
  bool fin;
};
/// The peer will send no more on this stream and what it had sent may be lost (RESET_STREAM).
struct StreamReset {
  ConnectionHandle connection;
  StreamId stream;
  std::uint64_t code;
};
/// Both directions are over and everything sent has been acknowledged, or the stream was reset. A peer that asks us to
/// stop sending (STOP_SENDING) shows here alone: from its request on, what is sent on the stream is dropped,
/// send_room() is 0, and StreamClosed comes when the other direction is over, too.
struct StreamClosed {
  ConnectionHandle connection;
  StreamId stream;
};
/// A stream that had no room has some again.
struct SendRoom {
  ConnectionHandle connection;
  StreamId stream;
};
struct DatagramReceived {
  ConnectionHandle connection;
  base::Bytes bytes;
};
/// The peer's address (or ours) changed and the new path was validated.
struct PathChanged {
  ConnectionHandle connection;
  base::Path path;
};
/// The last event of a connection; its handle is dead. A server is told only of connections that were Connected.
struct Closed {
  ConnectionHandle connection;
  CloseKind kind;
  std::uint64_t code;
  std::string reason;                          ///< the peer's words, unclean, or a sentence of ours
  std::optional<PeerCertificate> certificate;  ///< untrusted: what was seen
};
}  // namespace events

using Event = std::variant<events::Connected, events::StreamData, events::StreamReset, events::StreamClosed,
                           events::SendRoom, events::DatagramReceived, events::PathChanged, events::Closed>;

/// What a person may want to know of a connection.
struct ConnectionInfo {
  base::Path path;
  base::Duration smoothed_rtt{};
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_lost = 0;  ///< of those with stream data; one that carried n streams counts n times
  base::Instant last_heard;
};

/// Counters since the start.
struct EndpointStats {
  std::uint64_t datagrams_dropped = 0;   ///< no connection's packet and nothing that opens one
  std::uint64_t handshakes_refused = 0;  ///< beyond handshakes_max or connections_max
  std::uint64_t retries_sent = 0;        ///< clients asked to prove their address
  std::uint64_t resets_sent = 0;         ///< packets of forgotten connections
  std::uint64_t connections_accepted = 0;
};

/// All calls with a dead or unknown handle or stream do nothing and answer "no": events may cross calls. Every call but
/// poll_event() may bring events; those of transmit() are SendRoom and Closed. What calls between two transmit() hand
/// over makes next_deadline() the present, so that a driver which has just sent comes back at once.
class Endpoint {
 public:
  Endpoint(EndpointOptions options, base::Random& random, base::Log& log);
  ~Endpoint();

  ConnectionHandle connect(ConnectOptions options, base::Now now);

  /// False: the datagram was dropped (counted in stats().datagrams_dropped).
  bool receive(const base::Datagram& datagram, base::Now now);
  void wake(base::Now now);
  void transmit(base::DatagramSink& sink, base::Now now);
  base::Instant next_deadline() const;
  std::optional<Event> poll_event();

  /// nullopt where the peer's limit of streams is reached.
  std::optional<StreamId> open_bidi_stream(ConnectionHandle connection);
  std::optional<StreamId> open_uni_stream(ConnectionHandle connection);

  /// Queues bytes; they are held until acknowledged. Slices that stand in memory one after the other cost one entry.
  void send(ConnectionHandle connection, StreamId stream, base::SharedBytes bytes);
  /// No more will be sent on this stream.
  void finish(ConnectionHandle connection, StreamId stream);
  /// Gives up what was not yet sent and tells the peer so (RESET_STREAM), with this application code.
  void reset(ConnectionHandle connection, StreamId stream, std::uint64_t code);
  /// Room that the stream has left below send_high_water_bytes.
  std::size_t send_room(ConnectionHandle connection, StreamId stream) const;
  void consume(ConnectionHandle connection, StreamId stream, std::size_t bytes);

  /// Unreliable, unordered, newest best: false where it does not fit a packet, the peer takes none, or 16 already wait.
  bool send_datagram(ConnectionHandle connection, base::Bytes bytes);

  /// Client: goes on from another local address (a new socket after a change of network) without waiting for its proof;
  /// PathChanged follows when it works. Does nothing before the server has confirmed the handshake.
  void migrate(ConnectionHandle connection, base::Path path, base::Now now);

  /// Sends CONNECTION_CLOSE with an application code; Closed{local} follows. What was not yet acknowledged is lost.
  void close(ConnectionHandle connection, std::uint64_t code, std::string reason);

  std::optional<ConnectionInfo> info(ConnectionHandle connection) const;
  const EndpointStats& stats() const;
  std::size_t connection_count() const;

  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace confab::net

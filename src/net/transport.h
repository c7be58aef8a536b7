// SPDX-License-Identifier: MIT
// Connections with streams and datagrams, as server and client use them. Endpoint is the real one, QUIC; the simulator
// has another, without packets and keys, for runs with many members.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/address.h"
#include "base/bytes.h"
#include "base/machine.h"
#include "base/time.h"
#include "wire/link.h"

namespace confab::net {

using ConnectionHandle = std::uint64_t;  ///< never used twice by one Endpoint; 0 is none
using StreamId = std::int64_t;           ///< as in RFC 9000, section 2.1

/// A server may have several endpoints, one a worker: a handle's upper bits say whose it is, so that no two share one.
/// A worker's handles are above its base. (The highest bit is free for ids that are no connection's: eight workers at
/// most.)
constexpr ConnectionHandle handle_base(std::size_t worker) { return ConnectionHandle{worker} << 60; }
constexpr std::size_t worker_of(ConnectionHandle handle) { return static_cast<std::size_t>(handle >> 60); }

/// TLS exporter (RFC 5705, RFC 8446 section 7.5), label "EXPORTER-confab-client", empty context: both ends get the same
/// 32 bytes, no other connection does.
using ExporterSecret = std::array<std::uint8_t, 32>;

/// How long a probe() waits for an answer, at the least; longer where the connection's own timeouts are longer.
inline constexpr base::Duration probe_patience = std::chrono::seconds(3);

/// ALPN of the protocol.
inline constexpr char alpn[] = "confab/1";

/// What a client learns of a server before anything is sent to it.
struct PeerCertificate {
  wire::Fingerprint fingerprint;
  bool ca_signed = false;  ///< the system's authorities vouch for it under the name that was asked for
};

struct ConnectOptions {
  base::Path path;          ///< local may be unspecified
  std::string server_name;  ///< SNI and the name a CA must vouch for; empty for an IP address
  /// Asked within the handshake, before anything of ours is sent; false ends the connection as `untrusted`. It must not
  /// call the endpoint. None: nobody is trusted.
  std::function<bool(const PeerCertificate&)> trust;
  /// Bytes of events::Resumption from an earlier connection to the same server, or none. `trust` is asked of the server
  /// that they are from, at once; where it says no, or the bytes are broken, too old or for another name, they are as
  /// none. A server that does not take them any more shows its certificate, and `trust` is asked (again) of that.
  base::Bytes resumption = {};
};

enum class CloseKind {
  local,             ///< close() was called here
  peer,              ///< the peer's application closed it: code and reason are the peer's
  idle,              ///< nothing was heard for the idle timeout, or the handshake not done in its time
  handshake_failed,  ///< TLS said no (code is its alert), or the peer speaks no confab/1
  untrusted,         ///< options.trust said no
  reset,             ///< the peer has forgotten the connection (stateless reset)
  transport          ///< a violation of QUIC, ours or the peer's
};

namespace events {
/// Before Connected, and not always: data may travel already, or have come (0-RTT). They are sealed; but anybody who
/// saw them on their way can send the same bytes to the server again. The endpoint takes a first flight's early data
/// once; beyond that, only what does no harm twice belongs in them, and a server acts on them before Connected only so
/// far.
///
/// Client: told within connect(); streams may be opened as far as the server allowed it last time. Server: told before
/// the first of the early streams' events, or where none has arrived yet just before Connected; only where
/// options.early_data is set.
struct EarlyReady {
  ConnectionHandle connection;
  base::Path path;
  /// In place of the exporter; differs from it, and is the same on both sides where the data are taken.
  ExporterSecret early_exporter;
};
/// Handshake done: streams may be opened. The peer is there, now: what was early until here is as good as any other.
struct Connected {
  ConnectionHandle connection;
  base::Path path;
  ExporterSecret exporter;
  bool resumed = false;  ///< from an earlier connection; no certificate was shown
  /// Client that was EarlyReady: false: nothing of what was sent early was taken, and its streams are gone, without
  /// another event, as if they had not been opened. Begin again, with `exporter`.
  bool early_accepted = false;
};
/// Client: what makes the next connection to this server begin faster. A later one replaces it. Secret, like a key:
/// whoever has it can pass for the server until it expires, a day after the server showed its certificate.
struct Resumption {
  ConnectionHandle connection;
  base::Bytes bytes;
};
/// Bytes of a stream in order, each once. Call consume() when they are dealt with, else the peer's credit runs out.
struct StreamData {
  ConnectionHandle connection;
  StreamId stream;
  base::Bytes bytes;
  bool fin;
  bool early = false;  ///< Connected has not been told: these may be a replay
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
/// The last event of a connection; its handle is dead. A server is told only of connections that were EarlyReady or
/// Connected.
struct Closed {
  ConnectionHandle connection;
  CloseKind kind;
  std::uint64_t code;
  std::string reason;                          ///< the peer's words, unclean, or a sentence of ours
  std::optional<PeerCertificate> certificate;  ///< untrusted: what was seen
};
}  // namespace events

using Event =
    std::variant<events::EarlyReady, events::Connected, events::Resumption, events::StreamData, events::StreamReset,
                 events::StreamClosed, events::SendRoom, events::DatagramReceived, events::PathChanged, events::Closed>;

/// What a person may want to know of a connection. Round-trip times are zero until the first was measured; all but the
/// smoothed one contain what the peer waited before it answered.
struct ConnectionInfo {
  base::Path path;  ///< that packets take now
  base::Duration smoothed_rtt{};
  base::Duration latest_rtt{};
  base::Duration min_rtt{};
  /// Packets that the peer has to acknowledge: one that carries nothing but acknowledgements is never known to be lost.
  /// What is sent again travels in another packet, and counts again. Probes of the path's MTU are left out: most are
  /// lost where the path is narrow, and nothing with them.
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_lost = 0;  ///< of those; a server does not count (it would cost time for each packet)
  std::uint64_t congestion_window_bytes = 0;
  std::uint64_t in_flight_bytes = 0;  ///< sent, and neither acknowledged nor lost
  base::Instant last_heard;           ///< the timeline's origin: never

  /// 0 to 1, over the connection's life.
  double loss() const {
    return packets_sent == 0 ? 0 : static_cast<double>(packets_lost) / static_cast<double>(packets_sent);
  }
};

/// Counters since the start.
struct EndpointStats {
  std::uint64_t datagrams_dropped = 0;   ///< no connection's packet and nothing that opens one
  std::uint64_t handshakes_refused = 0;  ///< beyond handshakes_max or connections_max
  std::uint64_t retries_sent = 0;        ///< clients asked to prove their address
  std::uint64_t resets_sent = 0;         ///< packets of forgotten connections
  std::uint64_t connections_accepted = 0;
  std::uint64_t copies_sent = 0;      ///< datagrams of second copies (net/second_copies.h)
  std::uint64_t copy_bytes_sent = 0;  ///< in them
  std::uint64_t early_by_copies = 0;  ///< bytes of streams that copies brought before their streams did
};

/// All calls with a dead or unknown handle or stream do nothing and answer "no": events may cross calls. Every call but
/// poll_event() may bring events; those of transmit() are SendRoom and Closed. What calls between two transmit() hand
/// over makes next_deadline() the present, so that a driver which has just sent comes back at once.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual ConnectionHandle connect(ConnectOptions options, base::Now now) = 0;

  /// False: the datagram was dropped (counted in stats().datagrams_dropped).
  virtual bool receive(const base::Datagram& datagram, base::Now now) = 0;
  virtual void wake(base::Now now) = 0;
  virtual void transmit(base::DatagramSink& sink, base::Now now) = 0;
  virtual base::Instant next_deadline() const = 0;
  virtual std::optional<Event> poll_event() = 0;

  /// nullopt where the peer's limit of streams is reached.
  virtual std::optional<StreamId> open_bidi_stream(ConnectionHandle connection) = 0;
  virtual std::optional<StreamId> open_uni_stream(ConnectionHandle connection) = 0;

  /// Queues bytes; they are held until acknowledged. Slices that stand in memory one after the other cost one entry.
  virtual void send(ConnectionHandle connection, StreamId stream, base::SharedBytes bytes) = 0;
  /// No more will be sent on this stream.
  virtual void finish(ConnectionHandle connection, StreamId stream) = 0;
  /// Gives up what was not yet sent and tells the peer so (RESET_STREAM), with this application code.
  virtual void reset(ConnectionHandle connection, StreamId stream, std::uint64_t code) = 0;
  /// Room that the stream has left below send_high_water_bytes.
  virtual std::size_t send_room(ConnectionHandle connection, StreamId stream) const = 0;
  virtual void consume(ConnectionHandle connection, StreamId stream, std::size_t bytes) = 0;

  /// Unreliable, unordered, newest best: false where it does not fit a packet, the peer takes none, or 16 already wait.
  /// It must begin with a byte above 7, as every protobuf message does: the others are the transports' own.
  virtual bool send_datagram(ConnectionHandle connection, base::Bytes bytes) = 0;

  /// Client: goes on from another local address (a new socket after a change of network) without waiting for its proof;
  /// PathChanged follows when it works. Does nothing before the server has confirmed the handshake.
  virtual void migrate(ConnectionHandle connection, base::Path path, base::Now now) = 0;

  /// Client: something may have happened to the network (an address or a route has changed, the machine was asleep).
  /// Asks the server for a sign of life at once, so that it learns our new address, if the network gave us one, and we
  /// learn whether it still knows us; Closed{idle} follows where nothing is heard for probe_patience, instead of at the
  /// end of the idle timeout. Does nothing before Connected.
  virtual void probe(ConnectionHandle connection, base::Now now) = 0;

  /// Sends CONNECTION_CLOSE with an application code; Closed{local} follows. What was not yet acknowledged is lost.
  virtual void close(ConnectionHandle connection, std::uint64_t code, std::string reason) = 0;

  virtual std::optional<ConnectionInfo> info(ConnectionHandle connection) const = 0;
  virtual const EndpointStats& stats() const = 0;
  virtual std::size_t connection_count() const = 0;
  /// Connections with something to send that transmit() has not come to yet.
  virtual std::size_t backlog() const { return 0; }
};

}  // namespace confab::net

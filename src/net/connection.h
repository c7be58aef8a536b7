// SPDX-License-Identifier: MIT
// One QUIC connection: ngtcp2's machine, its TLS session, its streams, its end.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ngtcp2/ngtcp2.h>

#include "net/ack_policy.h"
#include "net/copy_datagram.h"
#include "net/deadlines.h"
#include "net/endpoint.h"
#include "net/event_queue.h"
#include "net/front_door.h"
#include "net/gnutls_handles.h"
#include "net/loose_datagrams.h"
#include "net/loss_counter.h"
#include "net/loss_watch.h"
#include "net/native.h"
#include "net/routing_table.h"
#include "net/second_copies.h"
#include "net/streams.h"
#include "net/tls.h"

namespace confab::net {

/// A DATAGRAM frame of this size fits any packet: the smallest that QUIC allows a path, less the short header with the
/// longest id and number (25), the AEAD's tag (16) and the frame's type and length (3).
inline constexpr std::size_t datagram_bytes_max = NGTCP2_MAX_UDP_PAYLOAD_SIZE - 25 - 16 - 3;

/// What the connections of one endpoint share.
struct EndpointState {
  EndpointState(EndpointOptions endpoint_options, base::Random& randomness, base::Log& log_sink)
      : options(std::move(endpoint_options)),
        random(randomness),
        log(log_sink),
        secrets(options, randomness),
        ids(randomness),
        reset_tokens(randomness) {}

  EndpointOptions options;
  base::Random& random;
  base::Log& log;
  Secrets secrets;
  RoutingTable ids;           // by the connection ids that this side issued
  RoutingTable reset_tokens;  // by the tokens that servers have announced (RFC 9000, section 10.3)
  EventQueue events;
  LooseDatagrams loose;
  std::size_t alive = 0;        // connections whose Closed has not been told
  std::size_t handshaking = 0;  // accepted ones among them that have not finished their handshake
  EndpointStats stats;
};

/// Life of a connection:
///
///   alive ──close(), error──> closing ──transmit()──> lingering ──3 PTO──> gone
///     │──the peer closed, reset─────────────────────────^                   ^
///     └──idle, dropped──────────────────────────────────────────────────────┘
///
/// Closed is told on leaving `alive` (to a server only where EarlyReady or Connected was told before); from then on the
/// owner's calls do nothing. A lingering connection has freed all it held but its connection ids, for which it answers
/// late packets with the close packet, so that they are not taken for those of a forgotten connection.
///
/// No member function may be called from within an ngtcp2 or GnuTLS callback.
class Connection {
 public:
  /// More to send now; nothing to send until something happens; the sink is full.
  enum class Progress { more, idle, sink_full };

  static std::unique_ptr<Connection> connect(EndpointState& endpoint, ConnectionHandle handle,
                                             std::unique_ptr<TlsSession> tls, const base::Path& path, base::Now now);
  /// The same with a ticket and the transport parameters that came with it. nullptr where they are of no use any more.
  static std::unique_ptr<Connection> resume(EndpointState& endpoint, ConnectionHandle handle,
                                            std::unique_ptr<TlsSession> tls, const base::Path& path,
                                            base::ByteView early_parameters, base::Now now);
  static std::unique_ptr<Connection> accept(EndpointState& endpoint, ConnectionHandle handle,
                                            std::unique_ptr<TlsSession> tls, const Admission& admission,
                                            const base::Path& path, base::Now now);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  ConnectionHandle handle() const { return handle_; }
  bool alive() const { return stage_ == Stage::alive; }
  bool gone() const { return stage_ == Stage::gone; }

  /// True where transmit() is wanted now, false where deadline() is soon enough.
  bool receive(const base::Datagram& datagram, base::Now now);
  /// deadline() has come.
  void expire(base::Now now);
  /// Writes at most one train of packets.
  Progress transmit(base::DatagramSink& sink, base::Now now);
  /// When expire() is wanted; as the last transmit() or receive() found it.
  base::Instant deadline() const { return deadline_; }

  // As in Endpoint; only while alive().
  std::optional<StreamId> open_bidi_stream();
  std::optional<StreamId> open_uni_stream();
  void send(StreamId id, base::SharedBytes bytes);
  void finish(StreamId id);
  void reset(StreamId id, std::uint64_t code);
  std::size_t send_room(StreamId id) const;
  /// True where the peer should be told of the credit.
  bool consume(StreamId id, std::size_t bytes);
  bool send_datagram(base::Bytes bytes);
  void migrate(const base::Path& path, base::Now now);
  void probe(base::Now now);
  void close(std::uint64_t code, std::string reason);
  ConnectionInfo info() const;

  // Kept for the endpoint.
  Deadlines::Timer timer;
  bool dirty = false;  ///< stands in the endpoint's queue of connections that may have something to send

 private:
  friend struct Callbacks;
  friend struct BareClient;  // of the tests: does what this class never does
  enum class Stage { alive, closing, lingering, gone };
  using ConnectionPtr = std::unique_ptr<ngtcp2_conn, Deleter<ngtcp2_conn_del>>;

  Connection(EndpointState& endpoint, ConnectionHandle handle, std::unique_ptr<TlsSession> tls, const base::Path& path,
             bool server);
  ngtcp2_settings settings(base::Now now) const;
  ngtcp2_transport_params transport_parameters() const;
  void keep_alive_after(base::Duration silence);
  void adopt(ngtcp2_conn* connection);
  void forget_handshake();
  int read(const base::Datagram& datagram, const base::Path& path, base::Now now);
  bool note_in_flight(base::Now now);
  bool peer_takes_datagram(std::size_t bytes) const;
  bool is_stuck(base::Now now) const;

  // Connection ids (connection.cc).
  void register_id(const ngtcp2_cid& id);
  void retire_id(const ngtcp2_cid& id);
  void add_reset_token(const std::uint8_t* token);
  void remove_reset_token(const std::uint8_t* token);

  // What ngtcp2 tells (connection_callbacks.cc).
  void on_handshake_completed();
  void tell_early();
  void tell_ticket();
  void on_stream_data(StreamId id, std::uint64_t offset, base::ByteView bytes, bool fin);
  void extend_credit(StreamId id, std::uint64_t bytes);
  void on_acknowledged(StreamId id, std::size_t bytes);
  void on_stream_closed(StreamId id);
  void note_path(base::Instant now);

  // Second copies (connection_copies.cc).
  void watch_losses(base::Instant now);
  void wish(unsigned copies);
  void queue_wish();
  void on_datagram(base::ByteView bytes);
  bool is_newest_wish();
  void grant(unsigned copies);
  void take_copy(const Piece& piece);
  void on_datagram_acknowledged(std::uint64_t datagram);
  void on_datagram_lost(std::uint64_t datagram);
  bool copies_due(base::Instant now) const;
  ngtcp2_ssize write_copies(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now);

  // Sending (connection_transmit.cc).
  struct Train;
  /// ngtcp2's answer, and whether the DATAGRAM frame is in the packet.
  struct WrittenDatagram {
    ngtcp2_ssize result;
    bool accepted;
  };
  /// One that waits. A wish, of which at most one does, is acknowledged, or lost, under its number; others' is 0.
  struct QueuedDatagram {
    base::Bytes bytes;
    std::uint64_t number;
  };
  std::uint64_t bytes_in_flight() const;
  void note_sent(std::size_t size, std::uint64_t in_flight_before);
  ngtcp2_ssize write_packet(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now);
  WrittenDatagram write_datagram(std::span<std::uint8_t> out, PacketRoute& route, base::ByteView bytes,
                                 std::uint64_t number, ngtcp2_tstamp timestamp);
  ngtcp2_ssize write_queued_datagram(std::span<std::uint8_t> out, PacketRoute& route, ngtcp2_tstamp timestamp);
  ngtcp2_ssize write_stream_frame(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now);
  Progress fill(Train& train, base::Now now);
  bool has_said_all(base::Instant now) const;
  void tell_room(Stream& stream);
  void pause(ngtcp2_tstamp timestamp);
  void end_pause(base::Now now);
  base::Path path_of(const ngtcp2_path& path) const;

  // The end (connection_ending.cc).
  void fail(int error);
  void end_by_peer();
  void end(Stage stage, CloseKind kind, std::uint64_t code, std::string reason);
  void write_close(base::Now now);
  void linger(base::Now now);

  EndpointState& endpoint_;
  const ConnectionHandle handle_;
  const bool server_;
  Stage stage_ = Stage::alive;
  bool early_ = false;               // EarlyReady was told
  bool connected_ = false;           // Connected was told
  std::unique_ptr<TlsSession> tls_;  // server: only until the handshake is done
  ConnectionPtr conn_;               // null when lingering or gone
  std::vector<ngtcp2_cid> ids_;
  std::vector<ResetToken> reset_tokens_;  // client: how the server would prove that it has forgotten us
  NativePath path_;                       // the one that packets take now, as far as is known
  base::Path announced_path_;             // the one that the application was told
  bool path_validated_ = false;
  Streams streams_;
  std::list<QueuedDatagram> datagrams_;  // unreliable ones that wait; an empty deque would take half a KB
  std::uint64_t next_datagram_ = 1;
  LossWatch losses_seen_;                       // on the way from the peer
  unsigned copies_wished_ = 0;                  // what the peer was told, or is being told in
  std::uint64_t wish_datagram_ = 0;             // this one
  std::unique_ptr<SecondCopies> copies_;        // while the peer wishes some
  std::optional<std::uint64_t> wish_heard_in_;  // the packet that brought the peer's newest wish
  base::Instant last_heard_;
  AckPolicy acks_;
  Arrival arrival_;                         // what the datagram that is being read has brought so far
  std::uint64_t in_flight_bytes_ = 0;       // as the last transmit() or receive() found them
  base::Instant in_flight_since_;           // they have not changed, nor was anything acknowledged
  bool acknowledged_ = false;               // something was since the last receive()
  std::uint64_t unacknowledged_bytes_ = 0;  // of streams, sent; what is lost counts as long as it is not repaired
  std::uint64_t unsaid_credit_bytes_ = 0;   // consumed since the last transmit()
  base::Instant deadline_ = base::never;
  std::size_t unpaced_bytes_ = 0;  // sent since the last pause, or the last gap between packets
  base::Instant last_sent_;
  base::Instant pause_ends_ = base::never;  // of ngtcp2's pause between trains; nothing happened since it began
  bool probe_waits_ = false;                // probe() has asked, and no packet has gone that wants an answer
  base::Instant answer_due_ = base::never;  // the answer to probe(): if nothing is heard by then, it is over
  std::uint64_t packets_sent_ = 0;          // that want an acknowledgement
  LossCounter losses_;                      // client

  bool was_reset_ = false;  // a stateless reset came
  ngtcp2_ccerr close_error_{};
  std::string close_reason_;
  base::Bytes close_packet_;  // lingering: the answer to what still comes; empty when the peer closed
  std::uint64_t late_packets_ = 0;
};

}  // namespace confab::net

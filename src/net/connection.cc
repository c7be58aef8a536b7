// SPDX-License-Identifier: MIT
// Beginning and use of a connection; see connection_callbacks.cc, connection_transmit.cc and connection_ending.cc.
#include "net/connection.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "net/callbacks.h"
#include "net/packet_numbers.h"

namespace confab::net {

namespace {

/// Spare ids let either side change its path (RFC 9000, section 9.5); each costs a frame and a table entry.
constexpr std::uint64_t active_connection_ids = 4;

/// A peer that is told this many bytes may send datagrams as long as its packets.
constexpr std::uint64_t datagram_frame_bytes_max = 65'535;

/// Longer than a timeout of ours may grow in an outage that a connection is to outlive without a new handshake.
constexpr base::Duration stuck_max = std::chrono::seconds(10);

constexpr std::size_t datagrams_waiting_max = 16;

/// How long an acknowledgement may wait (net/ack_policy.h). A server hears most from those who listen and now and then
/// acknowledge what they hear; what it has to answer there travels with the next message, if that is not far. A client
/// asks little, but what it does ask it repeats after so long a time: hence the shorter wait at the server.
constexpr base::Duration server_ack_delay_max = std::chrono::milliseconds(100);
constexpr base::Duration client_ack_delay_max = std::chrono::milliseconds(400);
/// The peer's timer must not come before ours, which share turns with others.
constexpr base::Duration ack_timer_slack = std::chrono::milliseconds(25);

constexpr base::Duration ack_delay_max(bool server) { return server ? server_ack_delay_max : client_ack_delay_max; }

}  // namespace

Connection::Connection(EndpointState& endpoint, ConnectionHandle handle, std::unique_ptr<TlsSession> tls,
                       const base::Path& path, bool server)
    : endpoint_(endpoint),
      handle_(handle),
      server_(server),
      tls_(std::move(tls)),
      path_(path),
      announced_path_(path),
      acks_(ack_delay_max(server), server) {
  ++endpoint_.alive;
  if (server_) ++endpoint_.handshaking;
}

Connection::~Connection() {
  if (stage_ == Stage::alive) --endpoint_.alive;  // a resumption that came to nothing, or the endpoint goes
  for (const ngtcp2_cid& id : ids_) endpoint_.ids.remove(view_of(id), *this);
  for (const ResetToken& token : reset_tokens_) endpoint_.reset_tokens.remove(token, *this);
}

std::unique_ptr<Connection> Connection::connect(EndpointState& endpoint, ConnectionHandle handle,
                                                std::unique_ptr<TlsSession> tls, const base::Path& path,
                                                base::Now now) {
  std::unique_ptr<Connection> self(new Connection(endpoint, handle, std::move(tls), path, false));
  const ngtcp2_settings settings = self->settings(now);
  const ngtcp2_transport_params parameters = self->transport_parameters();
  const ngtcp2_cid own_id = make_connection_id(endpoint.random, endpoint.options.worker);
  // The server replaces it at once; random because the first packets' keys come from it.
  const ngtcp2_cid first_id = make_first_id(endpoint.random);
  ngtcp2_conn* conn = nullptr;
  require(ngtcp2_conn_client_new(&conn, &first_id, &own_id, self->path_.get(), NGTCP2_PROTO_VER_V1, &client_callbacks,
                                 &settings, &parameters, nullptr, self.get()),
          "QUIC connection");
  self->adopt(conn);
  self->register_id(own_id);
  self->keep_alive_after(endpoint.options.keep_alive);
  return self;
}

std::unique_ptr<Connection> Connection::resume(EndpointState& endpoint, ConnectionHandle handle,
                                               std::unique_ptr<TlsSession> tls, const base::Path& path,
                                               base::ByteView early_parameters, base::Now now) {
  auto self = connect(endpoint, handle, std::move(tls), path, now);
  const int result = ngtcp2_conn_decode_and_set_0rtt_transport_params(self->conn_.get(), early_parameters.data(),
                                                                      early_parameters.size());
  if (result != 0 || !self->tls_->begin()) return nullptr;
  self->tell_early();
  return self;
}

std::unique_ptr<Connection> Connection::accept(EndpointState& endpoint, ConnectionHandle handle,
                                               std::unique_ptr<TlsSession> tls, const Admission& admission,
                                               const base::Path& path, base::Now now) {
  std::unique_ptr<Connection> self(new Connection(endpoint, handle, std::move(tls), path, true));
  const ngtcp2_cid own_id = make_connection_id(endpoint.random, endpoint.options.worker);
  ngtcp2_settings settings = self->settings(now);
  ngtcp2_transport_params parameters = self->transport_parameters();
  parameters.original_dcid = admission.original_id;
  parameters.original_dcid_present = 1;
  parameters.stateless_reset_token_present = 1;
  const auto token = reset_token(endpoint.secrets, own_id);
  std::ranges::copy(token, parameters.stateless_reset_token);
  if (admission.address_proven) {
    parameters.retry_scid = admission.header.dcid;
    parameters.retry_scid_present = 1;
    settings.token = admission.header.token;
    settings.tokenlen = admission.header.tokenlen;
    settings.token_type = NGTCP2_TOKEN_TYPE_RETRY;
  }
  ngtcp2_conn* conn = nullptr;
  require(ngtcp2_conn_server_new(&conn, &admission.header.scid, &own_id, self->path_.get(), admission.header.version,
                                 &server_callbacks, &settings, &parameters, nullptr, self.get()),
          "QUIC connection");
  self->adopt(conn);
  self->register_id(own_id);
  // A ClientHello can span two packets, and the second one goes to the id that the client made up, too.
  self->register_id(admission.header.dcid);
  return self;
}

ngtcp2_settings Connection::settings(base::Now now) const {
  ngtcp2_settings settings;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = to_native(now.instant);
  settings.rand_ctx.native_handle = &endpoint_.random;
  settings.handshake_timeout = to_native(endpoint_.options.handshake_timeout);
  settings.max_tx_udp_payload_size = packet_bytes_max;
  settings.ack_thresh = 1;  // whatever is written acknowledges all; when something is written, we decide
  if (!server_) settings.qlog_write = client_qlog_write;
  return settings;
}

ngtcp2_transport_params Connection::transport_parameters() const {
  const EndpointOptions& options = endpoint_.options;
  ngtcp2_transport_params parameters;
  ngtcp2_transport_params_default(&parameters);
  parameters.initial_max_stream_data_bidi_local = options.stream_receive_window_bytes;
  parameters.initial_max_stream_data_bidi_remote = options.stream_receive_window_bytes;
  parameters.initial_max_stream_data_uni = options.stream_receive_window_bytes;
  parameters.initial_max_data = options.connection_receive_window_bytes;
  parameters.initial_max_streams_bidi = options.bidi_streams_max;
  parameters.initial_max_streams_uni = options.uni_streams_max;
  parameters.max_idle_timeout = to_native(options.idle_timeout);
  parameters.max_ack_delay = to_native(ack_delay_max(server_) + ack_timer_slack);
  parameters.active_connection_id_limit = active_connection_ids;
  parameters.max_datagram_frame_size = datagram_frame_bytes_max;
  return parameters;
}

/// 0: never.
void Connection::keep_alive_after(base::Duration silence) {
  ngtcp2_conn_set_keep_alive_timeout(conn_.get(), to_native(silence));
}

void Connection::adopt(ngtcp2_conn* connection) {
  conn_.reset(connection);
  tls_->attach(connection);
}

void Connection::register_id(const ngtcp2_cid& id) {
  ids_.push_back(id);
  endpoint_.ids.add(view_of(id), *this);
}

void Connection::retire_id(const ngtcp2_cid& id) {
  endpoint_.ids.remove(view_of(id), *this);
  std::erase_if(ids_, [&id](const ngtcp2_cid& each) { return ngtcp2_cid_eq(&each, &id) != 0; });
}

void Connection::add_reset_token(const std::uint8_t* token) {
  std::copy_n(token, sizeof(ResetToken), reset_tokens_.emplace_back().begin());
  endpoint_.reset_tokens.add(reset_tokens_.back(), *this);
}

void Connection::remove_reset_token(const std::uint8_t* token) {
  const base::ByteView view(token, sizeof(ResetToken));
  endpoint_.reset_tokens.remove(view, *this);
  std::erase_if(reset_tokens_, [&view](const ResetToken& each) { return std::ranges::equal(each, view); });
}

bool Connection::receive(const base::Datagram& datagram, base::Now now) {
  if (stage_ == Stage::lingering) {
    // Ever more rarely, so that two closed ends do not keep each other busy (RFC 9000, section 10.2.1).
    ++late_packets_;
    const bool power_of_two = (late_packets_ & (late_packets_ - 1)) == 0;
    if (power_of_two && !close_packet_.empty()) endpoint_.loose.push(path_.path(), close_packet_);
  }
  if (stage_ != Stage::alive) return true;

  end_pause(now);
  base::Path path = datagram.path;
  // A client's socket may be bound to no address in particular, and what the kernel then says of a datagram's own end
  // is no change of path. Another port is another socket.
  const base::Address& own = path_.path().local;
  if (!server_ && (own.port == 0 || own.port == path.local.port)) path.local = own;
  const int result = read(datagram, path, now);
  if (result != 0) {
    fail(result);
    return true;
  }
  watch_losses(now.instant);
  last_heard_ = now.instant;
  answer_due_ = base::never;
  if (server_ && connected_ && tls_ != nullptr) forget_handshake();
  note_path(now.instant);
  tell_ticket();
  const bool news_of_ours = note_in_flight(now);
  if (is_stuck(now)) {
    fail(NGTCP2_ERR_NO_VIABLE_PATH);
    return true;
  }
  if (losses_seen_.lost() > 0) acks_.lost(now.instant);
  acks_.received(arrival_, now.instant);
  // Where nothing is in flight, nothing else has to be done soon.
  deadline_ = in_flight_bytes_ == 0 ? acks_.due() : std::min(deadline_, acks_.due());
  // What is acknowledged may show that something else was lost: then there is more in flight, or less than is open.
  const bool may_repair = news_of_ours && (in_flight_bytes_ > 0 || unacknowledged_bytes_ > 0);
  return acks_.due() <= now.instant || may_repair || streams_.front() != nullptr || !datagrams_.empty();
}

/// The TLS session is most of what an idle member's memory would be; the keys are ngtcp2's by now. (A client's waits
/// for tickets.)
void Connection::forget_handshake() {
  ngtcp2_conn_set_tls_native_handle(conn_.get(), nullptr);
  tls_.reset();
}

int Connection::read(const base::Datagram& datagram, const base::Path& path, base::Now now) {
  const ngtcp2_pkt_info info{.ecn = static_cast<std::uint8_t>(datagram.ecn & NGTCP2_ECN_MASK)};
  const bool congested = info.ecn == NGTCP2_ECN_CE;
  const bool known_path = path == path_.path();
  take_noted_number();  // of a packet that ended its connection
  arrival_ = {.datagram_bytes = datagram.bytes.size(), .urgent = congested || !known_path || !connected_};
  if (known_path) {
    return ngtcp2_conn_read_pkt(conn_.get(), path_.get(), &info, datagram.bytes.data(), datagram.bytes.size(),
                                to_native(now.instant));
  }
  const NativePath native(path);
  return ngtcp2_conn_read_pkt(conn_.get(), native.get(), &info, datagram.bytes.data(), datagram.bytes.size(),
                              to_native(now.instant));
}

/// True where something has become of what was in flight.
bool Connection::note_in_flight(base::Now now) {
  const std::uint64_t before = std::exchange(in_flight_bytes_, bytes_in_flight());
  const bool changed = std::exchange(acknowledged_, false) || before != in_flight_bytes_;
  if (changed) in_flight_since_ = now.instant;
  return changed;
}

/// ngtcp2 drops its loss timer when a new address that is not proven yet may be sent no more (RFC 9000, section 8), and
/// sets it again only with the next packet that wants an acknowledgement. Where the congestion window is full there is
/// none: the peer is heard and answered for ever, and what was lost is never sent again. Such a connection is given up;
/// the client comes back at once and goes on where it was.
bool Connection::is_stuck(base::Now now) const {
  return server_ && in_flight_bytes_ > 0 && now.instant - in_flight_since_ >= stuck_max &&
         ngtcp2_conn_get_cwnd_left(conn_.get()) < NGTCP2_MAX_UDP_PAYLOAD_SIZE;
}

void Connection::expire(base::Now now) {
  if (stage_ == Stage::lingering) stage_ = Stage::gone;
  if (stage_ != Stage::alive) return;
  end_pause(now);
  const int result = ngtcp2_conn_handle_expiry(conn_.get(), to_native(now.instant));
  if (result != 0) {
    fail(result);
  } else if (answer_due_ <= now.instant) {
    fail(NGTCP2_ERR_IDLE_CLOSE);
  }
}

std::optional<StreamId> Connection::open_bidi_stream() {
  StreamId id;
  if (ngtcp2_conn_open_bidi_stream(conn_.get(), &id, nullptr) != 0) return std::nullopt;
  streams_.open(id, true);
  return id;
}

std::optional<StreamId> Connection::open_uni_stream() {
  StreamId id;
  if (ngtcp2_conn_open_uni_stream(conn_.get(), &id, nullptr) != 0) return std::nullopt;
  streams_.open(id, true);
  return id;
}

void Connection::send(StreamId id, base::SharedBytes bytes) {
  Stream* stream = streams_.find(id);
  if (stream == nullptr || !stream->can_send) return;
  stream->sending.push(std::move(bytes));
  if (stream->sending.unsent_bytes() >= endpoint_.options.send_high_water_bytes) stream->starved = true;
  streams_.update(*stream);
}

void Connection::finish(StreamId id) {
  Stream* stream = streams_.find(id);
  if (stream == nullptr || !stream->can_send || !stream->sending.open()) return;
  stream->sending.finish();
  streams_.update(*stream);
}

void Connection::reset(StreamId id, std::uint64_t code) {
  Stream* stream = streams_.find(id);
  if (stream == nullptr || !stream->can_send) return;
  stream->sending.abandon();
  if (copies_) copies_->forget(id);
  ngtcp2_conn_shutdown_stream_write(conn_.get(), 0, id, code);
}

std::size_t Connection::send_room(StreamId id) const {
  const Stream* stream = streams_.find(id);
  if (stream == nullptr || !stream->can_send || !stream->sending.open()) return 0;
  const std::size_t high_water = endpoint_.options.send_high_water_bytes;
  return high_water - std::min(high_water, stream->sending.unsent_bytes());
}

bool Connection::consume(StreamId id, std::size_t bytes) {
  Stream* stream = streams_.find(id);
  // A stream that is closed has given its credit back.
  if (stream == nullptr) return false;
  extend_credit(id, stream->receiving.consumed(bytes));
  // ngtcp2 tells the peer of credit when half of a window is used up: the peer has a quarter left, then, at the least.
  return unsaid_credit_bytes_ >= endpoint_.options.stream_receive_window_bytes / 4;
}

void Connection::extend_credit(StreamId id, std::uint64_t bytes) {
  if (bytes == 0) return;
  ngtcp2_conn_extend_max_stream_offset(conn_.get(), id, bytes);
  ngtcp2_conn_extend_max_offset(conn_.get(), bytes);
  unsaid_credit_bytes_ += bytes;
}

/// So many bytes and the frame's head.
bool Connection::peer_takes_datagram(std::size_t bytes) const {
  const ngtcp2_transport_params* peer = ngtcp2_conn_get_remote_transport_params(conn_.get());
  return peer != nullptr && peer->max_datagram_frame_size >= bytes + 3;
}

bool Connection::send_datagram(base::Bytes bytes) {
  if (!connected_ || bytes.size() > datagram_bytes_max || datagrams_.size() >= datagrams_waiting_max) return false;
  if (!peer_takes_datagram(bytes.size())) return false;
  assert(!is_transport_datagram(bytes));
  datagrams_.push_back({std::move(bytes), 0});
  return true;
}

void Connection::migrate(const base::Path& path, base::Now now) {
  end_pause(now);
  const NativePath native(path);
  if (ngtcp2_conn_initiate_immediate_migration(conn_.get(), native.get(), to_native(now.instant)) != 0) return;
  path_.set(path);
}

/// ngtcp2 sends a PING when its keep-alive comes due, and at no other wish of ours: so it is due now, until a packet
/// has gone that wants an answer (note_sent()).
void Connection::probe(base::Now now) {
  if (server_ || !connected_) return;
  keep_alive_after(base::Duration(1));
  probe_waits_ = true;
  const base::Duration pto(ngtcp2_conn_get_pto(conn_.get()));
  answer_due_ = now.instant + std::max(probe_patience, 3 * pto);
}

ConnectionInfo Connection::info() const {
  ngtcp2_conn_info native;
  ngtcp2_conn_get_conn_info(conn_.get(), &native);
  const bool measured = native.min_rtt != UINT64_MAX;
  return {.path = path_.path(),
          .smoothed_rtt = base::Duration(measured ? native.smoothed_rtt : 0),
          .latest_rtt = base::Duration(measured ? native.latest_rtt : 0),
          .min_rtt = base::Duration(measured ? native.min_rtt : 0),
          .packets_sent = packets_sent_,
          .packets_lost = losses_.packets_lost(),
          .congestion_window_bytes = native.cwnd,
          .in_flight_bytes = native.bytes_in_flight,
          .last_heard = last_heard_};
}

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// From ngtcp2's callbacks to the connection's members and the endpoint's events. Nothing here calls back into ngtcp2
// but what its manual allows inside callbacks: extending credit, reading state.
#include <algorithm>
#include <cassert>
#include <utility>

#include <ngtcp2/ngtcp2_crypto.h>

#include "net/callbacks.h"
#include "net/connection.h"
#include "net/packet_numbers.h"

namespace confab::net {

struct Callbacks {
  static Connection& self(void* user_data) { return *static_cast<Connection*>(user_data); }

  /// A client has nothing to say to TLS after its handshake: QUIC does without key updates by TLS and without late
  /// authentication (RFC 9001, sections 4.4 and 6). What did arrive twice does not come here.
  static int recv_client_crypto_data(ngtcp2_conn* conn, ngtcp2_encryption_level level, std::uint64_t offset,
                                     const std::uint8_t* data, std::size_t size, void* user_data) {
    if (self(user_data).tls_ != nullptr) {
      return ngtcp2_crypto_recv_crypto_data_cb(conn, level, offset, data, size, user_data);
    }
    ngtcp2_conn_set_tls_alert(conn, GNUTLS_A_UNEXPECTED_MESSAGE);
    return NGTCP2_ERR_CRYPTO;
  }

  static int handshake_completed(ngtcp2_conn*, void* user_data) {
    self(user_data).on_handshake_completed();
    return 0;
  }

  static int recv_stream_data(ngtcp2_conn*, std::uint32_t flags, StreamId id, std::uint64_t offset,
                              const std::uint8_t* data, std::size_t size, void* user_data, void*) {
    self(user_data).on_stream_data(id, offset, {data, size}, (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
    return 0;
  }

  static int acked_stream_data_offset(ngtcp2_conn*, StreamId id, std::uint64_t, std::uint64_t size, void* user_data,
                                      void*) {
    self(user_data).on_acknowledged(id, size);
    return 0;
  }

  static int stream_open(ngtcp2_conn*, StreamId id, void* user_data) {
    Connection& connection = self(user_data);
    if (!connection.connected_) connection.tell_early();
    connection.streams_.open(id, ngtcp2_is_bidi_stream(id) != 0);
    return 0;
  }

  static int stream_close(ngtcp2_conn*, std::uint32_t, StreamId id, std::uint64_t, void* user_data, void*) {
    self(user_data).on_stream_closed(id);
    return 0;
  }

  static int stream_reset(ngtcp2_conn*, StreamId id, std::uint64_t, std::uint64_t code, void* user_data, void*) {
    Connection& connection = self(user_data);
    if (Stream* stream = connection.streams_.find(id)) stream->receiving.close();
    connection.arrival_.urgent = true;
    connection.endpoint_.events.push(events::StreamReset{connection.handle(), id, code});
    return 0;
  }

  static int extend_max_stream_data(ngtcp2_conn*, StreamId id, std::uint64_t, void* user_data, void*) {
    Streams& streams = self(user_data).streams_;
    if (Stream* stream = streams.find(id)) {
      stream->blocked = false;
      streams.update(*stream);
    }
    return 0;
  }

  static int recv_datagram(ngtcp2_conn*, std::uint32_t, const std::uint8_t* data, std::size_t size, void* user_data) {
    Connection& connection = self(user_data);
    connection.arrival_.delivered_bytes += size;
    connection.on_datagram({data, size});
    return 0;
  }

  static int ack_datagram(ngtcp2_conn*, std::uint64_t number, void* user_data) {
    self(user_data).on_datagram_acknowledged(number);
    return 0;
  }

  static int lost_datagram(ngtcp2_conn*, std::uint64_t number, void* user_data) {
    self(user_data).on_datagram_lost(number);
    return 0;
  }

  static int recv_stateless_reset(ngtcp2_conn*, const ngtcp2_pkt_stateless_reset*, void* user_data) {
    self(user_data).was_reset_ = true;
    return 0;
  }

  static int path_validation(ngtcp2_conn*, std::uint32_t, const ngtcp2_path*, const ngtcp2_path*,
                             ngtcp2_path_validation_result result, void* user_data) {
    if (result == NGTCP2_PATH_VALIDATION_RESULT_SUCCESS) self(user_data).path_validated_ = true;
    self(user_data).arrival_.urgent = true;
    return 0;
  }

  static void rand(std::uint8_t* out, std::size_t size, const ngtcp2_rand_ctx* context) {
    static_cast<base::Random*>(context->native_handle)->fill({out, size});
  }

  static int get_path_challenge_data(ngtcp2_conn*, std::uint8_t* data, void* user_data) {
    self(user_data).endpoint_.random.fill({data, NGTCP2_PATH_CHALLENGE_DATALEN});
    return 0;
  }

  static int get_new_connection_id(ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t, void* user_data) {
    Connection& connection = self(user_data);
    *id = make_connection_id(connection.endpoint_.random, connection.endpoint_.options.worker);
    const auto made = reset_token(connection.endpoint_.secrets, *id);
    std::ranges::copy(made, token);
    connection.register_id(*id);
    return 0;
  }

  static int remove_connection_id(ngtcp2_conn*, const ngtcp2_cid* id, void* user_data) {
    self(user_data).retire_id(*id);
    return 0;
  }

  static void qlog_write(void* user_data, std::uint32_t, const void* record, std::size_t size) {
    self(user_data).losses_.read({static_cast<const char*>(record), size});
  }

  /// Only a client is told of resets by an id that it may not know: see Endpoint::Impl::find_reset().
  static int dcid_status(ngtcp2_conn*, ngtcp2_connection_id_status_type type, std::uint64_t, const ngtcp2_cid*,
                         const std::uint8_t* token, void* user_data) {
    Connection& connection = self(user_data);
    if (token == nullptr) return 0;
    if (type == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE) {
      connection.add_reset_token(token);
    } else {
      connection.remove_reset_token(token);
    }
    return 0;
  }
};

namespace {

/// What they take at the most is half of it.
constexpr std::size_t early_parameters_bytes_max = 256;

/// The part that both sides share.
constexpr ngtcp2_callbacks common_callbacks() {
  ngtcp2_callbacks callbacks{};
  callbacks.encrypt = ngtcp2_crypto_encrypt_cb;
  callbacks.decrypt = decrypt_and_note;
  callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb;
  callbacks.update_key = ngtcp2_crypto_update_key_cb;
  callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
  callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
  callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
  callbacks.handshake_completed = Callbacks::handshake_completed;
  callbacks.recv_stream_data = Callbacks::recv_stream_data;
  callbacks.acked_stream_data_offset = Callbacks::acked_stream_data_offset;
  callbacks.stream_open = Callbacks::stream_open;
  callbacks.stream_close = Callbacks::stream_close;
  callbacks.stream_reset = Callbacks::stream_reset;
  callbacks.extend_max_stream_data = Callbacks::extend_max_stream_data;
  callbacks.recv_datagram = Callbacks::recv_datagram;
  callbacks.ack_datagram = Callbacks::ack_datagram;
  callbacks.lost_datagram = Callbacks::lost_datagram;
  callbacks.path_validation = Callbacks::path_validation;
  callbacks.rand = Callbacks::rand;
  callbacks.get_path_challenge_data = Callbacks::get_path_challenge_data;
  callbacks.get_new_connection_id = Callbacks::get_new_connection_id;
  callbacks.remove_connection_id = Callbacks::remove_connection_id;
  return callbacks;
}

constexpr ngtcp2_callbacks make_server_callbacks() {
  ngtcp2_callbacks callbacks = common_callbacks();
  callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
  callbacks.recv_crypto_data = Callbacks::recv_client_crypto_data;
  return callbacks;
}

constexpr ngtcp2_callbacks make_client_callbacks() {
  ngtcp2_callbacks callbacks = common_callbacks();
  callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
  callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
  callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
  callbacks.recv_stateless_reset = Callbacks::recv_stateless_reset;
  callbacks.dcid_status = Callbacks::dcid_status;
  return callbacks;
}

}  // namespace

constinit const ngtcp2_callbacks server_callbacks = make_server_callbacks();
constinit const ngtcp2_callbacks client_callbacks = make_client_callbacks();

void client_qlog_write(void* user_data, std::uint32_t flags, const void* record, std::size_t size) {
  Callbacks::qlog_write(user_data, flags, record, size);
}

void Connection::on_handshake_completed() {
  connected_ = true;
  const bool early_accepted = early_ && tls_->early_accepted();
  if (server_) {
    // What came early may have been lost: then it comes now, and is still what the client made of the early exporter.
    if (tls_->early_accepted()) tell_early();
    --endpoint_.handshaking;
    tls_->send_ticket();
  } else if (early_ && !early_accepted) {
    ngtcp2_conn_tls_early_data_rejected(conn_.get());
    streams_.clear();
    unacknowledged_bytes_ = 0;
  }
  endpoint_.events.push(events::Connected{handle_, path_.path(), tls_->exporter(), tls_->resumed(), early_accepted});
}

/// Once, where early data may be sent or have come.
void Connection::tell_early() {
  const auto& exporter = tls_->early_exporter();
  if (!exporter || std::exchange(early_, true)) return;
  endpoint_.events.push(events::EarlyReady{handle_, path_.path(), *exporter});
}

/// A server sends a ticket after the handshake.
void Connection::tell_ticket() {
  if (server_) return;
  auto session = tls_->take_ticket();
  if (!session) return;
  base::Bytes parameters(early_parameters_bytes_max);
  const ngtcp2_ssize size = ngtcp2_conn_encode_0rtt_transport_params(conn_.get(), parameters.data(), parameters.size());
  if (size < 0) return;
  parameters.resize(static_cast<std::size_t>(size));
  base::Bytes bytes = write_resumption({.server = tls_->server(),
                                        .server_name = tls_->server_name(),
                                        .transport_parameters = std::move(parameters),
                                        .session = *std::move(session)});
  if (!bytes.empty()) endpoint_.events.push(events::Resumption{handle_, std::move(bytes)});
}

void Connection::on_stream_data(StreamId id, std::uint64_t offset, base::ByteView bytes, bool fin) {
  Stream* stream = streams_.find(id);
  assert(stream != nullptr);
  arrival_.delivered_bytes += bytes.size();
  extend_credit(id, stream->receiving.arrived(bytes.size()));
  stream->receiving.take(offset, bytes, [&](base::ByteView next) {
    endpoint_.events.push_stream_data(handle_, id, next, false, !connected_);
  });
  if (!fin) return;
  arrival_.urgent = true;
  stream->receiving.close();
  endpoint_.events.push_stream_data(handle_, id, {}, true, !connected_);
}

void Connection::on_acknowledged(StreamId id, std::size_t bytes) {
  acknowledged_ = true;
  Stream* stream = streams_.find(id);
  if (stream == nullptr) return;
  stream->sending.acknowledged(bytes);
  unacknowledged_bytes_ -= bytes;
  if (copies_) copies_->acknowledged(id, stream->sending.acknowledged_bytes());
}

void Connection::on_stream_closed(StreamId id) {
  Stream* stream = streams_.find(id);
  if (stream == nullptr) return;
  arrival_.urgent = true;
  unacknowledged_bytes_ -= stream->sending.unacknowledged_bytes();
  // What the application has not consumed would count against the connection for ever.
  ngtcp2_conn_extend_max_offset(conn_.get(), stream->receiving.uncredited());
  if (ngtcp2_conn_is_local_stream(conn_.get(), id) == 0) {
    if (ngtcp2_is_bidi_stream(id) != 0) {
      ngtcp2_conn_extend_max_streams_bidi(conn_.get(), 1);
    } else {
      ngtcp2_conn_extend_max_streams_uni(conn_.get(), 1);
    }
  }
  streams_.erase(*stream);
  endpoint_.events.push(events::StreamClosed{handle_, id});
}

/// A path was validated: if it is the one that packets take now, the application is told once.
void Connection::note_path(base::Instant now) {
  if (!std::exchange(path_validated_, false)) return;
  const base::Path current = path_of(*ngtcp2_conn_get_path(conn_.get()));
  if (current == announced_path_) return;
  path_.set(current);
  announced_path_ = current;
  losses_seen_.forget(now);
  wish(losses_seen_.copies_wanted());
  endpoint_.events.push(events::PathChanged{handle_, current});
}

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// Every way a connection ends, what the application is told of it, and what the peer is told (RFC 9000, section 10).
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "net/callbacks.h"
#include "net/connection.h"

namespace confab::net {

namespace {

/// The close packet must hold it beside everything else.
constexpr std::size_t reason_bytes_max = 256;

/// A transport error from here to the 255 above stands for a TLS alert (RFC 9001, section 4.8).
bool is_tls_alert(std::uint64_t code) { return code >= NGTCP2_CRYPTO_ERROR && code <= NGTCP2_CRYPTO_ERROR + 0xFF; }

std::string alert_sentence(std::uint64_t alert) {
  if (alert == GNUTLS_A_NO_APPLICATION_PROTOCOL) return "the other side does not speak confab/1";
  const char* name = gnutls_alert_get_name(static_cast<gnutls_alert_description_t>(alert));
  return fmt::format("TLS: {}", name == nullptr ? "unknown alert" : name);
}

}  // namespace

void Connection::close(std::uint64_t code, std::string reason) {
  close_reason_ = base::prefix_within(reason, reason_bytes_max);
  ngtcp2_ccerr_set_application_error(&close_error_, code, base::as_bytes(close_reason_).data(), close_reason_.size());
  end(Stage::closing, CloseKind::local, code, std::move(reason));
}

/// ngtcp2 answered a packet or a timer with this error.
void Connection::fail(int error) {
  switch (error) {
    case NGTCP2_ERR_DRAINING:
      end_by_peer();
      return;
    case NGTCP2_ERR_IDLE_CLOSE:
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
      end(Stage::gone, CloseKind::idle, 0, "no answer");
      return;
    case NGTCP2_ERR_DROP_CONN:  // nothing that could be answered
    case NGTCP2_ERR_RETRY:      // ngtcp2 wants the address proven, which the front door has to decide first
      end(Stage::gone, CloseKind::transport, 0, ngtcp2_strerror(error));
      return;
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
      end(Stage::gone, CloseKind::handshake_failed, 0, "the server speaks another version of QUIC");
      return;
    case NGTCP2_ERR_CRYPTO: {
      const std::uint8_t alert = ngtcp2_conn_get_tls_alert(conn_.get());
      ngtcp2_ccerr_set_tls_alert(&close_error_, alert, nullptr, 0);
      const bool untrusted = tls_ != nullptr && tls_->refused().has_value();
      end(Stage::closing, untrusted ? CloseKind::untrusted : CloseKind::handshake_failed, alert,
          untrusted ? "the server's key is not trusted" : alert_sentence(alert));
      return;
    }
    default:
      ngtcp2_ccerr_set_liberr(&close_error_, error, nullptr, 0);
      end(Stage::closing, CloseKind::transport, close_error_.error_code, ngtcp2_strerror(error));
  }
}

void Connection::end_by_peer() {
  if (was_reset_) {
    end(Stage::closing, CloseKind::reset, 0, "the server has forgotten this connection");
    return;
  }
  const ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(conn_.get());
  std::string reason(base::as_text({error->reason, error->reasonlen}));
  if (error->type == NGTCP2_CCERR_TYPE_APPLICATION) {
    end(Stage::closing, CloseKind::peer, error->error_code, std::move(reason));
  } else if (is_tls_alert(error->error_code)) {
    const std::uint64_t alert = error->error_code - NGTCP2_CRYPTO_ERROR;
    end(Stage::closing, CloseKind::handshake_failed, alert, alert_sentence(alert));
  } else {
    if (error->error_code == NGTCP2_CONNECTION_REFUSED) reason = "the server is full";
    end(Stage::closing, CloseKind::transport, error->error_code, std::move(reason));
  }
}

/// Leaves Stage::alive. ngtcp2's machine stays until transmit(): we may be called for by it.
void Connection::end(Stage stage, CloseKind kind, std::uint64_t code, std::string reason) {
  endpoint_.log.debug("net", "connection {} ended: {}", handle_, reason);
  stage_ = stage;
  --endpoint_.alive;
  if (server_ && !connected_) --endpoint_.handshaking;
  // A server's application has not heard of connections whose handshake failed.
  if (server_ && !connected_ && !early_) return;
  endpoint_.events.push(
      events::Closed{handle_, kind, code, std::move(reason), tls_ == nullptr ? std::nullopt : tls_->refused()});
}

void Connection::write_close(base::Now now) {
  // The peer closed: nothing is sent any more, and nothing answered (RFC 9000, section 10.2.2).
  if (ngtcp2_conn_in_draining_period(conn_.get()) != 0) {
    linger(now);
    return;
  }
  std::array<std::uint8_t, packet_bytes_max> packet;
  PacketRoute route;
  const ngtcp2_ssize size =
      ngtcp2_conn_write_connection_close(conn_.get(), &route.storage.path, &route.info, packet.data(), packet.size(),
                                         &close_error_, to_native(now.instant));
  if (size > 0) {
    close_packet_.assign(packet.begin(), packet.begin() + size);
    endpoint_.loose.push(path_of(route.storage.path), close_packet_, route.info.ecn);
  }
  linger(now);
}

void Connection::linger(base::Now now) {
  // An end that never spoke to the other's application leaves no packets behind that would be worth an answer.
  stage_ = connected_ ? Stage::lingering : Stage::gone;
  deadline_ = now.instant + 3 * base::Duration(ngtcp2_conn_get_pto(conn_.get()));
  conn_.reset();
  tls_.reset();
  streams_.clear();
  datagrams_.clear();
}

}  // namespace confab::net
